//! Reads where a pod may run, as far as it decides the operating system.

use serde::Deserialize;

use crate::yaml::{Lenient, LenientList};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    pub node_affinity: Lenient<NodeAffinity>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NodeAffinity {
    #[serde(rename = "requiredDuringSchedulingIgnoredDuringExecution")]
    pub required: Lenient<NodeSelector>,
}

/// A node fits when one of the terms does.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelector {
    pub node_selector_terms: LenientList<NodeSelectorTerm>,
}

/// A node fits when all of the expressions do.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelectorTerm {
    pub match_expressions: LenientList<SelectorRequirement>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SelectorRequirement {
    pub key: Lenient<String>,
    pub operator: Lenient<String>,
    pub values: LenientList<String>,
}

/// The labels that name a node's operating system; the second is the old one.
const OS_LABELS: [&str; 2] = ["kubernetes.io/os", "beta.kubernetes.io/os"];

/// True for a label of nodes that run Windows.
pub(super) fn is_windows_label(key: &str, value: &str) -> bool {
    OS_LABELS.contains(&key) && value == "windows"
}

impl Affinity {
    /// True when every node that fits runs Windows.
    #[must_use]
    pub fn requires_windows(&self) -> bool {
        let required = self.node_affinity.get().and_then(|affinity| affinity.required.get());
        let Some(terms) = required.and_then(|selector| selector.node_selector_terms.get()) else {
            return false;
        };
        !terms.is_empty()
            && terms.iter().all(|term| term.get().is_some_and(NodeSelectorTerm::requires_windows))
    }
}

impl NodeSelectorTerm {
    fn requires_windows(&self) -> bool {
        self.match_expressions.valid_items().any(|(_, expression)| expression.requires_windows())
    }
}

impl SelectorRequirement {
    fn requires_windows(&self) -> bool {
        let Some(key) = self.key.get().filter(|_| self.operator.is("In")) else { return false };
        let Some(values) = self.values.get() else { return false };
        let windows = |value: &Lenient<String>| value.get().is_some_and(|value| is_windows_label(key, value));
        !values.is_empty() && values.iter().all(windows)
    }
}
