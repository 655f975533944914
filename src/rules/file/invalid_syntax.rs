//! Reports a part of the file that cannot be read, by us or by the tool it is written for (`invalid-syntax`).

use super::visible_span;
use crate::dockerfile::DockerfileFault;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{
    DockerfileView, FindingCollector, ManifestView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};
use crate::yaml::YamlProblemKind;

pub(crate) static RULE: Rule = Rule {
    id: "invalid-syntax",
    severity: Severity::Medium,
    theme: RuleTheme::File,
    decision: RuleDecision::BrokenFile,
    article: false,
    kinds: RuleKinds::EveryDocument,
    text: page!("invalid-syntax"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile), RuleCheck::Manifest(check_manifest)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for problem in &view.file.problems {
        if !matches!(problem.fault, DockerfileFault::TooLong(_)) {
            out.report(visible_span(view.text, problem.span), problem.fault.to_string(), Ok(None));
        }
    }
}

fn check_manifest(view: &ManifestView<'_>, out: &mut FindingCollector<'_>) {
    for problem in &view.manifest.problems {
        if problem.kind == YamlProblemKind::InvalidSyntax {
            let message = format!("this document cannot be read: {}", problem.message);
            out.report(visible_span(view.text, problem.span), message, Ok(None));
        }
    }
}
