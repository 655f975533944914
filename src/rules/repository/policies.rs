//! Which pods a NetworkPolicy selects.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::PolicyFacts;
use super::change::Change;
use super::grants::in_namespace;
use super::kustomizations::{Kustomizations, Places};
use crate::repo::RelPath;

/// A policy, and the namespaces in which it may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    policy: PolicyFacts,
    pub places: Places<String>,
}

/// Every NetworkPolicy, by file and by the namespaces in which it may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    of: BTreeMap<RelPath, Vec<Placed>>,
    by_namespace: HashMap<String, BTreeSet<RelPath>>,
    /// The files with policies that may be in any.
    anywhere: BTreeSet<RelPath>,
}

/// The policies that came, went, or reach other pods than before.
#[derive(Default)]
pub(super) struct Repoliced {
    pub policies: Vec<Placed>,
    /// Whether there were none before, or are none any more.
    pub first_or_last: bool,
}

impl Policies {
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether a policy selects pods with these labels that may be in these namespaces; none where that cannot be told.
    pub(super) fn select(&self, places: &Places<&str>, labels: &BTreeMap<String, String>) -> Option<bool> {
        let mut told = Some(false);
        for placed in self.near(places).filter(|placed| placed.is_among(places)) {
            match placed.policy.selects(labels) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => told = None,
            }
        }
        told
    }

    /// The policies of the files that have some in one of these namespaces; all, where it may be any.
    fn near<'a>(&'a self, places: &'a Places<&str>) -> Box<dyn Iterator<Item = &'a Placed> + 'a> {
        let Some(places) = places else { return Box::new(self.of.values().flatten()) };
        let here = places.iter().filter_map(|namespace| self.by_namespace.get(*namespace)).flatten();
        Box::new(here.chain(&self.anywhere).filter_map(|path| self.of.get(path)).flatten())
    }

    /// Takes in what has changed. `moved` are the paths that are given other namespaces than before; `said` gives the
    /// policies of a file.
    pub(super) fn change<'a>(
        &mut self,
        changes: &[Change],
        moved: &[String],
        kustomizations: &Kustomizations,
        said: impl Fn(&RelPath) -> &'a [PolicyFacts],
    ) -> Repoliced {
        let was_empty = self.is_empty();
        let mut repoliced = Repoliced::default();
        let moved = moved.iter().map(|path| RelPath::from(path.as_str()));
        let paths: BTreeSet<RelPath> =
            changes.iter().map(|change| change.path.clone()).chain(moved).collect();
        for path in paths {
            let new = said(&path).iter().map(|policy| Placed::new(policy, &path, kustomizations)).collect();
            self.put(path, new, &mut repoliced);
        }
        repoliced.first_or_last = was_empty != self.is_empty();
        repoliced
    }

    fn put(&mut self, path: RelPath, new: Vec<Placed>, repoliced: &mut Repoliced) {
        let old = self.of.remove(&path).unwrap_or_default();
        for namespace in old.iter().flat_map(|placed| &placed.places).flatten() {
            if let Some(files) = self.by_namespace.get_mut(namespace) {
                files.remove(&path);
            }
        }
        self.anywhere.remove(&path);
        repoliced.policies.extend(old.iter().filter(|placed| !new.contains(placed)).cloned());
        repoliced.policies.extend(new.iter().filter(|placed| !old.contains(placed)).cloned());
        for placed in &new {
            match &placed.places {
                Some(places) => places.iter().for_each(|namespace| {
                    self.by_namespace.entry(namespace.clone()).or_default().insert(path.clone());
                }),
                None => drop(self.anywhere.insert(path.clone())),
            }
        }
        if !new.is_empty() {
            self.of.insert(path, new);
        }
    }
}

impl Placed {
    fn new(policy: &PolicyFacts, path: &RelPath, kustomizations: &Kustomizations) -> Self {
        let places = kustomizations.places(path.as_str(), in_namespace(policy.namespace.as_deref()));
        let places = places.map(|places| places.into_iter().map(str::to_owned).collect());
        Self { policy: policy.clone(), places }
    }

    /// Whether it may select pods with these labels that may be in these namespaces.
    pub(super) fn may_select(&self, places: &Places<&str>, labels: &BTreeMap<String, String>) -> bool {
        self.is_among(places) && self.policy.selects(labels) != Some(false)
    }

    /// Whether it may be in one of these namespaces.
    fn is_among(&self, places: &Places<&str>) -> bool {
        let (Some(own), Some(places)) = (&self.places, places) else { return true };
        places.iter().any(|namespace| own.contains(*namespace))
    }
}
