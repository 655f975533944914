//! Reports a suppression for which nobody wrote a reason (`suppression-without-reason`).

use crate::finding::{InlineSuppression, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{
    DockerfileView, FindingCollector, ManifestView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};

pub(crate) static RULE: Rule = Rule {
    id: "suppression-without-reason",
    severity: Severity::Info,
    theme: RuleTheme::File,
    decision: RuleDecision::Exceptions,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("suppression-without-reason"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile), RuleCheck::Manifest(check_manifest)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    report_comments(view.suppressions, out);
}

fn check_manifest(view: &ManifestView<'_>, out: &mut FindingCollector<'_>) {
    report_comments(view.suppressions, out);
}

/// Other tools' comments are theirs to judge.
fn report_comments(suppressions: &[InlineSuppression], out: &mut FindingCollector<'_>) {
    for comment in suppressions.iter().filter_map(|suppression| suppression.comment.as_ref()) {
        if comment.reason.is_none() {
            let message = format!("{} is allowed without a reason", quote_ids(&comment.rule_ids));
            out.report(comment.span, message, Ok(None));
        }
    }
}

fn quote_ids(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { format!("`{}`", names.join("`, `")) }
}
