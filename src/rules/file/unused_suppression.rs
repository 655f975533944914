//! Reports a comment that suppresses a finding that is not there (`unused-suppression`).

use std::sync::Arc;

use crate::finding::{Edit, Finding, Fix, Safety, Severity, Subject, SuppressionComment};
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, Rule, RuleDecision, RuleKinds, RuleTheme};

/// It has no check of its own: the use of a suppression is known only after all other checks.
pub(crate) static RULE: Rule = Rule {
    id: "unused-suppression",
    severity: Severity::Low,
    theme: RuleTheme::File,
    decision: RuleDecision::Exceptions,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unused-suppression"),
    checks: &[],
};

/// A name in a comment that is no rule's.
pub(crate) struct UnknownRule {
    /// The rule that was perhaps meant.
    pub nearest: Option<&'static str>,
}

/// The finding of a comment, the `nth` of the file's that allow something, some names of which allow nothing. `unknown` is given where
/// only one does, and is no rule's.
pub(crate) fn unused_finding(
    comment: &SuppressionComment,
    nth: usize,
    unused: &[String],
    unknown: Option<&UnknownRule>,
) -> Arc<Finding> {
    let edit = Edit::Unsuppress { comment: nth, rules: unused.to_vec() };
    let title = if unused.len() == comment.rule_ids.len() {
        "Remove the comment".to_owned()
    } else {
        format!("Remove `{}` from the comment", unused.join("`, `"))
    };
    let file = Subject::default();
    let mut out = FindingCollector::new(&RULE, &file);
    out.report(
        comment.span,
        unused_message(unused, unknown),
        Ok(Some(Fix::new(title, Safety::Safe, vec![edit]))),
    );
    out.into_outcome().0.remove(0)
}

fn unused_message(unused: &[String], unknown: Option<&UnknownRule>) -> String {
    match (unused, unknown) {
        ([], _) => "this allows nothing: it names no rule".to_owned(),
        ([name], Some(unknown)) => {
            let near = unknown.nearest.map(|near| format!(" (`{near}`, perhaps)")).unwrap_or_default();
            format!("this allows `{name}`, and there is no such rule{near}")
        }
        (names, _) => format!("this allows `{}`, and nothing of it is found here", names.join("`, `")),
    }
}
