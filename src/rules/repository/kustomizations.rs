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
    by_namespace: HashMap<String, BTreeSet<RelPath>>,
    /// The kustomizations that build on a path.
    users: HashMap<String, BTreeSet<RelPath>>,
    /// What any of them names as a patch: it is part of its target, and lands where that does.
    patches: Counts<String>,
}

/// What a kustomization names, as paths of the repository.
#[derive(Clone, Debug, PartialEq)]
struct Names {
    namespace: Option<String>,
    resources: Vec<String>,
    patches: Vec<String>,
}

/// What is told otherwise than before.
#[derive(Default)]
pub(super) struct Moved {
    /// The paths that are given other namespaces than before, or none any more.
    pub given: Vec<String>,
    /// The paths that are, or are no longer, named as a patch.
    pub patches: Vec<String>,
    /// The folders in which there is now a kustomization, or none any more.
    pub folders: Vec<String>,
}

/// The namespaces in which something may be; none where it may be any.
pub(super) type Places<T> = Option<BTreeSet<T>>;

impl Kustomizations {
    /// Whether something gives the objects of the file their namespace.
    pub(super) fn gives_namespace(&self, path: &str) -> bool {
        // No kustomization can give the empty one.
        self.places(path, "").is_none_or(|places| places.iter().any(|place| !place.is_empty()))
    }

    /// Where objects of the file may be that say themselves that they are in `own`: of all that builds on the file the
    /// outermost decides, and any may be built alone. A patch lands where its target does.
    pub(super) fn places<'a>(&'a self, path: &str, own: &'a str) -> Places<&'a str> {
        if self.patches.has(path) {
            return None;
        }
        let mut places = BTreeSet::new();
        let mut seen = HashSet::new();
        let mut next: Vec<(&str, bool)> = Vec::new();
        let mut above = self.above(path);
        let mut is_given = false;
        loop {
            if above.is_empty() && !is_given {
                places.insert(own);
            }
            for folder in above {
                let given: Vec<&str> = self.namespaces(folder).collect();
                let step = (folder, is_given || !given.is_empty());
                places.extend(given);
                if seen.insert(step) {
                    next.push(step);
                }
            }
            let Some((folder, given)) = next.pop() else { break };
            (above, is_given) = (self.above(folder), given);
        }
        if places.is_empty() {
            // They build on each other, and nothing is told.
            places.insert(own);
        }
        Some(places)
    }

    /// The paths that are given this namespace; they need not be there.
    pub(super) fn given(&self, namespace: &str) -> HashSet<&str> {
        let files = self.by_namespace.get(namespace).into_iter().flatten();
        self.below(files.flat_map(|file| self.resources(file.folder())).collect())
    }

    pub(super) fn names_as_patch(&self, path: &str) -> bool {
        self.patches.has(path)
    }

    /// Whether one lies in the folder, or in one above it.
    pub(super) fn lie_above(&self, folder: &str) -> bool {
        ancestors(folder).any(|folder| self.by_folder.contains_key(folder))
    }

    pub(super) fn change(&mut self, changes: &[Change]) -> Moved {
        let exchanged: Vec<(&RelPath, Vec<Names>)> = changes
            .iter()
            .filter(|change| differs(change))
            .map(|change| {
                let names = change.new_manifest().into_iter().flat_map(|manifest| &manifest.kustomizations);
                (&change.path, names.map(|names| Names::of(names, change.path.folder())).collect())
            })
            .collect();
        let folders: BTreeSet<&str> = exchanged.iter().map(|(path, _)| path.folder()).collect();
        let had: Vec<bool> = folders.iter().map(|folder| self.by_folder.contains_key(*folder)).collect();
        // Whatever can be reached only now is named by one of those that changed, or was below it before.
        let touched = exchanged.iter().flat_map(|(path, new)| self.touched(path, new)).collect();
        let told = |all: &Self, path: &str| {
            let places = all.places(path, "").map(|places| places.into_iter().map(str::to_owned).collect());
            (places as Places<String>, all.patches.has(path))
        };
        let concerned = self.below(touched).into_iter();
        let before: Vec<_> = concerned.map(|path| (path.to_owned(), told(self, path))).collect();
        exchanged.iter().for_each(|(path, new)| self.put(path, new));
        let toggled = folders.iter().zip(had);
        let toggled = toggled.filter(|(folder, had)| self.by_folder.contains_key(**folder) != *had);
        let mut moved =
            Moved { folders: toggled.map(|(folder, _)| (*folder).to_owned()).collect(), ..Moved::default() };
        for (path, (places, patch)) in before {
            let now = told(self, &path);
            if now.1 != patch {
                moved.patches.push(path.clone());
            }
            if now.0 != places {
                moved.given.push(path);
            }
        }
        moved
    }

