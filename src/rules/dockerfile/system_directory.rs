//! Reports a working directory or volume at a place that belongs to the kernel (`system-directory`).

use crate::base::at_or_below;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord, VariableScope};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "system-directory",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("system-directory"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const KERNEL_DIRECTORIES: [&str; 3] = ["/proc", "/sys", "/dev"];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild() {
        match &instruction.kind {
            InstructionKind::Workdir(word) => check_path(view, instruction, word, out),
            InstructionKind::Volume(words) => {
                words.iter().for_each(|word| check_path(view, instruction, word, out));
            }
            _ => {}
        }
    }
}

fn check_path(
    view: &DockerfileView<'_>,
    instruction: &Instruction,
    word: &SpannedWord,
    out: &mut FindingCollector<'_>,
) {
    let value =
        VariableScope::at_instruction(view.text, view.file, instruction.index).expand_word(view.text, word);
    let Some(path) = value.resolved_text() else { return out.mark_unknown() };
    let keyword = instruction.keyword.name();
    let path = path.trim_end_matches('/');
    if KERNEL_DIRECTORIES.iter().any(|folder| at_or_below(path, folder)) {
        out.report(word.span, format!("`{keyword} {path}` is at a directory of the kernel's"), Ok(None));
    } else if path.is_empty()
        && value.text.starts_with('/')
        && matches!(instruction.kind, InstructionKind::Volume(_))
    {
        out.report(word.span, "`VOLUME /` covers the whole image", Ok(None));
    }
}
