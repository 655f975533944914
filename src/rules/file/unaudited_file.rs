//! Reports a file that should have been audited and was not, wholly or in part (`unaudited-file`).

use super::visible_span;
use std::sync::Arc;

use crate::dockerfile::DockerfileFault;
use crate::finding::{Finding, Severity, Subject};
use crate::rules::rule_definition::page;
use crate::rules::{
    DockerfileView, FindingCollector, ManifestView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};
use crate::text::Span;
use crate::yaml::YamlProblemKind;

pub(crate) static RULE: Rule = Rule {
    id: "unaudited-file",
    severity: Severity::Medium,
    theme: RuleTheme::File,
    decision: RuleDecision::BrokenFile,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("unaudited-file"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile), RuleCheck::Manifest(check_manifest)],
};

/// The finding of a file whose text cannot be had, and so has no place but its start.
pub(crate) fn unaudited_finding(reason: &str) -> Arc<Finding> {
    let file = Subject::default();
    let mut out = FindingCollector::new(&RULE, &file);
    out.report(Span::empty_at(0), unaudited_message(reason), Ok(None));
    out.into_outcome().0.remove(0)
}

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for problem in &view.file.problems {
        if matches!(problem.fault, DockerfileFault::TooLong(_)) {
            out.report(
                visible_span(view.text, problem.span),
                unaudited_message(&problem.fault.to_string()),
                Ok(None),
            );
        }
    }
}

fn check_manifest(view: &ManifestView<'_>, out: &mut FindingCollector<'_>) {
    for problem in &view.manifest.problems {
        if matches!(problem.kind, YamlProblemKind::TooDeeplyNested | YamlProblemKind::TooLarge) {
            out.report(visible_span(view.text, problem.span), unaudited_message(&problem.message), Ok(None));
        }
    }
}

fn unaudited_message(reason: &str) -> String {
    format!("this was not audited: {reason}")
}
