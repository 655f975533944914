//! Finds which files kustomizations make patches, judged on their own content only, and which they give a namespace in
//! place of the files' own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::facts_delta::{FactsDelta, OccurrenceCounts};
use super::image_name::ImageName;
use crate::kubernetes::{ImageOverride, Kustomization};
use crate::repo::{RelPath, resolve_within};

/// Each kustomization, and what all of them name.
#[derive(Clone, Debug, Default)]
pub(super) struct KustomizationIndex {
    by_file: BTreeMap<RelPath, Vec<KustomizationTargets>>,
    by_folder: HashMap<String, BTreeSet<RelPath>>,
    by_namespace: HashMap<String, BTreeSet<RelPath>>,
    /// The kustomizations that build on a path.
    builders_of_path: HashMap<String, BTreeSet<RelPath>>,
    /// The files that any of them names as a patch: it is part of its target, and lands where that does.
    patches: OccurrenceCounts<String>,
}

/// The files that a kustomization names, as paths of the repository.
#[derive(Clone, Debug, PartialEq)]
struct KustomizationTargets {
    namespace: Option<String>,
    resources: Vec<String>,
    patches: Vec<String>,
    images: Vec<ImageOverride>,
    hides_patches: bool,
}

/// The files for which kustomizations' answers have changed.
#[derive(Default)]
pub(super) struct KustomizationDelta {
    /// The paths that are given other namespaces than before, or none any more.
    pub namespaced_paths: Vec<String>,
    /// The namespaces of those paths, before and now; the empty one stands for an object's own. None where any may be one.
    pub namespaces: PossibleNamespaces<String>,
    /// The paths that are, or are no longer, named as a patch.
    pub patch_paths: Vec<String>,
    /// The folders in which there is now a kustomization, or none any more.
    pub folders: Vec<String>,
    /// The folders in or below which anything may be a patch now, or could be before.
    pub veiled_folders: Vec<String>,
}

/// The most kustomizations that are followed upwards from one file. Where more build on it, it may be in any namespace.
const MAX_BUILDERS: usize = 1_000;

/// The namespaces in which something may be; none where it may be any.
pub(super) type PossibleNamespaces<T> = Option<BTreeSet<T>>;

impl KustomizationIndex {
    /// True when something gives the objects of the file their namespace.
    pub(super) fn gives_namespace(&self, path: &str) -> bool {
        // No kustomization can give the empty one.
        self.possible_namespaces(path, "").is_none_or(|places| places.iter().any(|place| !place.is_empty()))
    }

    /// The namespaces in which objects of the file may be whose own is `own`: of all that builds on the file the
    /// outermost decides, and any may be built alone. A patch lands where its target does.
    pub(super) fn possible_namespaces<'a>(&'a self, path: &str, own: &'a str) -> PossibleNamespaces<&'a str> {
        if self.patches.contains_key(path) {
            return None;
        }
        let (mut places, mut seen) = (BTreeSet::new(), HashSet::new());
        let mut next = vec![(path, false)];
        while let Some((place, is_given)) = next.pop() {
            let mut is_outermost = true;
            for folder in self.folders_building_on(place) {
                is_outermost = false;
                let mut gives = is_given;
                for namespace in self.namespaces_in_folder(folder) {
                    gives = true;
                    places.insert(namespace);
                }
                if seen.insert((folder, gives)) {
                    next.push((folder, gives));
                }
            }
            if is_outermost && !is_given {
                places.insert(own);
            }
            if seen.len() > MAX_BUILDERS {
                return None;
            }
        }
        if places.is_empty() {
            // They build on each other, and give no namespace.
            places.insert(own);
        }
        Some(places)
    }

    /// The paths that are given this namespace; they need not be there.
    pub(super) fn paths_given_namespace(&self, namespace: &str) -> HashSet<&str> {
        let files = self.by_namespace.get(namespace).into_iter().flatten();
        self.paths_built_from(files.flat_map(|file| self.resources_in_folder(file.folder())).collect())
    }

    /// The image that runs in the place of one in the file, for each way in which it is built.
    pub(super) fn images_in_effect(&self, path: &str, image: &ImageName) -> BTreeSet<ImageName> {
        let (mut built, mut seen) = (BTreeSet::new(), HashSet::new());
        let mut open: Vec<(&str, ImageName)> = vec![(path, image.clone())];
        while let Some((path, image)) = open.pop() {
            if seen.len() > MAX_BUILDERS {
                built.insert(image);
                break;
            }
            let mut above = self.folders_building_on(path).peekable();
            if above.peek().is_none() {
                built.insert(image.clone());
            }
            for folder in above {
                let overrides = self.targets_in_folder(folder).flat_map(|targets| &targets.images);
                let image = overrides.fold(image.clone(), ImageName::replace_by);
                if seen.insert((folder, image.clone())) {
                    open.push((folder, image));
                }
            }
        }
        built
    }

