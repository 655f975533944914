//! Links containers to the Dockerfiles that build their images, by evidence in the repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::claim_index::{ClaimIndex, StageClaim};
use super::dockerfile_index::DockerfileIndex;
use super::facts_delta::{FactsByFile, FactsDelta, first_below, is_below};
use super::kustomization_index::KustomizationIndex;
use super::link_answer::{ImageLink, LinkAnswer};
use super::link_finder::LinkFinder;
use super::{ContainerKey, DockerfileFacts, FileFacts, ManifestFacts};
use crate::builds::{BuildArgument, BuildFiles, BuildText, ImageClaim};
use crate::image::Reference;
use crate::repo::{PathBase, RelPath};
use crate::settings::LinkSetting;

/// The link of each container that has one, and what links follow from: which Dockerfiles there are, what build files say,
/// how kustomizations replace images, and which images the manifests of the same folder run.
#[derive(Clone, Debug, Default)]
pub(super) struct ImageLinks {
    /// The links by file, document, pod and place.
    by_container: BTreeMap<ContainerKey, LinkAnswer>,
    dockerfiles: DockerfileIndex,
    builds: BuildFiles,
    claims: ClaimIndex,
    /// The containers that are linked to a Dockerfile.
    containers_by_dockerfile: HashMap<RelPath, BTreeSet<ContainerKey>>,
    /// The manifests that run an image of the repository's own, by the last part of its name.
    manifests_by_image: HashMap<Box<str>, BTreeSet<RelPath>>,
    /// The one image of the repository's own that the manifests of a folder with a Dockerfile run.
    only_image_by_folder: HashMap<String, String>,
}

/// The rest of the index, as links depend on it.
#[derive(Clone, Copy)]
pub(super) struct LinkSurroundings<'a> {
    pub files: &'a FactsByFile,
    pub kustomizations: &'a KustomizationIndex,
    pub base: &'a PathBase,
    pub set_links: &'a [LinkSetting],
}

/// The links that have changed.
#[derive(Default)]
pub(super) struct LinkDelta {
    pub manifests: BTreeSet<RelPath>,
    pub dockerfiles: BTreeSet<RelPath>,
}

impl ImageLinks {
    pub(super) fn answer_of(&self, key: &ContainerKey) -> Option<&LinkAnswer> {
        self.by_container.get(key)
    }

    pub(super) fn iter_links(&self) -> impl Iterator<Item = (&ContainerKey, &ImageLink)> {
        self.by_container.iter().filter_map(|(key, answer)| Some((key, answer.link()?)))
    }

    /// What the build of a link's image is given, by the weightiest of what shows the link; the paths are those in the
    /// repository.
    pub(super) fn build_arguments(
        &self,
        link: &ImageLink,
        image: Option<&Reference>,
        base: &PathBase,
    ) -> Vec<BuildArgument> {
        let Some(seen) = link.evidence.first() else { return Vec::new() };
        let path = base.path_in_repository(&seen.path);
        self.claims.arguments_at((&path, seen.line), &link.in_repository, image)
    }

    /// The first build file's line of those that build another stage of a Dockerfile, by its path in the repository, than
    /// its last, where all do.
    pub(super) fn claim_of_other_stage(
        &self,
        dockerfile: &RelPath,
        last: Option<&str>,
    ) -> Option<&StageClaim> {
        self.claims.claim_of_other_stage(dockerfile, last)
    }

    /// The services that compose builds, with what each is built from.
    pub(super) fn service_answers(
        &self,
        surroundings: LinkSurroundings<'_>,
    ) -> Vec<(&ImageClaim, LinkAnswer)> {
        let finder = self.finder(surroundings);
        let services = self.claims.services().iter();
        services.filter_map(|claim| Some((claim, finder.answer_for_service(claim)?))).collect()
    }

    /// Takes in the texts of build files, and links anew what they may speak of.
    pub(super) fn apply_build_files(
        &mut self,
        changes: Vec<(RelPath, Option<BuildText>)>,
        root_name: &str,
        surroundings: LinkSurroundings<'_>,
    ) -> LinkDelta {
        let mut relinked = LinkDelta::default();
        if self.builds.apply_changes(changes, root_name) {
            self.claims = ClaimIndex::of_files(&self.builds);
            self.relink_all(surroundings, &mut relinked);
        }
        relinked
    }

    fn relink_all(&mut self, surroundings: LinkSurroundings<'_>, relinked: &mut LinkDelta) {
        let manifests =
            surroundings.files.iter().filter(|(_, facts)| matches!(&***facts, FileFacts::Manifest(_)));
        let paths: Vec<RelPath> = manifests.map(|(path, _)| path.clone()).collect();
        paths.into_iter().for_each(|path| self.relink_manifest(surroundings, path, relinked));
    }