    /// What is told otherwise at once when a file names this: all that is built in its folder, where that gets another
    /// namespace; else what it alone names, or named.
    fn touched<'a>(&'a self, path: &'a RelPath, new: &'a [Names]) -> HashSet<&'a str> {
        let old = self.of.get(path).map(Vec::as_slice).unwrap_or_default();
        let namespaces = |names: &'a [Names]| names.iter().map(|names| names.namespace.as_deref());
        let named = |names: &'a [Names]| -> HashSet<&'a str> { names.iter().flat_map(Names::all).collect() };
        let (before, after) = (named(old), named(new));
        if namespaces(old).eq(namespaces(new)) {
            return before.symmetric_difference(&after).copied().collect();
        }
        before.into_iter().chain(after).chain(self.resources(path.folder())).collect()
    }

    /// Exchanges what one file names.
    fn put(&mut self, path: &RelPath, new: &[Names]) {
        for old in self.of.remove(path).into_iter().flatten() {
            old.patches.iter().for_each(|patch| self.patches.take(patch));
            old.resources.iter().for_each(|resource| leave(&mut self.users, resource, path));
            old.namespace.iter().for_each(|namespace| leave(&mut self.by_namespace, namespace, path));
        }
        leave(&mut self.by_folder, path.folder(), path);
        for new in new {
            new.patches.iter().for_each(|patch| self.patches.add(patch));
            new.resources.iter().for_each(|resource| join(&mut self.users, resource, path));
            new.namespace.iter().for_each(|namespace| join(&mut self.by_namespace, namespace, path));
        }
        if !new.is_empty() {
            join(&mut self.by_folder, path.folder(), path);
            self.of.insert(path.clone(), new.to_vec());
        }
    }

    fn in_folder(&self, folder: &str) -> impl Iterator<Item = &Names> {
        let files = self.by_folder.get(folder).into_iter().flatten();
        files.filter_map(|path| self.of.get(path)).flatten()
    }

    fn namespaces(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.in_folder(folder).filter_map(|names| names.namespace.as_deref())
    }

    fn resources(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.in_folder(folder).flat_map(|names| &names.resources).map(String::as_str)
    }

    /// The folders whose kustomization builds on a path.
    fn above(&self, path: &str) -> BTreeSet<&str> {
        self.users.get(path).into_iter().flatten().map(RelPath::folder).collect()
    }

    /// These paths, and all that is built on where they are folders, themselves or through others.
    fn below<'a>(&'a self, mut next: Vec<&'a str>) -> HashSet<&'a str> {
        let mut all = HashSet::new();
        while let Some(path) = next.pop() {
            if all.insert(path) {
                next.extend(self.resources(path));
            }
        }
        all
    }
}

fn join(files: &mut HashMap<String, BTreeSet<RelPath>>, by: &str, path: &RelPath) {
    files.entry(by.to_owned()).or_default().insert(path.clone());
}

fn leave(files: &mut HashMap<String, BTreeSet<RelPath>>, by: &str, path: &RelPath) {
    if let Some(left) = files.get_mut(by) {
        left.remove(path);
        if left.is_empty() {
            files.remove(by);
        }
    }
}

impl Names {
    fn of(kustomization: &Kustomization, folder: &str) -> Self {
        let within =
            |paths: &[String]| paths.iter().filter_map(|path| within(folder, path)).collect::<Vec<_>>();
        Self {
            namespace: kustomization.namespace.clone().filter(|namespace| !namespace.is_empty()),
            resources: within(&kustomization.resources),
            patches: within(&kustomization.patches),
        }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().chain(&self.patches).map(String::as_str)
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