    /// The overrides of images of all that builds on a path.
    fn overrides_reaching(&self, path: &str) -> Vec<ImageOverride> {
        let (mut reaching, mut seen) = (Vec::new(), HashSet::new());
        let mut open = vec![path];
        while let Some(path) = open.pop().filter(|_| seen.len() <= MAX_BUILDERS) {
            for folder in self.folders_building_on(path).filter(|folder| seen.insert(*folder)) {
                reaching.extend(self.targets_in_folder(folder).flat_map(|targets| targets.images.clone()));
                open.push(folder);
            }
        }
        reaching
    }

    pub(super) fn names_as_patch(&self, path: &str) -> bool {
        self.patches.contains_key(path)
    }

    /// True when any builds on the file itself.
    pub(super) fn names_as_resource(&self, path: &str) -> bool {
        self.builders_of_path.contains_key(path)
    }

    /// True when one lies in the folder, or in one above it.
    pub(super) fn has_one_above(&self, folder: &str) -> bool {
        folder_ancestors(folder).any(|folder| self.by_folder.contains_key(folder))
    }

    /// True where the nearest kustomization, in the folder or in one above it, is broken so that it may name the files below
    /// as patches.
    pub(super) fn may_hide_patches(&self, folder: &str) -> bool {
        let nearest = folder_ancestors(folder).find(|folder| self.by_folder.contains_key(*folder));
        nearest.is_some_and(|folder| self.is_veiled(folder))
    }

    fn is_veiled(&self, folder: &str) -> bool {
        self.targets_in_folder(folder).any(|targets| targets.hides_patches)
    }

    pub(super) fn apply_deltas(&mut self, changes: &[FactsDelta]) -> KustomizationDelta {
        let exchanged: Vec<(&RelPath, Vec<KustomizationTargets>)> = changes
            .iter()
            .filter(|change| has_changed_targets(change))
            .map(|change| {
                let names = change.new_manifest().into_iter().flat_map(|manifest| &manifest.kustomizations);
                (
                    &change.path,
                    names
                        .map(|names| KustomizationTargets::from_kustomization(names, change.path.folder()))
                        .collect(),
                )
            })
            .collect();
        let folders: BTreeSet<&str> = exchanged.iter().map(|(path, _)| path.folder()).collect();
        // One that comes between a broken one and the files below hides it from them.
        let state =
            |all: &Self, folder: &str| (all.by_folder.contains_key(folder), all.may_hide_patches(folder));
        let had: Vec<(bool, bool)> = folders.iter().map(|folder| state(self, folder)).collect();
        // Whatever can be reached only now is named by one of those that changed, or was below it before.
        let touched = exchanged.iter().flat_map(|(path, new)| self.touched_paths(path, new)).collect();
        // Where there was none, whatever is built now is new to them. To ask it of each file of a first reading takes as
        // many steps upwards as there are kustomizations, for each of them.
        let is_first = self.by_file.is_empty();
        let told = |all: &Self, path: &str| {
            let placed = (!is_first).then(|| {
                let places = all.possible_namespaces(path, "");
                let places = places.map(|places| places.into_iter().map(str::to_owned).collect());
                (places as PossibleNamespaces<String>, all.overrides_reaching(path))
            });
            // What is named as a resource is no patch, whatever it lacks.
            (placed, (all.names_as_patch(path), all.names_as_resource(path)))
        };
        let concerned = self.paths_built_from(touched).into_iter();
        let before: Vec<_> = concerned.map(|path| (path.to_owned(), told(self, path))).collect();
        exchanged.iter().for_each(|(path, new)| self.replace_targets(path, new));
        let mut moved = KustomizationDelta {
            namespaces: (!is_first).then(BTreeSet::new),
            ..KustomizationDelta::default()
        };
        for (folder, (was_there, was_veiled)) in folders.iter().zip(had) {
            let (is_there, is_veiled) = state(self, folder);
            if is_there != was_there {
                moved.folders.push((*folder).to_owned());
            }
            if is_veiled != was_veiled {
                moved.veiled_folders.push((*folder).to_owned());
            }
        }
        for (path, (placed, named)) in before {
            let now = told(self, &path);
            if now.1 != named {
                moved.patch_paths.push(path.clone());
            }
            if is_first || now.0 != placed {
                moved.namespaced_paths.push(path);
                for placed in [placed, now.0] {
                    let places = placed.and_then(|(places, _)| places);
                    moved.namespaces = moved.namespaces.zip(places).map(|(mut all, places)| {
                        all.extend(places);
                        all
                    });
                }
            }
        }
        moved
    }

