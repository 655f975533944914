//! The repository as a rule sees it, perhaps with some files as they would be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{BuildFacts, ContainerKey, Facts, Index, Link, Who};
use crate::repo::RelPath;
use crate::rules::ContainerView;
use crate::settings::Settings;

/// The index, with the facts of some files replaced by those of their text after a fix.
#[derive(Clone, Copy)]
pub struct Repository<'a> {
    index: &'a Index,
    instead: Option<&'a HashMap<RelPath, Facts>>,
}

impl<'a> Repository<'a> {
    #[must_use]
    pub const fn new(index: &'a Index) -> Self {
        Self { index, instead: None }
    }

    /// The same repository, if those files said this.
    #[must_use]
    pub const fn with(index: &'a Index, instead: &'a HashMap<RelPath, Facts>) -> Self {
        Self { index, instead: Some(instead) }
    }

    #[must_use]
    pub const fn index(self) -> &'a Index {
        self.index
    }

    /// The Dockerfile that builds the container's image.
    #[must_use]
    pub fn link(self, view: ContainerView<'_>) -> Option<&'a Link> {
        self.link_of(&ContainerKey { path: view.pod.path.clone(), at: view.pod.at, container: view.index })
    }

    #[must_use]
    pub fn link_of(self, key: &ContainerKey) -> Option<&'a Link> {
        if self.index.base.is_root() {
            return self.index.links.get(key);
        }
        let path = self.index.base.path_in_repository(&key.path);
        self.index.links.get(&ContainerKey { path, ..key.clone() })
    }

    /// What the linked Dockerfile says.
    #[must_use]
    pub fn build(self, link: &Link) -> Option<&'a BuildFacts> {
        let instead = self.instead.and_then(|files| files.get(&link.dockerfile));
        match instead.or_else(|| self.index.facts(&link.dockerfile))? {
            Facts::Build(build) => Some(build),
            Facts::Manifest(_) => None,
        }
    }

    /// As whom the image of a Dockerfile should run.
    #[must_use]
    pub fn who(self, dockerfile: &RelPath) -> Option<Who> {
        self.index.numbers.of(&self.index.base.path_in_repository(dockerfile))
    }

    /// A uid for an image that nothing here builds, and those that apps here have.
    #[must_use]
    pub fn free_uid(self, image: &str, settings: &Settings) -> (u32, BTreeSet<u32>) {
        self.index.numbers.free(image, settings)
    }

    /// Whether the ServiceAccount lets its token be mounted, where the repository says.
    #[must_use]
    pub fn automounts(self, namespace: &str, account: &str) -> Option<bool> {
        self.index.grants.automounts(namespace, account)
    }

    /// The roles bound to the ServiceAccount in the repository, in the order of the files.
    #[must_use]
    pub fn roles(self, namespace: &str, account: &str) -> Vec<&'a str> {
        self.index.grants.roles(namespace, account)
    }

    #[must_use]
    pub fn is_patch(self, path: &RelPath, document: usize) -> bool {
        self.index.is_patch(path, document)
    }

    /// Whether a kustomization gives the file's objects their namespace.
    #[must_use]
    pub fn has_namespace_from_elsewhere(self, path: &RelPath) -> bool {
        self.index.kustomizations.gives_namespace(self.index.base.path_in_repository(path).as_str())
    }

    #[must_use]
    pub fn has_network_policies(self) -> bool {
        !self.index.policies.is_empty()
    }

    /// Whether any NetworkPolicy selects pods of the file with this namespace and these labels; none where that cannot
    /// be told. Where kustomizations give the namespace, theirs counts.
    #[must_use]
    pub fn is_selected(
        self,
        path: &RelPath,
        namespace: &str,
        labels: &BTreeMap<String, String>,
    ) -> Option<bool> {
        let path = self.index.base.path_in_repository(path);
        self.index.policies.select(&self.index.kustomizations.places(path.as_str(), namespace), labels)
    }
}
