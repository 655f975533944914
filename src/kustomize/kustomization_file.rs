//! Reads a folder's kustomization file, and refuses what kustomize refuses in one.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::kustomization_fields::{check_fields, settle_names};
use super::node_loader::{WordReading, load_file};
use super::source_library::SourceLibrary;
use crate::repo::KUSTOMIZATION_NAMES;

/// Lists in which every entry has to name something.
const NAMING_FIELDS: [&str; 6] =
    ["resources", "bases", "components", "configurations", "crds", "patchesStrategicMerge"];

/// A folder's kustomization.
#[derive(Clone, Debug)]
pub struct KustomizationFile {
    pub folder: String,
    pub path: String,
    pub is_component: bool,
    root: BuiltNode,
}

impl KustomizationFile {
    /// The paths of the kustomization files of a folder; it should be one.
    #[must_use]
    pub fn paths_in(library: &SourceLibrary<'_>, folder: &str) -> Vec<String> {
        let names = library.file_names(folder);
        let wanted = KUSTOMIZATION_NAMES.iter().filter(|name| names.iter().any(|own| own == **name));
        wanted.map(|name| join_name(folder, name)).collect()
    }

    /// Reads a folder's kustomization.
    ///
    /// # Errors
    /// When there is none, or several, or one that kustomize refuses.
    pub fn read(library: &SourceLibrary<'_>, folder: &str) -> Result<Self, BuildFault> {
        let paths = Self::paths_in(library, folder);
        let path = match paths.as_slice() {
            [path] => path.clone(),
            [] => return Err(BuildFault::new(format!("the folder {} has no kustomization", shown(folder)))),
            _ => {
                return Err(BuildFault::new(format!(
                    "the folder {} has several kustomization files",
                    shown(folder)
                )));
            }
        };
        let file = Self::read_path(library, folder, path)?;
        file.check_whole().map_err(|fault| fault.within(&file.path))?;
        Ok(file)
    }

    /// What can be read of a folder's kustomization, whatever kustomize would say of it.
    pub(super) fn read_path(
        library: &SourceLibrary<'_>,
        folder: &str,
        path: String,
    ) -> Result<Self, BuildFault> {
        let (id, text) = library.read_text(&path)?;
        let documents = load_file(&text, id, WordReading::Older, PartOrigin::Resource)
            .map_err(|fault| fault.within(&path))?;
        let mut root = documents.into_iter().next().unwrap_or_default();
        settle_names(&mut root);
        let is_component = root.text_at(&["kind"]) == Some("Component");
        Ok(Self { folder: folder.to_owned(), path, is_component, root })
    }

    /// The same without the objects that it names in files, of which this says which they are, or generates.
    pub(super) fn without_objects(&self, is_file: impl Fn(&str) -> bool) -> Self {
        let mut own = self.clone();
        for field in ["resources", "bases"] {
            if let Some(BuiltValue::List(names)) = own.root.get_mut(field).map(|node| &mut node.value) {
                names.retain(|name| name.as_text().is_none_or(|name| !is_file(name)));
            }
        }
        for field in ["configMapGenerator", "secretGenerator"] {
            own.root.remove(field);
        }
        own
    }

    /// The same with other entries in these lists.
    pub(super) fn with_lists<'f>(&self, lists: impl IntoIterator<Item = (&'f str, Vec<BuiltNode>)>) -> Self {
        let mut own = self.clone();
        for (field, items) in lists {
            if let Some(node) = own.root.get_mut(field) {
                node.value = BuiltValue::List(items);
            }
        }
        own
    }

    fn check_whole(&self) -> Result<(), BuildFault> {
        let BuiltValue::Map(entries) = &self.root.value else {
            return Err(BuildFault::new("it is empty"));
        };
        check_fields(&self.root)?;
        let is_named = |name: &BuiltNode| name.as_text().is_some_and(|name| !name.is_empty());
        if let Some(field) = NAMING_FIELDS.iter().find(|field| !self.items(field).iter().all(is_named)) {
            return Err(BuildFault::new(format!("an entry of `{field}` is empty")));
        }
        let is_idle = |key: &str| matches!(key, "apiVersion" | "kind" | "metadata");
        if entries.iter().all(|entry| is_idle(&entry.key) || entry.node.is_null()) {
            return Err(BuildFault::new("it is empty"));
        }
        let api = self.text("apiVersion").map_or("", |(text, _)| text);
        match self.text("kind").map_or("Kustomization", |(text, _)| text) {
            "Kustomization" if ["", "kustomize.config.k8s.io/v1beta1"].contains(&api) => Ok(()),
            "Component" if ["", "kustomize.config.k8s.io/v1alpha1"].contains(&api) => Ok(()),
            kind @ ("Kustomization" | "Component") => Err(BuildFault::new(format!(
                "its apiVersion `{api}` is none of a {kind} that kustomize builds"
            ))),
            kind => Err(BuildFault::new(format!("its kind `{kind}` is no kustomization"))),
        }
    }

    /// True for another tool's kind of the same name.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        let is_own = |api: &str| api.is_empty() || api.starts_with("kustomize.config.k8s.io/");
        self.text("apiVersion").is_some_and(|(api, _)| !is_own(api))
    }

    #[must_use]
    pub fn field(&self, key: &str) -> Option<&BuiltNode> {
        self.root.get(key).filter(|node| !node.is_null())
    }

    /// A field's text, and where it stands.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<(&str, &[SourcePart])> {
        let node = self.field(key)?;
        node.as_text().map(|text| (text, node.parts.as_slice()))
    }

    #[must_use]
    pub fn items(&self, key: &str) -> &[BuiltNode] {
        self.field(key).map(BuiltNode::items).unwrap_or_default()
    }

    /// The paths of a list.
    pub fn paths(&self, key: &str) -> impl Iterator<Item = &str> {
        self.items(key).iter().filter_map(BuiltNode::as_text)
    }
}

/// A file's path from that of its folder.
pub(super) fn join_name(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A folder's path as people read it.
pub(super) fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}
