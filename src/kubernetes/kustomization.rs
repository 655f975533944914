//! Reads kustomizations, for the repository: what they build on, and which files are patches rather than objects.

use std::sync::Arc;

use serde::Deserialize;

use super::pod::Pod;
use super::{ManifestDocument, ManifestObject};
use crate::yaml::{Lenient, LenientList, MAX_YAML_BYTES, load_tree, split_documents, yaml_document};

/// The fields of a kustomization that bear on other files. Paths are relative to its folder, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kustomization {
    /// Files, folders and addresses that it builds on: resources, bases and components.
    pub resources: Vec<String>,
    /// Files that hold patches.
    pub patches: Vec<String>,
    pub images: Vec<ImageOverride>,
    /// Set on every object that it builds.
    pub namespace: Option<String>,
    /// True where its text is broken, so that it may name patches that nobody can read.
    pub hides_patches: bool,
}

/// A kustomization's override of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageOverride {
    /// The image's name in the resources, without tag and digest.
    pub name: String,
    pub new_name: Option<String>,
    pub new_tag: Option<String>,
    pub digest: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct KustomizationFields {
    resources: LenientList<String>,
    bases: LenientList<String>,
    components: LenientList<String>,
    patches: LenientList<KustomizationPatch>,
    patches_strategic_merge: LenientList<String>,
    #[serde(rename = "patchesJson6902")]
    patches_json: LenientList<KustomizationPatch>,
    images: LenientList<KustomizationImage>,
    namespace: Lenient<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KustomizationPatch {
    path: Lenient<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct KustomizationImage {
    name: Lenient<String>,
    new_name: Lenient<String>,
    new_tag: Lenient<String>,
    digest: Lenient<String>,
}

/// Reads a file whose name makes it a kustomization: its text need not. None where it is no YAML mapping.
#[must_use]
pub fn read_kustomization(text: &str) -> Option<Kustomization> {
    let text: &Arc<str> = &text.strip_prefix('\u{feff}').unwrap_or(text).into();
    let slice =
        split_documents::split_documents(text).first().copied().filter(|_| text.len() <= MAX_YAML_BYTES)?;
    let tree = load_tree::load_tree(text, slice).ok()?;
    let root = tree.root().filter(|root| tree.is_mapping(*root))?;
    Some(yaml_document::deserialize_node(&tree, root))
}

/// What can be read of a file whose name makes it a kustomization, as while somebody types: of a broken text each field
/// that is whole.
#[must_use]
pub fn read_any_kustomization(text: &str) -> Kustomization {
    read_kustomization(text).unwrap_or_else(|| {
        let mut whole = Kustomization { hides_patches: true, ..Kustomization::default() };
        if text.len() <= MAX_YAML_BYTES {
            let fields = split_fields(text).into_iter().map(|field| (field, read_kustomization(field)));
            let fields: Vec<_> = fields.collect();
            let may_name_patches = |field: &str| !is_field(field) || field.starts_with("patches");
            whole.hides_patches =
                fields.iter().any(|(field, read)| read.is_none() && may_name_patches(field))
                    || fields.is_empty();
            fields.into_iter().filter_map(|(_, read)| read).for_each(|read| whole.add_all(read));
        }
        whole
    })
}

/// The fields of a text: each begins at the start of a line.
fn split_fields(text: &str) -> Vec<&str> {
    let (mut fields, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        if at > start && line.starts_with(|first: char| !first.is_whitespace() && !"#-]})".contains(first)) {
            fields.push(&text[start..at]);
            start = at;
        }
        at += line.len();
    }
    fields.push(&text[start..]);
    fields.retain(|field| field.lines().any(|line| !line.trim_start().is_empty() && !line.starts_with('#')));
    fields
}

/// True for a text that begins with a name and a colon.
fn is_field(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, _)| name.chars().all(char::is_alphanumeric))
}

impl Kustomization {
    fn add_all(&mut self, other: Self) {
        self.resources.extend(other.resources);
        self.patches.extend(other.patches);
        self.images.extend(other.images);
        self.namespace = other.namespace.or_else(|| self.namespace.take());
    }
}

impl ManifestObject {
    /// True for a kustomization, or a component of one. Flux has a kind of the same name in a group of its own.
    #[must_use]
    pub fn is_kustomization(&self) -> bool {
        self.api_group() == "kustomize.config.k8s.io"
            && matches!(self.kind.as_str(), "Kustomization" | "Component")
    }
}

impl ManifestDocument {
    /// The document as a kustomization, where it is one.
    #[must_use]
    pub fn kustomization(&self) -> Option<Kustomization> {
        let object = self.objects.iter().find(|object| object.is_kustomization())?;
        Some(self.deserialize_node(object.root))
    }
}

impl Pod {
    /// True when no container names an image, as in a patch, or in a workload that is not finished.
    #[must_use]
    pub fn names_no_image(&self) -> bool {
        self.containers.iter().all(|container| container.model.image.is_absent())
    }
}

impl<'de> Deserialize<'de> for Kustomization {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = KustomizationFields::deserialize(deserializer)?;
        let texts =
            |list: &LenientList<String>| list.valid_items().map(|(_, text)| text.clone()).collect::<Vec<_>>();
        let paths = |list: &LenientList<KustomizationPatch>| {
            list.valid_items().filter_map(|(_, p)| p.path.get().cloned()).collect::<Vec<_>>()
        };
        // A strategic merge patch is named or written out in place; a path has one line.
        let mut merges = texts(&fields.patches_strategic_merge);
        merges.retain(|path| !path.contains('\n') && !path.starts_with('{'));
        Ok(Self {
            resources: [&fields.resources, &fields.bases, &fields.components].map(texts).concat(),
            patches: [paths(&fields.patches), merges, paths(&fields.patches_json)].concat(),
            images: fields.images.valid_items().filter_map(|(_, image)| image.to_override()).collect(),
            namespace: fields.namespace.get().cloned(),
            hides_patches: false,
        })
    }
}

impl KustomizationImage {
    fn to_override(&self) -> Option<ImageOverride> {
        Some(ImageOverride {
            name: self.name.get()?.clone(),
            new_name: self.new_name.get().cloned(),
            new_tag: self.new_tag.get().cloned(),
            digest: self.digest.get().cloned(),
        })
    }
}
