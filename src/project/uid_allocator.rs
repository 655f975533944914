//! Chooses one uid for an app, for fixes: the same in its Dockerfile and in every workload that runs its image.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;

use super::facts_delta::{FactsByFile, FactsDelta, OccurrenceCounts, manifest_facts};
use super::image_links::ImageLinks;
use super::{ContainerFacts, ContainerKey, DockerfileFacts, FileFacts, ImageUser};
use crate::repo::RelPath;
use crate::settings::Settings;
use crate::text::stable_hash;

/// The lowest uid that hosts give no account: package managers give ids below 1000 to services, and the ids above are
/// people's, one by one. The bound is that of other tools too (checkov CKV_K8S_40, trivy KSV-0020).
pub(crate) const LOWEST_UID: i64 = 10_000;

/// The user and group that a program should run as. Where an image has none, a person must give them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunAs {
    pub uid: u32,
    pub gid: u32,
    pub source: UidSource,
}

/// The source of the uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UidSource {
    /// The Dockerfile sets it.
    Dockerfile,
    /// A workload that runs the image sets it.
    Workload,
    /// The well-known image is built to run as it.
    Image,
    /// A person chose it.
    Person,
    /// It is derived from the app's name.
    Derived,
}

/// The name where neither the image nor a folder nor a stage has one.
const FALLBACK: &str = "app";

/// The user of each Dockerfile's app, and the facts it follows from.
#[derive(Clone, Debug, Default)]
pub(super) struct UidAllocator {
    assignments: HashMap<RelPath, RunAs>,
    /// Every high uid that is written anywhere.
    written_uids: OccurrenceCounts<u32>,
    /// The Dockerfiles whose uid is derived, with the name that it is derived from.
    derivation_names: BTreeMap<RelPath, String>,
    /// The uids that are derived, and the taken ones that were skipped.
    derived_uids: HashSet<u32>,
    skipped_uids: HashSet<u32>,
}

impl UidAllocator {
    pub(super) fn run_as(&self, dockerfile: &RelPath) -> Option<RunAs> {
        self.assignments.get(dockerfile).copied()
    }

    /// A uid for an image that nothing here builds, and those that apps here have: written, chosen or derived.
    pub(super) fn free_uid(&self, image: &str, settings: &Settings) -> (u32, BTreeSet<u32>) {
        let set = settings.users.values().chain(settings.chosen_values.users.values());
        let chosen = set.map(|(uid, _)| *uid);
        let settled = self.assignments.values().map(|who| who.uid);
        let taken: BTreeSet<u32> = self.written_uids.keys().copied().chain(settled).chain(chosen).collect();
        (derive_uid(image, &settings.uid_range, |uid| taken.contains(&uid)), taken)
    }

    /// Assigns anew where the changes may decide otherwise, and returns the Dockerfiles with another uid now.
    /// `relinked` are those whose workloads may have changed.
    pub(super) fn apply_deltas(
        &mut self,
        files: &FactsByFile,
        links: &ImageLinks,
        changes: &[FactsDelta],
        relinked: &BTreeSet<RelPath>,
        settings: &Settings,
    ) -> BTreeSet<RelPath> {
        let mut derive = self.count_written(changes);
        let changed = changes.iter().filter(|change| change.dockerfile_before_after() != (false, false));
        let mut moved = BTreeSet::new();
        for path in changed.map(|change| &change.path).chain(relinked) {
            derive |= self.assign_uid(files, links, path, settings, &mut moved);
        }
        if derive {
            self.derive_all(&settings.uid_range, &mut moved);
        }
        moved
    }

    /// Applies the uids that a person chose since.
    pub(super) fn reassign_all(&mut self, files: &FactsByFile, links: &ImageLinks, settings: &Settings) {
        let builds = files.iter().filter(|(_, facts)| matches!(&***facts, FileFacts::Dockerfile(_)));
        let mut moved = BTreeSet::new();
        for (path, _) in builds {
            self.assign_uid(files, links, path, settings, &mut moved);
        }
        self.derive_all(&settings.uid_range, &mut moved);
    }

    /// True when some uid is taken or free now on which a derived one depends.
    fn count_written(&mut self, changes: &[FactsDelta]) -> bool {
        let mut before: HashMap<u32, bool> = HashMap::new();
        for change in changes {
            for uid in change.old.as_deref().into_iter().flat_map(written_uids) {
                before.entry(uid).or_insert_with(|| self.written_uids.contains_key(&uid));
                self.written_uids.remove_one(&uid);
            }
            for uid in change.new.as_deref().into_iter().flat_map(written_uids) {
                before.entry(uid).or_insert_with(|| self.written_uids.contains_key(&uid));
                self.written_uids.add_one(&uid);
            }
        }
        before.into_iter().any(|(uid, was)| match (was, self.written_uids.contains_key(&uid)) {
            (false, true) => self.derived_uids.contains(&uid),
            (true, false) => self.skipped_uids.contains(&uid),
            _ => false,
        })
    }

