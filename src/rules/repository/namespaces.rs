//! Which files a kustomization gives a namespace, so that what they say themselves does not count.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Facts;
use super::patches::within;
use crate::manifest::Kustomization;
use crate::repo::RelPath;

/// The files that a kustomization with a namespace builds on, itself or through others.
pub(super) fn given(files: &BTreeMap<RelPath, Arc<Facts>>) -> HashSet<String> {
    let mut by_folder: HashMap<&str, Vec<&Kustomization>> = HashMap::new();
    for (path, facts) in files {
        if let Facts::Manifest(manifest) = &**facts {
            by_folder.entry(path.folder()).or_default().extend(&manifest.kustomizations);
        }
    }
    let sets =
        |list: &Vec<&Kustomization>| list.iter().any(|kustomization| kustomization.namespace.is_some());
    let starts = by_folder.iter().filter(|(_, list)| sets(list)).map(|(folder, _)| (*folder).to_owned());
    let mut open: Vec<String> = starts.collect();
    let mut seen: HashSet<String> = open.iter().cloned().collect();
    let mut given = HashSet::new();
    while let Some(folder) = open.pop() {
        let Some(kustomizations) = by_folder.get(folder.as_str()) else { continue };
        let named = kustomizations.iter().flat_map(|k| k.resources.iter().chain(&k.patches));
        for path in named.filter_map(|path| within(&folder, path)) {
            if by_folder.contains_key(path.as_str()) && seen.insert(path.clone()) {
                open.push(path.clone());
            }
            given.insert(path);
        }
    }
    given
}
