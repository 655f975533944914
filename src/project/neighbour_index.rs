//! Indexes what stands beside a pod by what it is asked for: shared claims, autoscalers, OpenShift's objects, and the
//! workloads that share a uid, for the pod's surroundings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::facts_delta::FactsDelta;
use super::render_sets::RenderSets;
use super::{ContainerFacts, ManifestFacts, PodFacts};
use crate::repo::RelPath;
use crate::text::Span;

/// The most workloads of one uid that are compared with a pod, and the most containers and claims of a pod by which
/// that is done: there may be very many, and a few are named.
const MAX_COMPARED: usize = 64;

/// A folder, and a name within it.
type InFolder = (Box<str>, Box<str>);

/// What manifests say of pods beside them. Each question is answered by key, however many files a folder holds.
#[derive(Clone, Debug, Default)]
pub(super) struct NeighbourIndex {
    /// Which files stand in a cluster together.
    pub sets: RenderSets,
    /// The files with a shared claim, by their folder and the claim's name.
    shared_claims: HashMap<InFolder, BTreeSet<RelPath>>,
    /// The autoscalers, by folder and target.
    scalers: HashMap<InFolder, BTreeMap<RelPath, Vec<Span>>>,
    /// The files with an object that only OpenShift has, by folder, and by folder and the object's name.
    openshift_files: HashMap<Box<str>, BTreeSet<RelPath>>,
    openshift_names: HashMap<InFolder, BTreeSet<RelPath>>,
    /// The pods of a uid that run an image, or mount a claim of a namespace.
    sharers: HashMap<SharedThing, BTreeSet<PodOfUid>>,
}

/// What pods of one uid may share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum SharedThing {
    Image(i64, Box<str>),
    /// The namespace, and the claim.
    Claim(i64, Option<Box<str>>, Box<str>),
}

/// A pod, with the place of its uid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PodOfUid {
    pub path: RelPath,
    pub position: (usize, usize),
    /// The index of the container that runs as the uid.
    pub container: usize,
    /// `Kind/name`.
    pub object: Box<str>,
    pub uid_span: Option<Span>,
}

impl NeighbourIndex {
    pub(super) fn apply_deltas(&mut self, changes: &[FactsDelta]) {
        for change in changes {
            if let Some(old) = change.old_manifest() {
                self.remove_facts(&change.path, old);
            }
            if let Some(new) = change.new_manifest() {
                self.add_facts(&change.path, new);
            }
        }
    }

    /// True for a claim in the folder of a file that several nodes may write, or that a server without `fsGroup` serves.
    pub(super) fn is_shared_claim(&self, file: &RelPath, claim: &str) -> bool {
        self.shared_claims
            .get(&in_folder(file.folder(), claim))
            .is_some_and(|files| self.first_beside(file, files).is_some())
    }

