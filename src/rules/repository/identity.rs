//! One uid for an app: the same in its Dockerfile and in every workload that runs its image.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::link::Links;
use super::{BuildFacts, Facts, ImageUser};
use crate::image::Reference;
use crate::repo::RelPath;
use crate::rules::identity::LOWEST_UID;
use crate::settings::Settings;
use crate::text::stable_hash;

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

/// The number of each Dockerfile's app.
pub(super) fn settle(
    files: &BTreeMap<RelPath, Arc<Facts>>,
    links: &Links,
    settings: &Settings,
) -> HashMap<RelPath, Who> {
    let range = &settings.uids;
    let users = Users::of(files, links);
    let mut taken = users.taken.clone();
    let mut derived: HashMap<String, u32> = HashMap::new();
    let mut settled = HashMap::new();
    for (path, facts) in files {
        let Facts::Build(build) = &**facts else { continue };
        let chosen = settings.chosen.users.get(path.as_str());
        let who = said(build)
            .or_else(|| chosen.map(|(uid, gid)| Who { uid: *uid, gid: *gid, from: From::Person }))
            .or_else(|| {
                users.in_workloads.get(path).map(|uid| Who { uid: *uid, gid: *uid, from: From::Workload })
            })
            .or_else(|| build.built_for.map(|(uid, gid)| Who { uid, gid, from: From::Image }));
        let who = who.unwrap_or_else(|| {
            let name = users.image(path).unwrap_or_else(|| name(path, build));
            let uid = *derived.entry(name).or_insert_with_key(|name| derive(name, range, &mut taken));
            Who { uid, gid: uid, from: From::Derived }
        });
        settled.insert(path.clone(), who);
    }
    settled
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

/// A number for an image that nothing here builds, and those that apps here have: written, chosen or derived.
pub(super) fn free(
    files: &BTreeMap<RelPath, Arc<Facts>>,
    settled: &HashMap<RelPath, Who>,
    image: &str,
    settings: &Settings,
) -> (u32, BTreeSet<u32>) {
    let mut taken = Users::of(files, &Links::default()).taken;
    taken.extend(settled.values().map(|who| who.uid));
    taken.extend(settings.chosen.users.values().map(|(uid, _)| *uid));
    let uid = derive(image, &settings.uids, &mut taken.clone());
    (uid, taken)
}

/// A number from the range, by the name; on past those that are taken.
fn derive(name: &str, range: &RangeInclusive<u32>, taken: &mut BTreeSet<u32>) -> u32 {
    let count = u64::from(range.end() - range.start()) + 1;
    let first = stable_hash(name.as_bytes()) % count;
    let nth = |n: u64| range.start() + u32::try_from((first + n) % count).unwrap_or_default();
    let uid = (0..count).map(nth).find(|uid| !taken.contains(uid)).unwrap_or(nth(0));
    taken.insert(uid);
    uid
}

fn name(path: &RelPath, build: &BuildFacts) -> String {
    let folder = path.folder().rsplit('/').next().filter(|folder| !folder.is_empty());
    folder.or(build.stage_name.as_deref()).unwrap_or(FALLBACK).to_owned()
}

/// Who runs as what in the repository.
#[derive(Default)]
struct Users<'a> {
    /// Every high number that is written anywhere.
    taken: BTreeSet<u32>,
    /// The high number that the first workload of a Dockerfile's image has.
    in_workloads: HashMap<&'a RelPath, u32>,
    /// A Dockerfile's image, as each workload writes it, the first first.
    images: HashMap<&'a RelPath, Vec<&'a str>>,
}

impl<'a> Users<'a> {
    fn of(files: &'a BTreeMap<RelPath, Arc<Facts>>, links: &'a Links) -> Self {
        let mut users = Self::default();
        for facts in files.values() {
            match &**facts {
                Facts::Build(build) => users.taken.extend(said(build).map(|who| who.uid)),
                Facts::Manifest(manifest) => {
                    let containers = manifest.pods.iter().flat_map(|pod| &pod.containers);
                    users.taken.extend(containers.filter_map(high));
                }
            }
        }
        for (key, link) in links {
            let Some(Facts::Manifest(manifest)) = files.get(&key.path).map(|facts| &**facts) else {
                continue;
            };
            let pod = manifest.pods.iter().find(|pod| pod.at == key.at);
            let Some(container) = pod.and_then(|pod| pod.containers.get(key.container)) else { continue };
            if let Some(uid) = high(container) {
                users.in_workloads.entry(&link.dockerfile).or_insert(uid);
            }
            users.images.entry(&link.dockerfile).or_default().extend(container.image.as_deref());
        }
        users
    }

    /// The repository of a Dockerfile's image, as the first workload names it.
    fn image(&self, dockerfile: &RelPath) -> Option<String> {
        let mut images = self.images.get(dockerfile)?.iter();
        images.find_map(|image| Reference::parse(image).ok()).map(|image| image.name())
    }
}

/// The high number that a container runs as.
fn high(container: &super::ContainerFacts) -> Option<u32> {
    container.uid.filter(|uid| is_high(*uid)).and_then(|uid| u32::try_from(uid).ok())
}
