//! What kustomizations say of other files: which are patches, judged on the part that they say, and which are given a
//! namespace, so that what they say of it themselves does not count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::change::{Change, Counts};
use crate::manifest::Kustomization;
use crate::repo::RelPath;

/// Each kustomization, and what all of them name.
#[derive(Clone, Debug, Default)]
pub(super) struct Kustomizations {
    of: BTreeMap<RelPath, Vec<Names>>,
    by_folder: HashMap<String, BTreeSet<RelPath>>,
    /// The folders whose kustomization has a namespace, and those that such a one builds on.
    open: HashSet<String>,
    /// What the kustomizations in open folders name.
    given: Counts<String>,
    /// What any of them names as a patch: it is part of its target, and lands where that does.
    patches: Counts<String>,
}

/// What a kustomization names, as paths of the repository.
#[derive(Clone, Debug)]
struct Names {
    sets_namespace: bool,
    resources: Vec<String>,
    patches: Vec<String>,
}

/// What is told otherwise than before.
#[derive(Default)]
pub(super) struct Moved {
    /// The paths that are, or are no longer, given a namespace.
    pub given: Vec<String>,
    /// The paths that are, or are no longer, named as a patch.
    pub patches: Vec<String>,
    /// The folders in which there is now a kustomization, or none any more.
    pub folders: Vec<String>,
}

/// Whether a path was given a namespace, and named as a patch, before a change.
type Before = HashMap<String, (bool, bool)>;

impl Kustomizations {
    /// Whether something gives the objects of the file their namespace.
    pub(super) fn gives_namespace(&self, path: &str) -> bool {
        self.given.has(path) || self.patches.has(path)
    }

    /// All that is given a namespace; it need not be there.
    pub(super) fn given(&self) -> impl Iterator<Item = &String> {
        self.given.keys().chain(self.patches.keys())
    }

    pub(super) fn names_as_patch(&self, path: &str) -> bool {
        self.patches.has(path)
    }

    /// Whether one lies in the folder, or in one above it.
    pub(super) fn lie_above(&self, folder: &str) -> bool {
        ancestors(folder).any(|folder| self.by_folder.contains_key(folder))
    }

    pub(super) fn change(&mut self, changes: &[Change]) -> Moved {
        let changes: Vec<_> = changes.iter().filter(|change| differs(change)).collect();
        if changes.is_empty() {
            return Moved::default();
        }
        let folders: BTreeSet<&str> = changes.iter().map(|change| change.path.folder()).collect();
        let had: Vec<bool> = folders.iter().map(|folder| self.by_folder.contains_key(*folder)).collect();
        let mut before = Before::new();
        for folder in &folders {
            if self.open.contains(*folder) {
                self.count_given(folder, false, &mut before);
            }
        }
        changes.iter().for_each(|change| self.put(change, &mut before));
        let new = self.reached();
        let old = std::mem::replace(&mut self.open, new.clone());
        for folder in old.difference(&new).filter(|folder| !folders.contains(folder.as_str())) {
            self.count_given(folder, false, &mut before);
        }
        for folder in new.iter().filter(|folder| !old.contains(*folder) || folders.contains(folder.as_str()))
        {
            self.count_given(folder, true, &mut before);
        }
        let toggled = folders.iter().zip(had);
        let toggled = toggled.filter(|(folder, had)| self.by_folder.contains_key(**folder) != *had);
        let mut moved =
            Moved { folders: toggled.map(|(folder, _)| (*folder).to_owned()).collect(), ..Moved::default() };
        for (path, (given, patch)) in before {
            if self.names_as_patch(&path) != patch {
                moved.patches.push(path.clone());
            }
            if self.gives_namespace(&path) != given {
                moved.given.push(path);
            }
        }
        moved
    }

    /// Exchanges what one file names.
    fn put(&mut self, change: &Change, before: &mut Before) {
        let folder = change.path.folder();
        let names = change.new_manifest().into_iter().flat_map(|manifest| &manifest.kustomizations);
        let new: Vec<Names> = names.map(|kustomization| Names::of(kustomization, folder)).collect();
        let patches = |names: &[Names]| names.iter().flat_map(|names| names.patches.clone()).collect();
        let old = self.of.remove(&change.path).unwrap_or_default();
        let (old, added): (Vec<String>, Vec<String>) = (patches(&old), patches(&new));
        for path in &old {
            self.remember(path, before);
            self.patches.take(path);
        }
        for path in &added {
            self.remember(path, before);
            self.patches.add(path);
        }
        let files = self.by_folder.entry(folder.to_owned()).or_default();
        files.remove(&change.path);
        if !new.is_empty() {
            files.insert(change.path.clone());
            self.of.insert(change.path.clone(), new);
        } else if files.is_empty() {
            self.by_folder.remove(folder);
        }
    }

    /// Counts what the kustomizations of a folder name, or counts it no longer.
    fn count_given(&mut self, folder: &str, add: bool, before: &mut Before) {
        let paths: Vec<String> = self.named_in(folder).cloned().collect();
        for path in &paths {
            self.remember(path, before);
            if add { self.given.add(path) } else { self.given.take(path) }
        }
    }

    fn remember(&self, path: &str, before: &mut Before) {
        if !before.contains_key(path) {
            before.insert(path.to_owned(), (self.gives_namespace(path), self.names_as_patch(path)));
        }
    }

    fn in_folder(&self, folder: &str) -> impl Iterator<Item = &Names> {
        let files = self.by_folder.get(folder).into_iter().flatten();
        files.filter_map(|path| self.of.get(path)).flatten()
    }

    fn named_in(&self, folder: &str) -> impl Iterator<Item = &String> {
        self.in_folder(folder).flat_map(|names| names.resources.iter().chain(&names.patches))
    }

    /// The folders whose kustomization has a namespace, and those that it builds on, itself or through others.
    fn reached(&self) -> HashSet<String> {
        let sets = |folder: &&String| self.in_folder(folder).any(|names| names.sets_namespace);
        let mut open: Vec<&String> = self.by_folder.keys().filter(sets).collect();
        let mut reached: HashSet<&String> = open.iter().copied().collect();
        while let Some(folder) = open.pop() {
            for (path, _) in self.named_in(folder).filter_map(|path| self.by_folder.get_key_value(path)) {
                if reached.insert(path) {
                    open.push(path);
                }
            }
        }
        reached.into_iter().cloned().collect()
    }
}

impl Names {
    fn of(kustomization: &Kustomization, folder: &str) -> Self {
        let within =
            |paths: &[String]| paths.iter().filter_map(|path| within(folder, path)).collect::<Vec<_>>();
        Self {
            sets_namespace: kustomization.namespace.is_some(),
            resources: within(&kustomization.resources),
            patches: within(&kustomization.patches),
        }
    }
}

/// Whether the file says something else as a kustomization.
fn differs(change: &Change) -> bool {
    let old = change.old_manifest().map(|manifest| manifest.kustomizations.as_slice()).unwrap_or_default();
    let new = change.new_manifest().map(|manifest| manifest.kustomizations.as_slice()).unwrap_or_default();
    old != new
}

/// A path relative to a folder, as a path of the repository; none where it leads out of it.
pub(crate) fn within(folder: &str, path: &str) -> Option<String> {
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
