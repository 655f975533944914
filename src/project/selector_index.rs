//! Knows which labels pods have and which services ask for them, for the rule about selectors that select nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::facts_delta::{FactsByFile, FactsDelta, manifest_facts};
use super::render_sets::{RenderSets, overlay_of};
use super::{ManifestFacts, PodFacts};
use crate::repo::RelPath;

/// A key and its value.
type Label = (Box<str>, Box<str>);

/// The labels of all pods, and the files that hold pods and services.
#[derive(Clone, Debug, Default)]
pub(super) struct SelectorIndex {
    /// Which files stand in a cluster together.
    pub sets: RenderSets,
    /// The files with pods that have a label.
    labelled: HashMap<Label, BTreeSet<RelPath>>,
    /// The files with services, by each label that they ask for.
    asking: HashMap<Label, BTreeSet<RelPath>>,
    /// The files with pods, and with services, by what they stand in: their folder, and the overlay that builds them.
    pods: HashMap<Box<str>, BTreeSet<RelPath>>,
    services: HashMap<Box<str>, BTreeSet<RelPath>>,
}

/// A service's label that no pod has, and the workload that was perhaps meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    pub key: String,
    pub value: String,
    /// `Kind/name`.
    pub workload: String,
    /// The label that it has instead.
    pub own: (String, String),
}

/// Keys by which people name an app. What others say is often set while the program runs, or by whoever made the pod.
const NAME_KEYS: [&str; 9] = [
    "app",
    "app.kubernetes.io/component",
    "app.kubernetes.io/name",
    "component",
    "k8s-app",
    "name",
    "run",
    "service",
    "svc",
];

/// How long the part of a name must be in which a slip of the hand is told from another name.
const MIN_PART: usize = 4;

/// The most pods beside a service that are compared with its selector.
const MAX_COMPARED: usize = 200;

impl SelectorIndex {
    /// Applies changes. Returns the files with services that may be judged otherwise now.
    pub(super) fn apply_deltas(&mut self, changes: &[FactsDelta]) -> BTreeSet<RelPath> {
        let mut concerned = BTreeSet::new();
        for change in changes {
            let (old, new) = (change.old_manifest(), change.new_manifest());
            if let Some(old) = old {
                self.note_facts(&change.path, old, false);
            }
            if let Some(new) = new {
                self.note_facts(&change.path, new, true);
            }
            let (before, after) = (pods_with_labels(old), pods_with_labels(new));
            if before != after {
                let beside = places_of(&change.path).filter_map(|place| self.services.get(&place));
                concerned.extend(beside.flatten().cloned());
                let labels = before.iter().chain(&after).flat_map(|(_, labels)| *labels);
                let asking = labels.filter_map(|label| self.asking.get(&boxed(label)));
                concerned.extend(asking.flatten().cloned());
            }
        }
        concerned
    }

    fn note_facts(&mut self, path: &RelPath, facts: &ManifestFacts, is_new: bool) {
        for label in facts.pods.iter().flat_map(|pod| &pod.labels) {
            note(&mut self.labelled, boxed(label), path, is_new);
        }
        for place in places_of(path) {
            if !facts.pods.is_empty() {
                note(&mut self.pods, place.clone(), path, is_new);
            }
            if !facts.selectors.is_empty() {
                note(&mut self.services, place, path, is_new);
            }
        }
        for label in facts.selectors.iter().flatten() {
            note(&mut self.asking, boxed(label), path, is_new);
        }
    }

