//! One uid for an app: the same in its Dockerfile and in every workload that runs its image.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;

use super::change::{Change, Counts, manifest};
use super::link::{Files, Links};
use super::{BuildFacts, ContainerFacts, ContainerKey, Facts, ImageUser};
use crate::repo::{PathBase, RelPath};
use crate::settings::Settings;
use crate::text::stable_hash;

/// From here on no host's own account is met: package managers give out ids below 1000 to services, and the ids above
/// are people's, one by one. The bound is that of other tools too (checkov CKV_K8S_40, trivy KSV-0020).
pub(crate) const LOWEST_UID: i64 = 10_000;

/// As whom a program should run. Where no number is settled for an image, a person must say one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub uid: u32,
    pub gid: u32,
    pub from: From,
}

/// Where the number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The Dockerfile says it.
    Dockerfile,
    /// A workload that runs the image says it.
    Workload,
    /// The well-known image is built to run as it.
    Image,
    /// A person chose it.
    Person,
    /// It is derived from the app's name.
    Derived,
}

/// When neither the image nor a folder nor a stage has a name.
const FALLBACK: &str = "app";

/// The number of each Dockerfile's app, and what it follows from.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    settled: HashMap<RelPath, Who>,
    /// Every high number that is written anywhere.
    taken: Counts<u32>,
    /// The Dockerfiles whose number is derived, with the name that it is derived from.
    names: BTreeMap<RelPath, String>,
    /// The numbers that are derived, and the taken ones that were passed over.
    derived: HashSet<u32>,
    passed: HashSet<u32>,
}

impl Numbers {
    pub(super) fn of(&self, dockerfile: &RelPath) -> Option<Who> {
        self.settled.get(dockerfile).copied()
    }

    /// A number for an image that nothing here builds, and those that apps here have: written, chosen or derived.
    pub(super) fn free(&self, image: &str, settings: &Settings) -> (u32, BTreeSet<u32>) {
        let chosen = settings.chosen.users.values().map(|(uid, _)| *uid);
        let settled = self.settled.values().map(|who| who.uid);
        let taken: BTreeSet<u32> = self.taken.keys().copied().chain(settled).chain(chosen).collect();
        (derive(image, &settings.uids, |uid| taken.contains(&uid)), taken)
    }

    /// Settles anew whatever may be settled otherwise, and says for which Dockerfiles there is another number now.
    /// `relinked` are those whose workloads may say something else.
    pub(super) fn change(
        &mut self,
        files: &Files,
        links: &Links,
        changes: &[Change],
        relinked: &BTreeSet<RelPath>,
        settings: &Settings,
    ) -> BTreeSet<RelPath> {
        let mut derive = self.take_numbers(changes);
        let changed = changes.iter().filter(|change| change.builds() != (false, false));
        let mut moved = BTreeSet::new();
        for path in changed.map(|change| &change.path).chain(relinked) {
            derive |= self.settle(files, links, path, settings, &mut moved);
        }
        if derive {
            self.derive(&settings.uids, &mut moved);
        }
        moved
    }

    /// Takes in which numbers a person chose since.
    pub(super) fn rechoose(&mut self, files: &Files, links: &Links, settings: &Settings) {
        let builds = files.iter().filter(|(_, facts)| matches!(&***facts, Facts::Build(_)));
        let mut moved = BTreeSet::new();
        for (path, _) in builds {
            self.settle(files, links, path, settings, &mut moved);
        }
        self.derive(&settings.uids, &mut moved);
    }

    /// Whether some number is taken or free now on which a derived one depends.
    fn take_numbers(&mut self, changes: &[Change]) -> bool {
        let mut before: HashMap<u32, bool> = HashMap::new();
        for change in changes {
            for uid in change.old.as_deref().into_iter().flat_map(numbers) {
                before.entry(uid).or_insert_with(|| self.taken.has(&uid));
                self.taken.take(&uid);
            }
            for uid in change.new.as_deref().into_iter().flat_map(numbers) {
                before.entry(uid).or_insert_with(|| self.taken.has(&uid));
                self.taken.add(&uid);
            }
        }
        before.into_iter().any(|(uid, was)| match (was, self.taken.has(&uid)) {
            (false, true) => self.derived.contains(&uid),
            (true, false) => self.passed.contains(&uid),
            _ => false,
        })
    }

