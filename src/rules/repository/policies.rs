//! Which pods a NetworkPolicy selects.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::Change;
use super::grants::in_namespace;
use crate::manifest::model::{Lenient, Requirement, Selector};
use crate::repo::RelPath;

/// A NetworkPolicy: where it applies, and to which pods.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFacts {
    pub namespace: Option<String>,
    /// Of the pods; absent, it selects all.
    pub selector: Lenient<Selector>,
}

/// Every NetworkPolicy, by file and by namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    of: BTreeMap<RelPath, Vec<PolicyFacts>>,
    by_namespace: HashMap<String, BTreeSet<RelPath>>,
    /// The files whose policies a kustomization puts in a namespace that is not told here: it may be any.
    anywhere: BTreeSet<RelPath>,
}

/// The policies that came, went, or reach other pods than before.
#[derive(Default)]
pub(super) struct Repoliced {
    pub policies: Vec<PolicyFacts>,
    /// Whether one of them may be in any namespace.
    pub anywhere: bool,
    /// Whether there were none before, or are none any more.
    pub first_or_last: bool,
}

impl Policies {
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether a policy selects pods with these labels in a namespace, or in any; none where that cannot be told.
    pub(super) fn select(&self, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> Option<bool> {
        let mut told = Some(false);
        for policy in self.near(namespace) {
            match policy.selects(labels) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => told = None,
            }
        }
        told
    }

    /// The policies in a namespace, and those that may be; all, where the namespace is not known.
    fn near<'a>(&'a self, namespace: Option<&'a str>) -> Box<dyn Iterator<Item = &'a PolicyFacts> + 'a> {
        let Some(namespace) = namespace else { return Box::new(self.of.values().flatten()) };
        let of = |path| self.of.get(path).into_iter().flatten();
        let here = self.by_namespace.get(namespace).into_iter().flatten();
        let here = here.flat_map(of).filter(move |policy| policy.namespace() == namespace);
        Box::new(here.chain(self.anywhere.iter().flat_map(of)))
    }

    /// Takes in what has changed. `moved` are the paths that are, or are no longer, given a namespace from elsewhere;
    /// `given` says which are now.
    pub(super) fn change(
        &mut self,
        changes: &[Change],
        moved: &[String],
        given: impl Fn(&str) -> bool,
    ) -> Repoliced {
        let was_empty = self.is_empty();
        let mut repoliced = Repoliced::default();
        for path in moved.iter().map(|path| RelPath::from(path.as_str())) {
            if let Some(policies) = self.of.get(&path) {
                repoliced.anywhere = true;
                repoliced.policies.extend(policies.iter().cloned());
                self.note_anywhere(&path, given(path.as_str()));
            }
        }
        for change in changes {
            let old = change.old_manifest().map(|facts| facts.policies.as_slice()).unwrap_or_default();
            let new = change.new_manifest().map(|facts| facts.policies.as_slice()).unwrap_or_default();
            if old != new {
                let other = old.iter().filter(|policy| !new.contains(policy));
                let other = other.chain(new.iter().filter(|policy| !old.contains(policy)));
                repoliced.policies.extend(other.cloned());
                repoliced.anywhere |= given(change.path.as_str());
                self.put(&change.path, new);
                self.note_anywhere(&change.path, !new.is_empty() && given(change.path.as_str()));
            }
        }
        repoliced.first_or_last = was_empty != self.is_empty();
        repoliced
    }

    fn put(&mut self, path: &RelPath, new: &[PolicyFacts]) {
        for old in self.of.remove(path).into_iter().flatten() {
            if let Some(files) = self.by_namespace.get_mut(old.namespace()) {
                files.remove(path);
            }
        }
        for policy in new {
            self.by_namespace.entry(policy.namespace().to_owned()).or_default().insert(path.clone());
        }
        if !new.is_empty() {
            self.of.insert(path.clone(), new.to_vec());
        }
    }

    fn note_anywhere(&mut self, path: &RelPath, anywhere: bool) {
        if anywhere {
            self.anywhere.insert(path.clone());
        } else {
            self.anywhere.remove(path);
        }
    }
}

impl PolicyFacts {
    pub(super) fn namespace(&self) -> &str {
        in_namespace(self.namespace.as_deref())
    }

    /// Whether pods with these labels are selected; none where the selector cannot be read.
    pub(super) fn selects(&self, labels: &BTreeMap<String, String>) -> Option<bool> {
        let selector = match &self.selector {
            Lenient::Absent => return Some(true),
            Lenient::Wrong(_) => return None,
            Lenient::Value(selector) => selector,
        };
        if selector.match_labels.is_wrong() || selector.match_expressions.is_wrong() {
            return None;
        }
        let wanted = selector.match_labels.get().into_iter().flatten();
        let by_label = wanted.map(|(key, value)| Some(labels.get(key) == Some(value.get()?)));
        let expressions = selector.match_expressions.get().into_iter().flatten();
        let by_expression = expressions.map(|expression| fits(expression.get()?, labels));
        let answers: Vec<Option<bool>> = by_label.chain(by_expression).collect();
        match answers.contains(&Some(false)) {
            true => Some(false),
            false => answers.iter().all(Option::is_some).then_some(true),
        }
    }
}

/// Whether labels fit one expression (Kubernetes, "Labels and Selectors").
fn fits(expression: &Requirement, labels: &BTreeMap<String, String>) -> Option<bool> {
    let label = labels.get(expression.key.get()?);
    let among = || label.is_some_and(|label| expression.values.each().any(|(_, value)| value == label));
    match expression.operator.get()?.as_str() {
        "In" => Some(among()),
        "NotIn" => Some(!among()),
        "Exists" => Some(label.is_some()),
        "DoesNotExist" => Some(label.is_none()),
        _ => None,
    }
}
