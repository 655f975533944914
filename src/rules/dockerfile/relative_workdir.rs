//! Reports a WORKDIR that depends on the base image (`relative-workdir`).

use crate::dockerfile::{InstructionKind, VariableScope};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "relative-workdir",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("relative-workdir"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    // Per stage, true when its last directory is absolute; an unresolved one may be.
    let mut settled: Vec<bool> = Vec::new();
    for stage in &view.file.stages {
        let mut absolute = match stage.base {
            crate::dockerfile::StageBase::Stage(base) => settled.get(base).copied().unwrap_or_default(),
            _ => false,
        };
        for instruction in view.file.instructions_of(stage) {
            let later = match &instruction.kind {
                InstructionKind::Onbuild(later) => Some(&**later),
                _ => None,
            };
            let InstructionKind::Workdir(word) = &later.unwrap_or(instruction).kind else { continue };
            let path = VariableScope::at_instruction(view.text, view.file, instruction.index)
                .expand_word(view.text, word);
            if path.unresolved && path.text.starts_with('$') {
                absolute |= later.is_none();
                out.mark_unknown();
            } else if is_absolute(&path.text) {
                absolute |= later.is_none();
            } else if !absolute {
                let message =
                    format!("`{}` is relative to a directory that the base image chooses", path.text);
                out.report(word.span, message, Ok(None));
            }
        }
        settled.push(absolute);
    }
}

/// On Linux, or on Windows.
fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    match (chars.next(), chars.next()) {
        (Some('/' | '\\'), _) => true,
        (Some(drive), Some(':')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}
