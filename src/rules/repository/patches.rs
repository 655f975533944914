//! Which documents are patches of a kustomization: they say a part, and are judged on that part alone.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{Facts, ManifestFacts};
use crate::repo::RelPath;

type Files = BTreeMap<RelPath, Arc<Facts>>;

/// The patches, by file and by the document's index in it: what a kustomization names as one, and what has no image
/// anywhere and lies in or below a folder with a kustomization.
pub(super) fn patches(files: &Files, named: &HashSet<String>) -> HashSet<(RelPath, usize)> {
    let has_kustomization = |(_, manifest): &(&RelPath, &ManifestFacts)| !manifest.kustomizations.is_empty();
    let folders: HashSet<&str> =
        manifests(files).filter(has_kustomization).map(|(path, _)| path.folder()).collect();
    let mut patches = HashSet::new();
    for (path, manifest) in manifests(files) {
        let kustomized = || ancestors(path.folder()).any(|folder| folders.contains(folder));
        for pod in &manifest.pods {
            if named.contains(path.as_str()) || (pod.names_no_image && kustomized()) {
                patches.insert((path.clone(), pod.at.0));
            }
        }
    }
    patches
}

/// The files that a kustomization names as patches.
pub(super) fn named(files: &Files) -> HashSet<String> {
    let kustomizations = manifests(files)
        .flat_map(|(path, manifest)| manifest.kustomizations.iter().map(move |k| (path.folder(), k)));
    kustomizations
        .flat_map(|(folder, k)| k.patches.iter().filter_map(move |patch| within(folder, patch)))
        .collect()
}

fn manifests(files: &Files) -> impl Iterator<Item = (&RelPath, &ManifestFacts)> {
    files.iter().filter_map(|(path, facts)| match &**facts {
        Facts::Manifest(manifest) => Some((path, manifest)),
        Facts::Build(_) => None,
    })
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
