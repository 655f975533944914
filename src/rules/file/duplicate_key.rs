//! Reports a key that stands twice in one mapping, of which only one value counts (`duplicate-key`).

use super::visible_span;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, ManifestView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::YamlProblemKind;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-key",
    severity: Severity::Medium,
    theme: RuleTheme::File,
    decision: RuleDecision::BrokenFile,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("duplicate-key"),
    checks: &[RuleCheck::Manifest(check_manifest)],
};

fn check_manifest(view: &ManifestView<'_>, out: &mut FindingCollector<'_>) {
    for problem in &view.manifest.problems {
        if problem.kind == YamlProblemKind::DuplicateKey {
            out.report(visible_span(view.text, problem.span), problem.message.clone(), Ok(None));
        }
    }
}
