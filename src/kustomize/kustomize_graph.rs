//! Finds the kustomizations of a repository, and which folders build on which.

use std::collections::{BTreeMap, BTreeSet};

use super::kustomization_file::KustomizationFile;
use super::source_library::{PlaceKind, SourceLibrary};
use crate::repo::resolve_within;

/// Folders with kustomizations, and who builds on whom.
#[derive(Clone, Debug, Default)]
pub struct KustomizeGraph {
    nodes: BTreeMap<String, GraphNode>,
}

#[derive(Clone, Debug, Default)]
struct GraphNode {
    is_component: bool,
    used_by: BTreeSet<String>,
}

impl KustomizeGraph {
    /// The graph of these folders.
    #[must_use]
    pub fn of_folders(library: &SourceLibrary<'_>, folders: impl Iterator<Item = String>) -> Self {
        let mut nodes: BTreeMap<String, GraphNode> = BTreeMap::new();
        let mut uses: Vec<(String, String)> = Vec::new();
        for folder in folders {
            let node = nodes.entry(folder.clone()).or_default();
            for path in KustomizationFile::paths_in(library, &folder) {
                let Ok(file) = KustomizationFile::read_path(library, &folder, path) else { continue };
                node.is_component = file.is_component;
                let names =
                    ["resources", "bases", "components"].into_iter().flat_map(|field| file.paths(field));
                let found = names.filter_map(|name| resolve_within(&folder, name));
                let found = found.filter(|place| library.kind_of(place) == PlaceKind::Folder);
                uses.extend(found.map(|base| (base, folder.clone())));
            }
        }
        for (base, user) in uses {
            if let Some(node) = nodes.get_mut(&base) {
                node.used_by.insert(user);
            }
        }
        Self { nodes }
    }

    /// The folders, sorted.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }

    #[must_use]
    pub fn is_component(&self, folder: &str) -> bool {
        self.nodes.get(folder).is_some_and(|node| node.is_component)
    }

    /// The folders that build on one.
    pub fn used_by(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.nodes.get(folder).into_iter().flat_map(|node| &node.used_by).map(String::as_str)
    }
}