    /// Settles one Dockerfile's number, unless it is to be derived; says whether the derived ones are to be made anew.
    fn settle(
        &mut self,
        files: &Files,
        links: &Links,
        path: &RelPath,
        settings: &Settings,
        moved: &mut BTreeSet<RelPath>,
    ) -> bool {
        let Some(Facts::Build(build)) = files.get(path).map(|facts| &**facts) else {
            if self.settled.remove(path).is_some() {
                moved.insert(path.clone());
            }
            return self.names.remove(path).is_some();
        };
        let mut containers = links.users(path).filter_map(|key| container(files, key)).peekable();
        let image = containers.peek().and_then(|container| container.own_image.clone());
        let shown = PathBase::new(&settings.below).path_for_people(path);
        let chosen = settings.chosen.users.get(shown.as_str());
        let who = said(build)
            .or_else(|| chosen.map(|(uid, gid)| Who { uid: *uid, gid: *gid, from: From::Person }))
            .or_else(|| containers.find_map(high).map(|uid| Who { uid, gid: uid, from: From::Workload }))
            .or_else(|| build.built_for.map(|(uid, gid)| Who { uid, gid, from: From::Image }));
        let Some(who) = who else {
            let name = image.unwrap_or_else(|| name(path, build));
            return self.names.insert(path.clone(), name.clone()) != Some(name);
        };
        if self.settled.insert(path.clone(), who) != Some(who) {
            moved.insert(path.clone());
        }
        self.names.remove(path).is_some()
    }

    /// Derives a number from each name, in the order of the files.
    fn derive(&mut self, range: &RangeInclusive<u32>, moved: &mut BTreeSet<RelPath>) {
        let mut by_name: HashMap<&str, u32> = HashMap::new();
        self.derived.clear();
        self.passed.clear();
        for (path, name) in &self.names {
            let uid = *by_name.entry(name).or_insert_with_key(|name| {
                let uid = derive(name, range, |uid| {
                    let taken = self.taken.has(&uid);
                    if taken {
                        self.passed.insert(uid);
                    }
                    taken || self.derived.contains(&uid)
                });
                self.derived.insert(uid);
                uid
            });
            let who = Who { uid, gid: uid, from: From::Derived };
            if self.settled.insert(path.clone(), who) != Some(who) {
                moved.insert(path.clone());
            }
        }
    }
}

/// A high uid that the Dockerfile ends as.
fn said(build: &BuildFacts) -> Option<Who> {
    let (uid, gid) = match build.user {
        ImageUser::Number { uid, gid } => (uid, gid),
        ImageUser::Name { uid: Some(uid), .. } => (uid, None),
        _ => return None,
    };
    is_high(i64::from(uid)).then(|| Who {
        uid,
        gid: gid.filter(|gid| *gid != 0).unwrap_or(uid),
        from: From::Dockerfile,
    })
}

fn is_high(uid: i64) -> bool {
    uid >= LOWEST_UID
}

/// A number from the range, by the name; on past those that are taken.
fn derive(name: &str, range: &RangeInclusive<u32>, mut is_taken: impl FnMut(u32) -> bool) -> u32 {
    let count = u64::from(range.end() - range.start()) + 1;
    let first = stable_hash(name.as_bytes()) % count;
    let nth = |n: u64| range.start() + u32::try_from((first + n) % count).unwrap_or_default();
    (0..count).map(nth).find(|uid| !is_taken(*uid)).unwrap_or(nth(0))
}

fn name(path: &RelPath, build: &BuildFacts) -> String {
    let folder = path.folder().rsplit('/').next().filter(|folder| !folder.is_empty());
    folder.or(build.stage_name.as_deref()).unwrap_or(FALLBACK).to_owned()
}

/// Every high number that a file writes.
fn numbers(facts: &Facts) -> impl Iterator<Item = u32> {
    let (build, manifest) = match facts {
        Facts::Build(build) => (Some(build), None),
        Facts::Manifest(manifest) => (None, Some(manifest)),
    };
    let pods = manifest.into_iter().flat_map(|manifest| &manifest.pods);
    let containers = pods.flat_map(|pod| &pod.containers).filter_map(high);
    build.and_then(said).map(|who| who.uid).into_iter().chain(containers)
}

fn container<'a>(files: &'a Files, key: &ContainerKey) -> Option<&'a ContainerFacts> {
    let manifest = manifest(files.get(&key.path))?;
    manifest.pods.iter().find(|pod| pod.at == key.at)?.containers.get(key.container)
}

/// The high number that a container runs as.
fn high(container: &ContainerFacts) -> Option<u32> {
    container.uid.filter(|uid| is_high(*uid)).and_then(|uid| u32::try_from(uid).ok())
}
