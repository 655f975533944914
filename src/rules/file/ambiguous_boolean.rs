//! Reports a word that is a boolean to one tool and a text to another (`ambiguous-boolean`).

use serde_yaml::Value;

use crate::finding::{Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{PathStep, YamlPath};

pub(crate) static RULE: Rule = Rule {
    id: "ambiguous-boolean",
    severity: Severity::Low,
    theme: RuleTheme::File,
    decision: RuleDecision::BrokenFile,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("ambiguous-boolean"),
    checks: &[RuleCheck::Document(check_document)],
};

/// Mappings and lists whose values are texts, whatever they are called.
const TEXT_FIELDS: [&str; 10] = [
    "annotations",
    "args",
    "binaryData",
    "command",
    "data",
    "labels",
    "matchLabels",
    "nodeSelector",
    "parameters",
    "stringData",
];

/// kubectl reads YAML 1.1, where `yes` is true; kustomize makes the text `"yes"` of it (both measured).
fn check_document(view: &DocumentView<'_>, out: &mut FindingCollector<'_>) {
    let tree = &view.document.tree;
    for (node, meaning) in view.document.ambiguous_booleans() {
        let word = tree.scalar_text(node).unwrap_or_default();
        let path = tree.path_to(node);
        let (title, to, message) = if is_text_field(&path) {
            let message = format!("`{word}` is meant as a text here, and kubectl reads {meaning}");
            (format!("Quote `{word}`"), Value::from(word), message)
        } else {
            let message = format!("`{word}` is {meaning} to kubectl and a text to others");
            (format!("Write `{meaning}`"), Value::from(meaning), message)
        };
        let edit = Edit::Value { document: view.index, path, to };
        out.report(tree.span(node), message, Ok(Some(Fix::new(title, Safety::Safe, vec![edit]))));
    }
}

/// True for a field where the API takes nothing but a text: the value of a variable, of a label, of a ConfigMap's key.
fn is_text_field(path: &YamlPath) -> bool {
    let keys: Vec<&str> = path
        .iter()
        .filter_map(|step| if let PathStep::Key(key) = step { Some(key.as_str()) } else { None })
        .collect();
    match keys.as_slice() {
        [.., "env", "value"] | [.., "name" | "namespace"] => true,
        [.., parent, _] if TEXT_FIELDS.contains(parent) => true,
        [.., last] => TEXT_FIELDS.contains(last),
        [] => false,
    }
}
