//! `invalid-syntax`: a part of the file cannot be read, by us or by what it is written for.

use super::visible;
use crate::dockerfile::Fault;
use crate::finding::{Remedy, Severity};
use crate::manifest::ProblemKind;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, ManifestView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-syntax",
    severity: Severity::Medium,
    theme: Theme::File,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("invalid-syntax"),
    checks: &[Check::Build(build), Check::Manifest(manifest)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for problem in &view.file.problems {
        if !matches!(problem.fault, Fault::TooLong(_)) {
            out.report(visible(view.text, problem.span), problem.fault.to_string(), Remedy::None);
        }
    }
}

fn manifest(view: &ManifestView<'_>, out: &mut Findings<'_>) {
    for problem in &view.manifest.problems {
        if problem.kind == ProblemKind::InvalidSyntax {
            let message = format!("this document cannot be read: {}", problem.message);
            out.report(visible(view.text, problem.span), message, Remedy::None);
        }
    }
}