    /// The paths whose answers change at once when a file names this: all that is built in its folder, where that gets
    /// another namespace; else those it alone names, or named.
    fn touched_paths<'a>(&'a self, path: &'a RelPath, new: &'a [KustomizationTargets]) -> HashSet<&'a str> {
        let old = self.by_file.get(path).map(Vec::as_slice).unwrap_or_default();
        let namespaces =
            |names: &'a [KustomizationTargets]| names.iter().map(|names| names.namespace.as_deref());
        let named = |names: &'a [KustomizationTargets]| -> HashSet<(&'a str, bool)> {
            names.iter().flat_map(KustomizationTargets::all_paths).collect()
        };
        let path_of = |(path, _): (&'a str, bool)| path;
        let (before, after) = (named(old), named(new));
        let images = |names: &'a [KustomizationTargets]| names.iter().flat_map(|names| &names.images);
        if namespaces(old).eq(namespaces(new)) && images(old).eq(images(new)) {
            return before.symmetric_difference(&after).copied().map(path_of).collect();
        }
        before.into_iter().chain(after).map(path_of).chain(self.resources_in_folder(path.folder())).collect()
    }

    /// Exchanges what one file names.
    fn replace_targets(&mut self, path: &RelPath, new: &[KustomizationTargets]) {
        for old in self.by_file.remove(path).into_iter().flatten() {
            old.patches.iter().for_each(|patch| self.patches.remove_one(patch));
            old.resources.iter().for_each(|resource| remove_path(&mut self.builders_of_path, resource, path));
            old.namespace.iter().for_each(|namespace| remove_path(&mut self.by_namespace, namespace, path));
        }
        remove_path(&mut self.by_folder, path.folder(), path);
        for new in new {
            new.patches.iter().for_each(|patch| self.patches.add_one(patch));
            new.resources.iter().for_each(|resource| insert_path(&mut self.builders_of_path, resource, path));
            new.namespace.iter().for_each(|namespace| insert_path(&mut self.by_namespace, namespace, path));
        }
        if !new.is_empty() {
            insert_path(&mut self.by_folder, path.folder(), path);
            self.by_file.insert(path.clone(), new.to_vec());
        }
    }

    fn targets_in_folder(&self, folder: &str) -> impl Iterator<Item = &KustomizationTargets> {
        let files = self.by_folder.get(folder).into_iter().flatten();
        files.filter_map(|path| self.by_file.get(path)).flatten()
    }

    fn namespaces_in_folder(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.targets_in_folder(folder).filter_map(|names| names.namespace.as_deref())
    }

    fn resources_in_folder(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.targets_in_folder(folder).flat_map(|names| &names.resources).map(String::as_str)
    }

    /// The folders whose kustomization builds on a path.
    fn folders_building_on(&self, path: &str) -> impl Iterator<Item = &str> {
        self.builders_of_path.get(path).into_iter().flatten().map(RelPath::folder)
    }

    /// These paths, and all that is built on where they are folders, themselves or through others.
    fn paths_built_from<'a>(&'a self, mut next: Vec<&'a str>) -> HashSet<&'a str> {
        let mut all = HashSet::new();
        while let Some(path) = next.pop() {
            if all.insert(path) {
                next.extend(self.resources_in_folder(path));
            }
        }
        all
    }
}

fn insert_path(files: &mut HashMap<String, BTreeSet<RelPath>>, by: &str, path: &RelPath) {
    files.entry(by.to_owned()).or_default().insert(path.clone());
}

fn remove_path(files: &mut HashMap<String, BTreeSet<RelPath>>, by: &str, path: &RelPath) {
    if let Some(left) = files.get_mut(by) {
        left.remove(path);
        if left.is_empty() {
            files.remove(by);
        }
    }
}

impl KustomizationTargets {
    fn from_kustomization(kustomization: &Kustomization, folder: &str) -> Self {
        let within = |paths: &[String]| {
            paths.iter().filter_map(|path| resolve_within(folder, path)).collect::<Vec<_>>()
        };
        Self {
            namespace: kustomization.namespace.clone().filter(|namespace| !namespace.is_empty()),
            resources: within(&kustomization.resources),
            patches: within(&kustomization.patches),
            images: kustomization.images.clone(),
            hides_patches: kustomization.hides_patches,
        }
    }

    /// The paths that it names, each with true for a patch.
    fn all_paths(&self) -> impl Iterator<Item = (&str, bool)> {
        let resources = self.resources.iter().map(|path| (path.as_str(), false));
        resources.chain(self.patches.iter().map(|path| (path.as_str(), true)))
    }
}

/// True when the file's content as a kustomization has changed.
fn has_changed_targets(change: &FactsDelta) -> bool {
    let old = change.old_manifest().map(|manifest| manifest.kustomizations.as_slice()).unwrap_or_default();
    let new = change.new_manifest().map(|manifest| manifest.kustomizations.as_slice()).unwrap_or_default();
    old != new
}

/// The folder and those above it, up to the root, which is empty.
fn folder_ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