    /// The autoscalers in the folder of a file that set the resources of an object of it, `Kind/name`.
    pub(super) fn scalers_of<'a>(
        &'a self,
        file: &'a RelPath,
        object: &str,
    ) -> impl Iterator<Item = (&'a RelPath, Span)> + use<'a> {
        let files = self.scalers.get(&in_folder(file.folder(), object)).into_iter().flatten();
        let beside = files.filter(move |(path, _)| !self.sets.are_alternatives(file, path));
        beside.flat_map(|(path, spans)| spans.iter().map(move |span| (path, *span)))
    }

    /// The first file beside a file, in its folder, with an object that only OpenShift has.
    pub(super) fn first_openshift_file(&self, file: &RelPath) -> Option<&RelPath> {
        self.first_beside(file, self.openshift_files.get(file.folder())?)
    }

    /// The same with an object of that name.
    pub(super) fn first_openshift_file_named(&self, file: &RelPath, name: &str) -> Option<&RelPath> {
        self.first_beside(file, self.openshift_names.get(&in_folder(file.folder(), name))?)
    }

    /// Pods in the order of the files, at most some, of which a container runs as one of these uids and which run an image of
    /// a pod of that file, or mount a claim of it.
    pub(super) fn uid_sharers(
        &self,
        file: &RelPath,
        own: &PodFacts,
        uids: &BTreeSet<i64>,
    ) -> BTreeSet<&PodOfUid> {
        let mut things: BTreeSet<(i64, bool, &str)> = BTreeSet::new();
        for uid in uids.iter().copied().take(MAX_COMPARED) {
            let images = own.containers.iter().take(MAX_COMPARED).filter_map(lasting_image);
            let claims = own.claims.iter().take(MAX_COMPARED);
            things.extend(images.map(|image| (uid, true, image)));
            things.extend(claims.map(|claim| (uid, false, claim.as_str())));
        }
        let mut found = BTreeSet::new();
        for (uid, is_image, name) in things {
            let thing = if is_image {
                SharedThing::Image(uid, name.into())
            } else {
                SharedThing::Claim(uid, own.namespace.as_deref().map(Box::from), name.into())
            };
            let sharers = self.sharers.get(&thing).into_iter().flatten();
            found.extend(
                sharers.filter(|pod| !self.sets.are_alternatives(file, &pod.path)).take(MAX_COMPARED),
            );
        }
        found
    }

    /// The first of the files that may stand in a cluster beside this one.
    fn first_beside<'a>(&self, file: &RelPath, files: &'a BTreeSet<RelPath>) -> Option<&'a RelPath> {
        files.iter().find(|path| !self.sets.are_alternatives(file, path))
    }

    fn add_facts(&mut self, path: &RelPath, facts: &ManifestFacts) {
        let folder = path.folder();
        for claim in facts.claims.iter().filter(|claim| claim.is_shared) {
            self.shared_claims.entry(in_folder(folder, &claim.name)).or_default().insert(path.clone());
        }
        for scaler in &facts.scalers {
            let files = self.scalers.entry(in_folder(folder, &scaler.target)).or_default();
            files.entry(path.clone()).or_default().push(scaler.span);
        }
        if let Some((label, _)) = &facts.openshift_object {
            self.openshift_files.entry(folder.into()).or_default().insert(path.clone());
            if let Some((_, name)) = label.split_once('/') {
                self.openshift_names.entry(in_folder(folder, name)).or_default().insert(path.clone());
            }
        }
        for (thing, pod) in facts.pods.iter().flat_map(|pod| shared_things(path, pod)) {
            self.sharers.entry(thing).or_default().insert(pod);
        }
    }

    fn remove_facts(&mut self, path: &RelPath, facts: &ManifestFacts) {
        let folder = path.folder();
        for claim in &facts.claims {
            remove_member(&mut self.shared_claims, &in_folder(folder, &claim.name), path);
        }
        for scaler in &facts.scalers {
            let key = in_folder(folder, &scaler.target);
            if let Some(files) = self.scalers.get_mut(&key) {
                files.remove(path);
            }
        }
        if let Some((label, _)) = &facts.openshift_object {
            remove_member(&mut self.openshift_files, &Box::from(folder), path);
            if let Some((_, name)) = label.split_once('/') {
                remove_member(&mut self.openshift_names, &in_folder(folder, name), path);
            }
        }
        for (thing, pod) in facts.pods.iter().flat_map(|pod| shared_things(path, pod)) {
            remove_member(&mut self.sharers, &thing, &pod);
        }
    }
}

/// The uids of a pod's containers, each with the first container that runs as it.
fn high_uids(pod: &PodFacts) -> BTreeMap<i64, usize> {
    let mut uids = BTreeMap::new();
    for (at, container) in pod.containers.iter().enumerate() {
        if let Some(uid) = container.uid.filter(|uid| *uid > 0)
            && uids.len() < MAX_COMPARED
        {
            uids.entry(uid).or_insert(at);
        }
    }
    uids
}

/// What a pod may share with others of its uids.
fn shared_things<'a>(
    path: &'a RelPath,
    pod: &'a PodFacts,
) -> impl Iterator<Item = (SharedThing, PodOfUid)> + use<'a> {
    let at = |container: usize| PodOfUid {
        path: path.clone(),
        position: pod.position,
        container,
        object: pod.object.as_str().into(),
        uid_span: pod.containers.get(container).and_then(|container| container.uid_span),
    };
    let containers = pod.containers.iter().enumerate();
    let images = containers.filter_map(move |(nth, container)| {
        let uid = container.uid.filter(|uid| *uid > 0)?;
        Some((SharedThing::Image(uid, lasting_image(container)?.into()), at(nth)))
    });
    let claims = high_uids(pod).into_iter().flat_map(move |(uid, nth)| {
        pod.claims.iter().take(MAX_COMPARED).map(move |claim| {
            let namespace = pod.namespace.as_deref().map(Box::from);
            (SharedThing::Claim(uid, namespace, claim.as_str().into()), at(nth))
        })
    });
    images.chain(claims)
}

fn in_folder(folder: &str, name: &str) -> InFolder {
    (folder.into(), name.into())
}

fn remove_member<K: Hash + Eq, V: Ord>(map: &mut HashMap<K, BTreeSet<V>>, key: &K, member: &V) {
    if let Some(members) = map.get_mut(key) {
        members.remove(member);
        if members.is_empty() {
            map.remove(key);
        }
    }
}

/// The image of a container that stays. What only prepares is a shell or a tool as any uid, and agrees with nobody.
fn lasting_image(container: &ContainerFacts) -> Option<&str> {
    image_name(container).filter(|_| !container.is_init)
}

/// The image without its tag and digest.
fn image_name(container: &ContainerFacts) -> Option<&str> {
    let image = container.image.as_deref()?;
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    Some(image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(image, |(name, _)| name))
}
