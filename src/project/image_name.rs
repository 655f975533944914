//! Holds an image's name as kustomizations replace it, for the index of them.

use crate::image::Reference;
use crate::kubernetes::ImageOverride;

/// An image by the parts that a kustomization replaces, each as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ImageName {
    name: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageName {
    pub(super) fn of_reference(image: &Reference) -> Self {
        let name = image.text()[..image.repository_span().end].to_owned();
        let digest = image.text().split_once('@').map(|(_, digest)| digest.to_owned());
        Self { name, tag: image.tag().map(str::to_owned), digest }
    }

    /// The image after an override; the same where that is of another image (kustomize, `images`: a tag takes the
    /// digest's place, and a digest the tag's unless a tag is given beside it).
    pub(super) fn replace_by(mut self, by: &ImageOverride) -> Self {
        if self.name != by.name {
            return self;
        }
        if by.new_tag.is_some() || by.digest.is_some() {
            (self.tag, self.digest) = (by.new_tag.clone(), by.digest.clone());
        }
        if let Some(name) = &by.new_name {
            self.name.clone_from(name);
        }
        self
    }

    pub(super) fn to_reference(&self) -> Option<Reference> {
        let tag = self.tag.iter().map(|tag| format!(":{tag}"));
        let digest = self.digest.iter().map(|digest| format!("@{digest}"));
        let parts: String = tag.chain(digest).collect();
        Reference::parse(&format!("{}{parts}", self.name)).ok()
    }
}
