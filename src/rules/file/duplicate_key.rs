//! `duplicate-key`: a key stands twice in one mapping, and only one of its values counts.

use super::visible;
use crate::finding::{Remedy, Severity};
use crate::manifest::ProblemKind;
use crate::rules::rule::page;
use crate::rules::{Check, Findings, ManifestView, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-key",
    severity: Severity::Medium,
    theme: Theme::File,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("duplicate-key"),
    checks: &[Check::Manifest(manifest)],
};

fn manifest(view: &ManifestView<'_>, out: &mut Findings<'_>) {
    for problem in &view.manifest.problems {
        if problem.kind == ProblemKind::DuplicateKey {
            out.report(visible(view.text, problem.span), problem.message.clone(), Remedy::None);
        }
    }
}