    /// Assigns one Dockerfile's uid, unless it is to be derived; returns true where the derived ones must be made anew.
    fn assign_uid(
        &mut self,
        files: &FactsByFile,
        links: &ImageLinks,
        path: &RelPath,
        settings: &Settings,
        moved: &mut BTreeSet<RelPath>,
    ) -> bool {
        let Some(FileFacts::Dockerfile(build)) = files.get(path).map(|facts| &**facts) else {
            if self.assignments.remove(path).is_some() {
                moved.insert(path.clone());
            }
            return self.derivation_names.remove(path).is_some();
        };
        let mut containers =
            links.containers_running(path).filter_map(|key| find_container(files, key)).peekable();
        let image = containers.peek().and_then(|container| container.own_image.clone());
        let chosen = settings.user_of_dockerfile(path);
        // Of a uid that the file decides, a person may still choose the group.
        let of_file = dockerfile_run_as(build).map(|own| match chosen {
            Some((uid, gid)) if uid == own.uid => RunAs { gid, ..own },
            _ => own,
        });
        let who = of_file
            .or_else(|| chosen.map(|(uid, gid)| RunAs { uid, gid, source: UidSource::Person }))
            .or_else(|| {
                containers.find_map(high_uid).map(|uid| RunAs { uid, gid: uid, source: UidSource::Workload })
            })
            .or_else(|| build.base_identity.map(|(uid, gid)| RunAs { uid, gid, source: UidSource::Image }));
        let Some(who) = who else {
            let name = image.unwrap_or_else(|| derivation_name(path, build));
            return self.derivation_names.insert(path.clone(), name.clone()) != Some(name);
        };
        if self.assignments.insert(path.clone(), who) != Some(who) {
            moved.insert(path.clone());
        }
        self.derivation_names.remove(path).is_some()
    }

    /// Derives a uid from each name, in the order of the files.
    fn derive_all(&mut self, range: &RangeInclusive<u32>, moved: &mut BTreeSet<RelPath>) {
        let mut by_name: HashMap<&str, u32> = HashMap::new();
        self.derived_uids.clear();
        self.skipped_uids.clear();
        for (path, name) in &self.derivation_names {
            let uid = *by_name.entry(name).or_insert_with_key(|name| {
                let uid = derive_uid(name, range, |uid| {
                    let taken = self.written_uids.contains_key(&uid);
                    if taken {
                        self.skipped_uids.insert(uid);
                    }
                    taken || self.derived_uids.contains(&uid)
                });
                self.derived_uids.insert(uid);
                uid
            });
            let who = RunAs { uid, gid: uid, source: UidSource::Derived };
            if self.assignments.insert(path.clone(), who) != Some(who) {
                moved.insert(path.clone());
            }
        }
    }
}

/// A high uid that the Dockerfile ends as.
fn dockerfile_run_as(build: &DockerfileFacts) -> Option<RunAs> {
    let (uid, gid) = match build.user {
        ImageUser::Number { uid, gid } => (uid, gid),
        ImageUser::Name { uid: Some(uid), .. } => (uid, None),
        _ => return None,
    };
    is_high_uid(i64::from(uid)).then(|| RunAs {
        uid,
        gid: gid.filter(|gid| *gid != 0).unwrap_or(uid),
        source: UidSource::Dockerfile,
    })
}

fn is_high_uid(uid: i64) -> bool {
    uid >= LOWEST_UID
}

/// A uid from the range, by the name; on past those that are taken.
fn derive_uid(name: &str, range: &RangeInclusive<u32>, mut is_taken: impl FnMut(u32) -> bool) -> u32 {
    let count = u64::from(range.end() - range.start()) + 1;
    let first = stable_hash(name.as_bytes()) % count;
    let nth = |n: u64| range.start() + u32::try_from((first + n) % count).unwrap_or_default();
    (0..count).map(nth).find(|uid| !is_taken(*uid)).unwrap_or(nth(0))
}

fn derivation_name(path: &RelPath, build: &DockerfileFacts) -> String {
    let folder = path.folder().rsplit('/').next().filter(|folder| !folder.is_empty());
    folder.or(build.stage_name.as_deref()).unwrap_or(FALLBACK).to_owned()
}

/// Every high uid that a file writes.
fn written_uids(facts: &FileFacts) -> impl Iterator<Item = u32> {
    let (build, manifest) = match facts {
        FileFacts::Dockerfile(build) => (Some(build), None),
        FileFacts::Manifest(manifest) => (None, Some(manifest)),
    };
    let pods = manifest.into_iter().flat_map(|manifest| &manifest.pods);
    let containers = pods.flat_map(|pod| &pod.containers).filter_map(high_uid);
    build.and_then(dockerfile_run_as).map(|who| who.uid).into_iter().chain(containers)
}

pub(super) fn find_container<'a>(files: &'a FactsByFile, key: &ContainerKey) -> Option<&'a ContainerFacts> {
    let manifest = manifest_facts(files.get(&key.path))?;
    manifest.find_pod(key.position)?.containers.get(key.container)
}

/// The high uid that a container runs as.
fn high_uid(container: &ContainerFacts) -> Option<u32> {
    container.uid.filter(|uid| is_high_uid(*uid)).and_then(|uid| u32::try_from(uid).ok())
}