    const fn finder<'a>(&'a self, surroundings: LinkSurroundings<'a>) -> LinkFinder<'a> {
        LinkFinder {
            files: surroundings.files,
            dockerfiles: &self.dockerfiles,
            claims: &self.claims,
            kustomizations: surroundings.kustomizations,
            base: surroundings.base,
            set_links: surroundings.set_links,
        }
    }

    /// The containers that run what the Dockerfile builds, in the order of the files.
    pub(super) fn containers_running(&self, dockerfile: &RelPath) -> impl Iterator<Item = &ContainerKey> {
        self.containers_by_dockerfile.get(dockerfile).into_iter().flatten()
    }

    /// Links anew whatever may be linked otherwise after a change; the surroundings are those after it. `kustomized` are the
    /// paths whose images kustomizations may replace otherwise.
    pub(super) fn apply_deltas(
        &mut self,
        surroundings: LinkSurroundings<'_>,
        changes: &[FactsDelta],
        kustomized: &[String],
    ) -> LinkDelta {
        let files = surroundings.files;
        let mut manifests: BTreeSet<RelPath> = kustomized.iter().map(|path| path.as_str().into()).collect();
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
            if is_on_other_base(change) {
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
        let is_set = |change: &FactsDelta| {
            let (was, is) = change.dockerfile_before_after();
            was != is
                && surroundings
                    .set_links
                    .iter()
                    .any(|set| set.dockerfile.as_deref() == Some(change.path.as_str()))
        };
        if !self.claims.is_empty() && changes.iter().any(changes_builds) || changes.iter().any(is_set) {
            self.relink_all(surroundings, &mut relinked);
        } else {
            manifests.into_iter().for_each(|path| self.relink_manifest(surroundings, path, &mut relinked));
        }
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
        surroundings: LinkSurroundings<'_>,
        path: RelPath,
        relinked: &mut LinkDelta,
    ) {
        let start = ContainerKey { path: path.clone(), position: (0, 0), container: 0 };
        let old = self.by_container.range(start..).take_while(|(key, _)| key.path == path);
        let old: BTreeMap<ContainerKey, LinkAnswer> =
            old.map(|(key, answer)| (key.clone(), answer.clone())).collect();
        let new = super::facts_delta::manifest_facts(surroundings.files.get(&path));
        let new = new.map(|manifest| self.find_answers(surroundings, &path, manifest)).unwrap_or_default();
        // Also where the links are the same: their uids may have changed.
        let both = old.values().chain(new.values()).filter_map(LinkAnswer::link);
        relinked.dockerfiles.extend(both.map(|link| link.in_repository.clone()));
        if old == new {
            return;
        }
        for (key, answer) in old {
            self.by_container.remove(&key);
            if let Some(link) = answer.link_to_last_stage()
                && let Some(users) = self.containers_by_dockerfile.get_mut(&link.in_repository)
            {
                users.remove(&key);
            }
        }
        for (key, answer) in new {
            if let Some(link) = answer.link_to_last_stage() {
                let users = self.containers_by_dockerfile.entry(link.in_repository.clone()).or_default();
                users.insert(key.clone());
            }
            self.by_container.insert(key, answer);
        }
        relinked.manifests.insert(path);
    }

    fn find_answers(
        &self,
        surroundings: LinkSurroundings<'_>,
        path: &RelPath,
        manifest: &ManifestFacts,
    ) -> BTreeMap<ContainerKey, LinkAnswer> {
        let alone = self.only_image_by_folder.get(path.folder());
        let finder = self.finder(surroundings);
        let mut answers = BTreeMap::new();
        for pod in &manifest.pods {
            for (container, facts) in pod.containers.iter().enumerate() {
                let Some(image) = facts.image.as_deref() else { continue };
                let beside = alone.is_some_and(|only| Some(only) == facts.own_image.as_ref());
                if let Some(answer) = finder.find_answer(path, image, beside) {
                    let key = ContainerKey { path: path.clone(), position: pod.position, container };
                    answers.insert(key, answer);
                }
            }
        }
        answers
    }
}

/// True where a Dockerfile came or went, or one is there whose stages or base are others now.
fn changes_builds(change: &FactsDelta) -> bool {
    let (was, is) = change.dockerfile_before_after();
    was != is
        || is_on_other_base(change)
        || build_facts(change.old.as_ref()).map(last_stage)
            != build_facts(change.new.as_ref()).map(last_stage)
}

fn last_stage(facts: &DockerfileFacts) -> Option<&str> {
    facts.stage_name.as_deref()
}

/// True for a Dockerfile that is built on another image than before.
fn is_on_other_base(change: &FactsDelta) -> bool {
    let base = |facts: Option<&Arc<FileFacts>>| build_facts(facts).and_then(|facts| facts.base_name.clone());
    base(change.old.as_ref()) != base(change.new.as_ref())
}

fn build_facts(facts: Option<&Arc<FileFacts>>) -> Option<&DockerfileFacts> {
    match &**facts? {
        FileFacts::Dockerfile(build) => Some(build),
        FileFacts::Manifest(_) => None,
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
