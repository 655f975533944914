//! Reports a download that does not verify its server (`tls-verification-off`).

use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use super::tls_options;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "tls-verification-off",
    severity: Severity::High,
    theme: RuleTheme::Build,
    decision: RuleDecision::UncheckedSupply,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("tls-verification-off"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const CAUTION: &str = "a server whose certificate does not hold is refused";

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild() {
        match &instruction.kind {
            InstructionKind::Env(pairs) => {
                let off: Vec<_> = pairs
                    .iter()
                    .filter(|(name, value)| tls_options::turns_check_off(&name.text, &value.text))
                    .collect();
                for (name, value) in &off {
                    let fix = env_fix(view, instruction, pairs, name, value, off.len());
                    out.report(name.span.to(value.span), variable_message(&name.text), fix);
                }
            }
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    let off = default
                        .as_ref()
                        .filter(|default| tls_options::turns_check_off(&name.text, &default.text));
                    if let Some(default) = off {
                        let fix = Err("a build may be given another value for it".to_owned());
                        out.report(name.span.to(default.span), variable_message(&name.text), fix);
                    }
                }
            }
            _ => {}
        }
    }
    for run in run_instructions(view) {
        for index in 0..run.script.commands.len() {
            check_command(&run, index, out);
        }
    }
}

fn variable_message(name: &str) -> String {
    format!("`{name}` turns the check of certificates off")
}

fn check_command(run: &RunInstruction<'_>, index: usize, out: &mut FindingCollector<'_>) {
    let command = &run.script.commands[index];
    let exports = command.called_program().is_some_and(|call| call.name() == "export");
    let assigned = command.assignments.iter().chain(command.words.iter().skip(1).filter(|_| exports));
    for word in assigned {
        let Some((name, _)) =
            word.text.split_once('=').filter(|(name, value)| tls_options::turns_check_off(name, value))
        else {
            continue;
        };
        let fix = if exports && command.words.len() == 2 && tls_options::may_be_removed(name) {
            run.remove_edit(index).map(removal_fix)
        } else {
            Err("the variable is set for one command".to_owned())
        };
        out.report(word.span, variable_message(name), fix);
    }
    let Some(call) = command.effective_invocation() else { return };
    if let Some(word) = tls_options::insecure_setting(call) {
        let whole = command.words.first() == Some(call.program_word()) && tls_options::is_plain_setting(call);
        let fix = if whole {
            run.remove_edit(index).map(removal_fix)
        } else {
            Err("the setting is an argument of a command that does more".to_owned())
        };
        out.report(word.span, "certificates are not checked from here on", fix);
    }
    for word in tls_options::insecure_options(call) {
        let edits = run.check_editable(command).and_then(|()| option_edits(run, call.arguments(), word));
        let fix = edits
            .map(|edits| Some(Fix::new("Check certificates", Safety::Review, edits).with_caution(CAUTION)));
        out.report(word.span, format!("`{} {}` does not check certificates", call.name(), word.text), fix);
    }
}

fn removal_fix(edit: Edit) -> Option<Fix> {
    Some(Fix::new("Take the setting out", Safety::Review, vec![edit]).with_caution(CAUTION))
}

/// An option without its part that turns the check off.
fn option_edits(
    run: &RunInstruction<'_>,
    words: &[SpannedWord],
    word: &SpannedWord,
) -> Result<Vec<Edit>, String> {
    let text = word.text.as_str();
    if word.span.slice(run.view.text) != text {
        return Err("the option is quoted".to_owned());
    }
    let at = words.iter().position(|other| other.span == word.span).unwrap_or_default();
    if text.starts_with("--trusted-host") {
        let alone = text == "--trusted-host";
        let hosts = words.iter().filter(|word| word.text.starts_with("--trusted-host")).count();
        let after = words.get(at + 1 + usize::from(alone));
        if hosts > 1 || after.is_none() {
            return Err("which of the hosts it names has a certificate that holds is not known".to_owned());
        }
        let mut edits = vec![reword_edit(run.instruction, word.span, "")];
        if let Some(host) = words.get(at + 1).filter(|_| alone) {
            edits = vec![reword_edit(run.instruction, word.span.to(host.span), "")];
        }
        return Ok(edits);
    }
    let cluster = text.len() > 2 && !text.starts_with("--");
    let to = if cluster { text.replace('k', "") } else { String::new() };
    if cluster && !text[1..].chars().all(|c| c.is_ascii_alphabetic()) {
        return Err("the option is one of several in a word".to_owned());
    }
    if !cluster && !tls_options::PURE_OPTIONS.contains(&text) {
        return Err("the option is one of several in a word".to_owned());
    }
    Ok(vec![reword_edit(run.instruction, word.span, to)])
}

/// A variable of an ENV, taken out; the whole instruction where nothing else is in it.
fn env_fix(
    view: &DockerfileView<'_>,
    instruction: &Instruction,
    pairs: &[(SpannedWord, SpannedWord)],
    name: &SpannedWord,
    value: &SpannedWord,
    off: usize,
) -> Result<Option<Fix>, String> {
    if !tls_options::may_be_removed(&name.text) {
        return Err("the program may read the variable too".to_owned());
    }
    let all_left_out = pairs.iter().all(|(name, _)| tls_options::may_be_removed(&name.text));
    let comment = view.file.comments.iter().any(|comment| instruction.span.covers(*comment));
    if off == pairs.len() && comment {
        return Err("a comment stands amid its lines".to_owned());
    }
    let edit = if off == pairs.len() && all_left_out {
        Edit::Dockerfile(DockerfileEdit::RemoveInstruction { instruction: instruction.index })
    } else {
        reword_edit(instruction, name.span.to(value.span), "")
    };
    Ok(removal_fix(edit))
}
