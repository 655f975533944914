//! `suppression-without-reason`: a finding is allowed, and nobody wrote down why.

use crate::finding::{Remedy, Severity};
use crate::rules::exceptions::Exception;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, ManifestView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "suppression-without-reason",
    severity: Severity::Info,
    theme: Theme::File,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("suppression-without-reason"),
    checks: &[Check::Build(build), Check::Manifest(manifest)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    report(view.exceptions, out);
}

fn manifest(view: &ManifestView<'_>, out: &mut Findings<'_>) {
    report(view.exceptions, out);
}

/// Other tools' words are theirs to judge.
fn report(exceptions: &[Exception], out: &mut Findings<'_>) {
    for comment in exceptions.iter().filter_map(|exception| exception.comment.as_ref()) {
        if comment.reason.is_none() {
            let message = format!("{} is allowed without a reason", names(&comment.names));
            out.report(comment.span, message, Remedy::None);
        }
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { format!("`{}`", names.join("`, `")) }
}
