//! Which documents are patches of a kustomization: they say a part, and are judged on that part alone.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::Facts;
use crate::repo::RelPath;

/// The patches, by file and by the document's index in it: what a kustomization names as one, and what has no image
/// anywhere and lies in or below a folder with a kustomization.
pub(super) fn patches(files: &BTreeMap<RelPath, Arc<Facts>>) -> HashSet<(RelPath, usize)> {
    let manifests = || {
        files.iter().filter_map(|(path, facts)| match &**facts {
            Facts::Manifest(manifest) => Some((path, manifest)),
            Facts::Build(_) => None,
        })
    };
    let mut named = HashSet::new();
    let mut folders = HashSet::new();
    for (path, manifest) in manifests() {
        for kustomization in &manifest.kustomizations {
            folders.insert(path.folder());
            named.extend(kustomization.patches.iter().filter_map(|patch| within(path.folder(), patch)));
        }
    }
    let mut patches = HashSet::new();
    for (path, manifest) in manifests() {
        let kustomized = || ancestors(path.folder()).any(|folder| folders.contains(folder));
        for pod in &manifest.pods {
            if named.contains(path.as_str()) || (pod.names_no_image && kustomized()) {
                patches.insert((path.clone(), pod.at.0));
            }
        }
    }
    patches
}

/// A path relative to a folder, as a path of the repository; none where it leads out of it.
pub(super) fn within(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder and those above it, up to the root, which is empty.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
