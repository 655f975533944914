//! Links containers to the Dockerfiles that build their images, by evidence in the repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::dockerfile_index::DockerfileIndex;
use super::facts_delta::FactsDelta;
use super::{ContainerKey, FileFacts, ManifestFacts};
use crate::repo::{PathBase, RelPath};

/// A Dockerfile that builds a container's image, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLink {
    pub dockerfile: RelPath,
    /// The Dockerfile's path in the repository.
    pub(super) in_repository: RelPath,
    /// The evidence, for the screen: `its folder is named as the image`.
    pub evidence: &'static str,
}

pub(super) type FactsByFile = BTreeMap<RelPath, Arc<FileFacts>>;

/// The link of each container that has one, and what links follow from: a link depends on which Dockerfiles there are
/// and on the images that the manifests of the same folder run, on nothing else.
#[derive(Clone, Debug, Default)]
pub(super) struct ImageLinks {
    /// The links by file, document, pod and place.
    by_container: BTreeMap<ContainerKey, ImageLink>,
    dockerfiles: DockerfileIndex,
    /// The containers that are linked to a Dockerfile.
    containers_by_dockerfile: HashMap<RelPath, BTreeSet<ContainerKey>>,
    /// The manifests that run an image of the repository's own, by the last part of its name.
    manifests_by_image: HashMap<Box<str>, BTreeSet<RelPath>>,
    /// The one image of the repository's own that the manifests of a folder with a Dockerfile run.
    only_image_by_folder: HashMap<String, String>,
}

/// The links that have changed.
#[derive(Default)]
pub(super) struct LinkDelta {
    pub manifests: BTreeSet<RelPath>,
    pub dockerfiles: BTreeSet<RelPath>,
}

impl ImageLinks {
    pub(super) fn link_of(&self, key: &ContainerKey) -> Option<&ImageLink> {
        self.by_container.get(key)
    }

    pub(super) fn iter_links(&self) -> impl Iterator<Item = (&ContainerKey, &ImageLink)> {
        self.by_container.iter()
    }

    /// The containers that run what the Dockerfile builds, in the order of the files.
    pub(super) fn containers_running(&self, dockerfile: &RelPath) -> impl Iterator<Item = &ContainerKey> {
        self.containers_by_dockerfile.get(dockerfile).into_iter().flatten()
    }

