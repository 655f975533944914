//! `unused-suppression`: a comment allows a finding that is not there.

use std::sync::Arc;

use crate::finding::{Finding, Intent, Remedy, Safety, Severity, Subject};
use crate::rules::exceptions::SuppressionComment;
use crate::rules::rule::page;
use crate::rules::{FindingCollector, Rule, RuleKinds, RuleTheme, find_rule, nearest_rule_id};

/// It has no check of its own: only when all others have been judged is it known what an exception was for.
pub(crate) static RULE: Rule = Rule {
    id: "unused-suppression",
    severity: Severity::Low,
    theme: RuleTheme::File,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unused-suppression"),
    checks: &[],
};

/// The finding of a comment, the `nth` of the file's that allow something, some names of which allow nothing.
pub(crate) fn unused_finding(comment: &SuppressionComment, nth: usize, unused: &[String]) -> Arc<Finding> {
    let intent = Intent::Unallow { comment: nth, rules: unused.to_vec() };
    let title = if unused.len() == comment.rule_ids.len() {
        "Remove the comment".to_owned()
    } else {
        format!("Remove `{}` from the comment", unused.join("`, `"))
    };
    let file = Subject::default();
    let mut out = FindingCollector::new(&RULE, &file);
    out.report(comment.span, unused_message(unused), Remedy::change(title, Safety::Safe, vec![intent]));
    out.into_outcome().0.remove(0)
}

fn unused_message(unused: &[String]) -> String {
    match unused {
        [] => "this allows nothing: it names no rule".to_owned(),
        [name] if find_rule(name).is_none() => {
            let near = nearest_rule_id(name).map(|near| format!(" (`{near}`, perhaps)")).unwrap_or_default();
            format!("this allows `{name}`, and there is no such rule{near}")
        }
        names => format!("this allows `{}`, and nothing of it is found here", names.join("`, `")),
    }
}
