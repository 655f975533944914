//! Reports an exposed SSH port, a second way in beside the program (`exposed-ssh`).

use super::run_edits::reword_edit;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord, VariableScope};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "exposed-ssh",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("exposed-ssh"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const SSH_PORT: u16 = 22;

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild() {
        let InstructionKind::Expose(words) = &instruction.kind else { continue };
        let scope = VariableScope::at_instruction(view.text, view.file, instruction.index);
        let ssh: Vec<(&SpannedWord, bool)> = words
            .iter()
            .filter_map(|word| {
                let value = scope.expand_word(view.text, word);
                let Some(ports) = value.resolved_text() else {
                    out.mark_unknown();
                    return None;
                };
                holds_ssh(ports).then(|| (word, ports.contains('-')))
            })
            .collect();
        for (word, range) in &ssh {
            let fix = propose_fix(view, instruction, words, word, *range, ssh.len());
            out.report(word.span, "port 22 is exposed, which is SSH", fix);
        }
    }
}

/// `22`, `22/tcp`, `20-30`.
fn holds_ssh(ports: &str) -> bool {
    let (ports, protocol) = ports.split_once('/').unwrap_or((ports, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let range = first.parse::<u16>().ok().zip(last.parse::<u16>().ok());
    protocol.eq_ignore_ascii_case("tcp")
        && range.is_some_and(|(first, last)| (first..=last).contains(&SSH_PORT))
}

fn propose_fix(
    view: &DockerfileView<'_>,
    instruction: &Instruction,
    words: &[SpannedWord],
    word: &SpannedWord,
    range: bool,
    found: usize,
) -> Result<Option<Fix>, String> {
    if range {
        return Err("which ports of the range are meant, a person must say".to_owned());
    }
    if word.has_variables {
        return Err("the port is a variable's value".to_owned());
    }
    let edit = if words.len() == found {
        Edit::Dockerfile(DockerfileEdit::RemoveInstruction { instruction: instruction.index })
    } else {
        reword_edit(instruction, word.span, "")
    };
    let inner_comment = view.file.comments.iter().any(|comment| instruction.span.covers(*comment));
    if inner_comment && words.len() == found {
        return Err("a comment stands amid its lines".to_owned());
    }
    Ok(Some(
        Fix::new("Take the port out", Safety::Review, vec![edit])
            .with_caution("`docker run -P` no longer publishes it"),
    ))
}