    /// Links anew whatever may be linked otherwise after a change; `files` are those after it.
    pub(super) fn apply_deltas(
        &mut self,
        files: &FactsByFile,
        changes: &[FactsDelta],
        base: &PathBase,
    ) -> LinkDelta {
        let mut manifests = BTreeSet::new();
        let (mut folders, mut settled) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            self.replace_runners(change);
            folders.insert(change.path.folder());
            let (was, is) = change.dockerfile_before_after();
            if was != is {
                self.dockerfiles.set_dockerfile(&change.path, is);
                for name in DockerfileIndex::image_names(&change.path) {
                    manifests.extend(self.manifests_by_image.get(name).into_iter().flatten().cloned());
                }
                settled.insert(change.path.folder());
            }
            if change.old_manifest().is_some() || change.new_manifest().is_some() {
                manifests.insert(change.path.clone());
            }
        }
        for folder in folders {
            let found =
                self.dockerfiles.has_dockerfile_in(folder).then(|| only_image_in(files, folder)).flatten();
            if self.only_image_by_folder.get(folder) != found.as_ref() || settled.contains(folder) {
                manifests.extend(manifests_in(files, folder).map(|(path, _)| path.clone()));
                match found {
                    Some(found) => drop(self.only_image_by_folder.insert(folder.to_owned(), found)),
                    None => drop(self.only_image_by_folder.remove(folder)),
                }
            }
        }
        let mut relinked = LinkDelta::default();
        manifests.into_iter().for_each(|path| self.relink_manifest(files, path, base, &mut relinked));
        relinked
    }

    fn replace_runners(&mut self, change: &FactsDelta) {
        for name in change.old_manifest().into_iter().flat_map(manifest_own_images).map(last_name_part) {
            if let Some(paths) = self.manifests_by_image.get_mut(name) {
                paths.remove(&change.path);
            }
        }
        for name in change.new_manifest().into_iter().flat_map(manifest_own_images).map(last_name_part) {
            self.manifests_by_image.entry(name.into()).or_default().insert(change.path.clone());
        }
    }

    /// Links one manifest anew.
    fn relink_manifest(
        &mut self,
        files: &FactsByFile,
        path: RelPath,
        base: &PathBase,
        relinked: &mut LinkDelta,
    ) {
        let start = ContainerKey { path: path.clone(), position: (0, 0), container: 0 };
        let old = self.by_container.range(start..).take_while(|(key, _)| key.path == path);
        let old: BTreeMap<ContainerKey, ImageLink> =
            old.map(|(key, link)| (key.clone(), link.clone())).collect();
        let new = super::facts_delta::manifest_facts(files.get(&path));
        let new = new.map(|manifest| self.find_links(&path, manifest, base)).unwrap_or_default();
        // Also where the links are the same: their uids may have changed.
        relinked.dockerfiles.extend(old.values().chain(new.values()).map(|link| link.in_repository.clone()));
        if old == new {
            return;
        }
        for (key, link) in old {
            self.by_container.remove(&key);
            if let Some(users) = self.containers_by_dockerfile.get_mut(&link.in_repository) {
                users.remove(&key);
            }
        }
        for (key, link) in new {
            self.containers_by_dockerfile.entry(link.in_repository.clone()).or_default().insert(key.clone());
            self.by_container.insert(key, link);
        }
        relinked.manifests.insert(path);
    }

    fn find_links(
        &self,
        path: &RelPath,
        manifest: &ManifestFacts,
        base: &PathBase,
    ) -> BTreeMap<ContainerKey, ImageLink> {
        let alone = self.only_image_by_folder.get(path.folder());
        let mut links = BTreeMap::new();
        for pod in &manifest.pods {
            for (container, facts) in pod.containers.iter().enumerate() {
                let Some(image) = facts.own_image.as_deref() else { continue };
                let beside = alone.is_some_and(|only| only == image);
                if let Some((built, evidence)) =
                    self.dockerfiles.find_link(path, last_name_part(image), beside)
                {
                    let dockerfile = base.path_for_people(built);
                    let link = ImageLink { dockerfile, in_repository: built.clone(), evidence };
                    links
                        .insert(ContainerKey { path: path.clone(), position: pod.position, container }, link);
                }
            }
        }
        links
    }
}

fn manifest_own_images(manifest: &ManifestFacts) -> impl Iterator<Item = &str> {
    let containers = manifest.pods.iter().flat_map(|pod| &pod.containers);
    containers.filter_map(|container| container.own_image.as_deref())
}

fn last_name_part(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or_default()
}

/// The one image of the repository's own that the manifests of a folder run; none where there are several.
fn only_image_in(files: &FactsByFile, folder: &str) -> Option<String> {
    let mut names = manifests_in(files, folder).flat_map(|(_, manifest)| manifest_own_images(manifest));
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.to_owned())
}

/// The manifests directly in a folder.
fn manifests_in<'a, 'f>(
    files: &'a FactsByFile,
    folder: &'f str,
) -> impl Iterator<Item = (&'a RelPath, &'a ManifestFacts)> + use<'a, 'f> {
    let below = files.range(first_below(folder)..).take_while(move |(path, _)| is_below(path, folder));
    below.filter(move |(path, _)| path.folder() == folder).filter_map(|(path, facts)| match &**facts {
        FileFacts::Manifest(manifest) => Some((path, manifest)),
        FileFacts::Dockerfile(_) => None,
    })
}

/// A path before every path below the folder, in their order.
pub(super) fn first_below(folder: &str) -> RelPath {
    if folder.is_empty() { RelPath::from("") } else { RelPath::from(format!("{folder}/").as_str()) }
}

pub(super) fn is_below(path: &RelPath, folder: &str) -> bool {
    folder.is_empty() || path.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
