//! Which Dockerfile builds the image that a container runs, by evidence in the repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::builders::Builders;
use super::change::Change;
use super::{ContainerKey, Facts, ManifestFacts};
use crate::repo::{PathBase, RelPath};

/// A Dockerfile that builds a container's image, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub dockerfile: RelPath,
    /// The same by its path in the repository.
    pub(super) in_repository: RelPath,
    /// For the screen: `its folder is named as the image`.
    pub evidence: &'static str,
}

pub(super) type Files = BTreeMap<RelPath, Arc<Facts>>;

/// The link of each container that has one, and what links follow from: a link depends on which Dockerfiles there are
/// and on the images that the manifests of the same folder run, on nothing else.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// By file, document, pod and place.
    of: BTreeMap<ContainerKey, Link>,
    builders: Builders,
    /// The containers that are linked to a Dockerfile.
    users: HashMap<RelPath, BTreeSet<ContainerKey>>,
    /// The manifests that run an image of the repository's own, by the last part of its name.
    runners: HashMap<Box<str>, BTreeSet<RelPath>>,
    /// Of folders with a Dockerfile: the one image of the repository's own that the manifests there run.
    alone: HashMap<String, String>,
}

/// What is linked otherwise than before.
#[derive(Default)]
pub(super) struct Relinked {
    pub manifests: BTreeSet<RelPath>,
    pub dockerfiles: BTreeSet<RelPath>,
}

impl Links {
    pub(super) fn get(&self, key: &ContainerKey) -> Option<&Link> {
        self.of.get(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&ContainerKey, &Link)> {
        self.of.iter()
    }

    /// The containers that run what the Dockerfile builds, in the order of the files.
    pub(super) fn users(&self, dockerfile: &RelPath) -> impl Iterator<Item = &ContainerKey> {
        self.users.get(dockerfile).into_iter().flatten()
    }

    /// Links anew whatever may be linked otherwise after a change; `files` are those after it.
    pub(super) fn change(&mut self, files: &Files, changes: &[Change], base: &PathBase) -> Relinked {
        let mut manifests = BTreeSet::new();
        let (mut folders, mut settled) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            self.note_runners(change);
            folders.insert(change.path.folder());
            let (was, is) = change.builds();
            if was != is {
                self.builders.set(&change.path, is);
                for name in Builders::names(&change.path) {
                    manifests.extend(self.runners.get(name).into_iter().flatten().cloned());
                }
                settled.insert(change.path.folder());
            }
            if change.old_manifest().is_some() || change.new_manifest().is_some() {
                manifests.insert(change.path.clone());
            }
        }
        for folder in folders {
            let found = self.builders.build_in(folder).then(|| image_alone_in(files, folder)).flatten();
            if self.alone.get(folder) != found.as_ref() || settled.contains(folder) {
                manifests.extend(manifests_in(files, folder).map(|(path, _)| path.clone()));
                match found {
                    Some(found) => drop(self.alone.insert(folder.to_owned(), found)),
                    None => drop(self.alone.remove(folder)),
                }
            }
        }
        let mut relinked = Relinked::default();
        manifests.into_iter().for_each(|path| self.link(files, path, base, &mut relinked));
        relinked
    }

    fn note_runners(&mut self, change: &Change) {
        for name in change.old_manifest().into_iter().flat_map(own_images).map(last_part) {
            if let Some(paths) = self.runners.get_mut(name) {
                paths.remove(&change.path);
            }
        }
        for name in change.new_manifest().into_iter().flat_map(own_images).map(last_part) {
            self.runners.entry(name.into()).or_default().insert(change.path.clone());
        }
    }

    /// Links one manifest anew.
    fn link(&mut self, files: &Files, path: RelPath, base: &PathBase, relinked: &mut Relinked) {
        let start = ContainerKey { path: path.clone(), at: (0, 0), container: 0 };
        let old = self.of.range(start..).take_while(|(key, _)| key.path == path);
        let old: BTreeMap<ContainerKey, Link> = old.map(|(key, link)| (key.clone(), link.clone())).collect();
        let new = super::change::manifest(files.get(&path));
        let new = new.map(|manifest| self.found(&path, manifest, base)).unwrap_or_default();
        // Also where the links are the same: who runs as what may be told otherwise.
        relinked.dockerfiles.extend(old.values().chain(new.values()).map(|link| link.in_repository.clone()));
        if old == new {
            return;
        }
        for (key, link) in old {
            self.of.remove(&key);
            if let Some(users) = self.users.get_mut(&link.in_repository) {
                users.remove(&key);
            }
        }
        for (key, link) in new {
            self.users.entry(link.in_repository.clone()).or_default().insert(key.clone());
            self.of.insert(key, link);
        }
        relinked.manifests.insert(path);
    }

    fn found(
        &self,
        path: &RelPath,
        manifest: &ManifestFacts,
        base: &PathBase,
    ) -> BTreeMap<ContainerKey, Link> {
        let alone = self.alone.get(path.folder());
        let mut links = BTreeMap::new();
        for pod in &manifest.pods {
            for (container, facts) in pod.containers.iter().enumerate() {
                let Some(image) = facts.own_image.as_deref() else { continue };
                let beside = alone.is_some_and(|only| only == image);
                if let Some((built, evidence)) = self.builders.link(path, last_part(image), beside) {
                    let dockerfile = base.path_for_people(built);
                    let link = Link { dockerfile, in_repository: built.clone(), evidence };
                    links.insert(ContainerKey { path: path.clone(), at: pod.at, container }, link);
                }
            }
        }
        links
    }
}

fn own_images(manifest: &ManifestFacts) -> impl Iterator<Item = &str> {
    let containers = manifest.pods.iter().flat_map(|pod| &pod.containers);
    containers.filter_map(|container| container.own_image.as_deref())
}

fn last_part(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or_default()
}

/// The one image of the repository's own that the manifests of a folder run; none where there are several.
fn image_alone_in(files: &Files, folder: &str) -> Option<String> {
    let mut names = manifests_in(files, folder).flat_map(|(_, manifest)| own_images(manifest));
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.to_owned())
}

/// The manifests directly in a folder.
fn manifests_in<'a>(
    files: &'a Files,
    folder: &'a str,
) -> impl Iterator<Item = (&'a RelPath, &'a ManifestFacts)> {
    let below = files.range(first_below(folder)..).take_while(move |(path, _)| is_below(path, folder));
    below.filter(move |(path, _)| path.folder() == folder).filter_map(|(path, facts)| match &**facts {
        Facts::Manifest(manifest) => Some((path, manifest)),
        Facts::Build(_) => None,
    })
}

/// Before every path below the folder, in their order.
pub(super) fn first_below(folder: &str) -> RelPath {
    if folder.is_empty() { RelPath::from("") } else { RelPath::from(format!("{folder}/").as_str()) }
}

pub(super) fn is_below(path: &RelPath, folder: &str) -> bool {
    folder.is_empty() || path.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
