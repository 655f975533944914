//! Extracts the facts of a NetworkPolicy and matches its selector against labels, for the index.

use std::collections::BTreeMap;

use crate::kubernetes::ManifestObject;
use crate::kubernetes::model::{LabelSelector, SelectorRequirement};
use crate::yaml::Lenient;

/// A NetworkPolicy: where it applies, and to which pods.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFacts {
    pub namespace: Option<String>,
    /// Of the pods; absent, it selects all.
    pub selector: Lenient<LabelSelector>,
}

impl PolicyFacts {
    /// True when pods with these labels are selected; none where the selector cannot be read.
    pub(super) fn selects_labels(&self, labels: &BTreeMap<String, String>) -> Option<bool> {
        match &self.selector {
            Lenient::Absent => Some(true),
            Lenient::Wrong(_) => None,
            Lenient::Value(selector) => selects_labels(selector, labels),
        }
    }
}

/// Other groups have kinds of the same name with other selectors.
pub(super) fn is_network_policy(object: &ManifestObject) -> bool {
    matches!(object.api_group(), "networking.k8s.io" | "extensions")
}

/// True when a selector selects pods with these labels; none where it cannot be read.
pub(super) fn selects_labels(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> Option<bool> {
    if selector.match_labels.is_wrong() || selector.match_expressions.is_wrong() {
        return None;
    }
    let wanted = selector.match_labels.get().into_iter().flatten();
    let by_label = wanted.map(|(key, value)| Some(labels.get(key) == Some(value.get()?)));
    let expressions = selector.match_expressions.get().into_iter().flatten();
    let by_expression = expressions.map(|expression| matches_expression(expression.get()?, labels));
    let answers: Vec<Option<bool>> = by_label.chain(by_expression).collect();
    match answers.contains(&Some(false)) {
        true => Some(false),
        false => answers.iter().all(Option::is_some).then_some(true),
    }
}

/// True when labels fit one expression (Kubernetes, "Labels and Selectors").
fn matches_expression(expression: &SelectorRequirement, labels: &BTreeMap<String, String>) -> Option<bool> {
    let label = labels.get(expression.key.get()?);
    let among =
        || label.is_some_and(|label| expression.values.valid_items().any(|(_, value)| value == label));
    match expression.operator.get()?.as_str() {
        "In" => Some(among()),
        "NotIn" => Some(!among()),
        "Exists" => Some(label.is_some()),
        "DoesNotExist" => Some(label.is_none()),
        _ => None,
    }
}