    /// The label of a service's selector that no pod has which the service may select, where a workload in its folder, or
    /// that the same overlay builds, was meant: it has all the others, and this one but for a slip of the hand; or it is
    /// called as the service, and has another.
    pub(super) fn find_near_miss(
        &self,
        files: &FactsByFile,
        (file, service): (&RelPath, &str),
        selector: &BTreeMap<String, String>,
    ) -> Option<NearMiss> {
        let is_there = |label: &(&String, &String)| {
            let mut paths = self.labelled.get(&boxed(*label)).into_iter().flatten();
            paths.any(|pod| self.sets.may_select(file, pod))
        };
        let mut missing = selector.iter().filter(|label| !is_there(label));
        let (Some((key, value)), None) = (missing.next(), missing.next()) else { return None };
        // What is put in later may be anything.
        if !NAME_KEYS.contains(&key.as_str()) || value.contains(['$', '{', '<']) {
            return None;
        }
        let beside: BTreeSet<&RelPath> =
            places_of(file).filter_map(|place| self.pods.get(&place)).flatten().collect();
        let beside = beside.into_iter().filter(|path| !self.sets.are_alternatives(file, path));
        let pods = beside.filter_map(|path| manifest_facts(files.get(path))).flat_map(|facts| &facts.pods);
        let mut pods = pods.filter(|pod| !pod.names_no_image).take(MAX_COMPARED);
        pods.find_map(|pod| {
            let own = own_label(pod, service, (key, value))?;
            let has_others = selector.iter().all(|(own, it)| own == key || pod.labels.get(own) == Some(it));
            has_others.then(|| NearMiss {
                key: key.clone(),
                value: value.clone(),
                workload: pod.object.clone(),
                own: (own.0.to_owned(), own.1.to_owned()),
            })
        })
    }
}

/// What a file stands in: its folder, and the overlay that builds it.
fn places_of(path: &RelPath) -> impl Iterator<Item = Box<str>> + use<> {
    let overlay = overlay_of(path).map(|overlay| format!("/{overlay}").into());
    [Some(path.folder().into()), overlay].into_iter().flatten()
}

/// The label that a pod has in the place of one that was meant.
fn own_label<'p>(pod: &'p PodFacts, service: &str, (key, value): (&str, &str)) -> Option<(&'p str, &'p str)> {
    let is_named_alike = pod.object.split_once('/').is_some_and(|(_, name)| name == service);
    let shown = |(key, value): (&'p String, &'p String)| (key.as_str(), value.as_str());
    match pod.labels.get_key_value(key).map(shown) {
        Some(own) => (is_named_alike || is_slip(value, own.1)).then_some(own),
        None => {
            let has_value = |own: &(&str, &str)| NAME_KEYS.contains(&own.0) && own.1 == value;
            pod.labels.iter().map(shown).find(has_value).filter(|_| is_named_alike)
        }
    }
}

/// True for two names of which one part differs by one edit or two letters in the other order. Numbers and short parts tell
/// one name from another on purpose.
fn is_slip(one: &str, other: &str) -> bool {
    let parts = |name: &'_ str| name.split(['-', '.', '_']).map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (parts(one), parts(other));
    let mut differing = one.iter().zip(&other).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (differing.next(), differing.next()) else { return false };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    one.len() == other.len()
        && a.len().min(b.len()) >= MIN_PART
        && digits(a) == digits(b)
        && strsim::osa_distance(a, b) == 1
}

fn pods_with_labels(facts: Option<&ManifestFacts>) -> Vec<(&String, &BTreeMap<String, String>)> {
    let pods = facts.map(|facts| facts.pods.as_slice()).unwrap_or_default();
    pods.iter().map(|pod| (&pod.object, &pod.labels)).collect()
}

fn boxed((key, value): (&String, &String)) -> Label {
    (key.as_str().into(), value.as_str().into())
}

fn note<K: std::hash::Hash + Eq>(
    map: &mut HashMap<K, BTreeSet<RelPath>>,
    key: K,
    path: &RelPath,
    is_new: bool,
) {
    if is_new {
        map.entry(key).or_default().insert(path.clone());
    } else if let Some(paths) = map.get_mut(&key) {
        paths.remove(path);
        if paths.is_empty() {
            map.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn a_slip_of_the_hand_is_told_from_another_name() {
        for (one, other) in [("frontedn", "frontend"), ("order-api", "orders-api"), ("chekout", "checkout")] {
            assert!(is_slip(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("zk-1", "zk-2"),
            ("node1", "node2"),
            ("user-db", "user-ui"),
            ("cart", "cart-db"),
            ("web", "wbe"),
            ("order-api", "orders-ui"),
            ("same", "same"),
        ] {
            assert!(!is_slip(one, other), "{one} {other}");
        }
    }
}
