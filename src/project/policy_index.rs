//! Finds the pods that NetworkPolicies select, for the rule about missing ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::PolicyFacts;
use super::facts_delta::FactsDelta;
use super::kustomization_index::{KustomizationIndex, PossibleNamespaces};
use super::render_sets::{RenderSets, is_made};
use super::service_accounts::namespace_or_default;
use crate::repo::RelPath;

/// A policy, and the namespaces in which it may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ScopedPolicy {
    policy: PolicyFacts,
    pub namespaces: PossibleNamespaces<String>,
}

/// Every NetworkPolicy, by file and by the namespaces in which it may be.
#[derive(Clone, Debug, Default)]
pub(super) struct PolicyIndex {
    /// Which files stand in a cluster together.
    pub sets: RenderSets,
    by_file: BTreeMap<RelPath, Vec<ScopedPolicy>>,
    by_namespace: HashMap<String, BTreeSet<RelPath>>,
    /// The files with policies that may be in any.
    unscoped_files: BTreeSet<RelPath>,
}

/// The policies that came, went, or reach other pods than before.
#[derive(Default)]
pub(super) struct PolicyDelta {
    pub policies: Vec<ScopedPolicy>,
    /// True when there were none before, or are none any more, perhaps of one set of values alone.
    pub first_or_last: bool,
}

impl PolicyIndex {
    pub(super) fn is_empty(&self) -> bool {
        self.by_file.is_empty()
    }

    /// True when there is a policy that may stand in a cluster beside that file.
    pub(super) fn has_any_beside(&self, file: &RelPath) -> bool {
        self.by_file.keys().any(|path| !self.sets.are_alternatives(file, path))
    }

    /// True when a policy that may stand in a cluster beside that file selects pods of it with these labels that may be in
    /// these namespaces; none where that is unknown.
    pub(super) fn any_selects(
        &self,
        file: &RelPath,
        places: &PossibleNamespaces<&str>,
        labels: &BTreeMap<String, String>,
    ) -> Option<bool> {
        let mut told = Some(false);
        let beside = self.policies_in(places).filter(|(path, _)| !self.sets.are_alternatives(file, path));
        for placed in beside.flat_map(|(_, placed)| placed).filter(|placed| placed.may_be_in(places)) {
            match placed.policy.selects_labels(labels) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => told = None,
            }
        }
        told
    }

    /// The policies of the files that have some in one of these namespaces; all, where it may be any.
    fn policies_in<'a>(
        &'a self,
        places: &'a PossibleNamespaces<&str>,
    ) -> Box<dyn Iterator<Item = (&'a RelPath, &'a Vec<ScopedPolicy>)> + 'a> {
        let Some(places) = places else { return Box::new(self.by_file.iter()) };
        let here = places.iter().filter_map(|namespace| self.by_namespace.get(*namespace)).flatten();
        Box::new(here.chain(&self.unscoped_files).filter_map(|path| self.by_file.get_key_value(path)))
    }

    /// Applies changes. `moved` are the paths whose namespaces have changed; `said` gives the policies of a file.
    pub(super) fn apply_deltas<'a>(
        &mut self,
        changes: &[FactsDelta],
        moved: &[String],
        kustomizations: &KustomizationIndex,
        said: impl Fn(&RelPath) -> &'a [PolicyFacts],
    ) -> PolicyDelta {
        let was_empty = self.is_empty();
        let mut repoliced = PolicyDelta::default();
        let moved = moved.iter().map(|path| RelPath::from(path.as_str()));
        let paths: BTreeSet<RelPath> =
            changes.iter().map(|change| change.path.clone()).chain(moved).collect();
        for path in paths {
            let new = said(&path).iter().map(|policy| ScopedPolicy::new(policy, &path, kustomizations));
            let new: Vec<_> = new.collect();
            let had_any = self.by_file.contains_key(&path);
            let has_any = !Vec::is_empty(&new);
            repoliced.first_or_last |= had_any != has_any && is_made(&path);
            self.replace_policies(path, new, &mut repoliced);
        }
        repoliced.first_or_last |= was_empty != self.is_empty();
        repoliced
    }

    fn replace_policies(&mut self, path: RelPath, new: Vec<ScopedPolicy>, repoliced: &mut PolicyDelta) {
        let old = self.by_file.remove(&path).unwrap_or_default();
        for namespace in old.iter().flat_map(|placed| &placed.namespaces).flatten() {
            if let Some(files) = self.by_namespace.get_mut(namespace) {
                files.remove(&path);
            }
        }
        self.unscoped_files.remove(&path);
        repoliced.policies.extend(old.iter().filter(|placed| !new.contains(placed)).cloned());
        repoliced.policies.extend(new.iter().filter(|placed| !old.contains(placed)).cloned());
        for placed in &new {
            match &placed.namespaces {
                Some(places) => places.iter().for_each(|namespace| {
                    self.by_namespace.entry(namespace.clone()).or_default().insert(path.clone());
                }),
                None => drop(self.unscoped_files.insert(path.clone())),
            }
        }
        if !new.is_empty() {
            self.by_file.insert(path, new);
        }
    }
}

impl ScopedPolicy {
    fn new(policy: &PolicyFacts, path: &RelPath, kustomizations: &KustomizationIndex) -> Self {
        let places = kustomizations
            .possible_namespaces(path.as_str(), namespace_or_default(policy.namespace.as_deref()));
        let places = places.map(|places| places.into_iter().map(str::to_owned).collect());
        Self { policy: policy.clone(), namespaces: places }
    }

    /// True when it may select pods with these labels that may be in these namespaces.
    pub(super) fn may_select(
        &self,
        places: &PossibleNamespaces<&str>,
        labels: &BTreeMap<String, String>,
    ) -> bool {
        self.may_be_in(places) && self.policy.selects_labels(labels) != Some(false)
    }

    /// True when it may be in one of these namespaces.
    fn may_be_in(&self, places: &PossibleNamespaces<&str>) -> bool {
        let (Some(own), Some(places)) = (&self.namespaces, places) else { return true };
        places.iter().any(|namespace| own.contains(*namespace))
    }
}
