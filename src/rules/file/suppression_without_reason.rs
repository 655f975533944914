//! `suppression-without-reason`: a finding is allowed, and nobody wrote down why.

use crate::finding::InlineSuppression;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, ManifestView, Rule, RuleCheck, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "suppression-without-reason",
    severity: Severity::Info,
    theme: RuleTheme::File,
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

/// Other tools' words are theirs to judge.
fn report_comments(exceptions: &[InlineSuppression], out: &mut FindingCollector<'_>) {
    for comment in exceptions.iter().filter_map(|exception| exception.comment.as_ref()) {
        if comment.reason.is_none() {
            let message = format!("{} is allowed without a reason", quote_ids(&comment.rule_ids));
            out.report(comment.span, message, Ok(None));
        }
    }
}

fn quote_ids(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { format!("`{}`", names.join("`, `")) }
}
