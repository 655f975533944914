//! `unaudited-file`: a file that should have been audited was not, wholly or in part.

use super::visible;
use std::sync::Arc;

use crate::dockerfile::Fault;
use crate::finding::{Finding, Remedy, Severity, Subject};
use crate::manifest::ProblemKind;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, ManifestView, Rule, RuleKinds, Theme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "unaudited-file",
    severity: Severity::Medium,
    theme: Theme::File,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("unaudited-file"),
    checks: &[Check::Build(build), Check::Manifest(manifest)],
};

/// The finding of a file whose text cannot be had, and so has no place but its start.
pub(crate) fn finding(reason: &str) -> Arc<Finding> {
    let file = Subject::default();
    let mut out = Findings::new(&RULE, &file);
    out.report(Span::at(0), message(reason), Remedy::None);
    out.finish().0.remove(0)
}

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for problem in &view.file.problems {
        if matches!(problem.fault, Fault::TooLong(_)) {
            out.report(visible(view.text, problem.span), message(&problem.fault.to_string()), Remedy::None);
        }
    }
}

fn manifest(view: &ManifestView<'_>, out: &mut Findings<'_>) {
    for problem in &view.manifest.problems {
        if matches!(problem.kind, ProblemKind::TooDeeplyNested | ProblemKind::TooLarge) {
            out.report(visible(view.text, problem.span), message(&problem.message), Remedy::None);
        }
    }
}

fn message(reason: &str) -> String {
    format!("this was not audited: {reason}")
}
