//! Reports a download that does not verify its server (`tls-verification-off`).

use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use super::tls_options;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "tls-verification-off",
    severity: Severity::High,
    theme: RuleTheme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("tls-verification-off"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const CAUTION: &str = "a server whose certificate does not hold is refused";

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in &view.file.instructions {
        match &instruction.kind {
            InstructionKind::Env(pairs) => {
                let off: Vec<_> = pairs
                    .iter()
                    .filter(|(name, value)| tls_options::turns_check_off(&name.text, &value.text))
                    .collect();
                for (name, value) in &off {
                    let remedy = env_fix(view, instruction, pairs, name, value, off.len());
                    out.report(name.span.to(value.span), variable_message(&name.text), remedy);
                }
            }
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    let off = default
                        .as_ref()
                        .filter(|default| tls_options::turns_check_off(&name.text, &default.text));
                    if let Some(default) = off {
                        let remedy = Remedy::Withheld("a build may be given another value for it".to_owned());
                        out.report(name.span.to(default.span), variable_message(&name.text), remedy);
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
        let remedy = if exports && command.words.len() == 2 && tls_options::may_be_removed(name) {
            removal_fix(run.remove_edit(index))
        } else {
            Remedy::Withheld("the variable is set for one command".to_owned())
        };
        out.report(word.span, variable_message(name), remedy);
    }
    let Some(call) = command.effective_invocation() else { return };
    if let Some(word) = tls_options::insecure_setting(call) {
        let whole = command.words.first() == Some(call.program_word()) && tls_options::is_plain_setting(call);
        let remedy = if whole {
            removal_fix(run.remove_edit(index))
        } else {
            Remedy::Withheld("the setting is an argument of a command that does more".to_owned())
        };
        out.report(word.span, "certificates are not checked from here on", remedy);
    }
    for word in tls_options::insecure_options(call) {
        let remedy =
            match run.check_editable(command).and_then(|()| option_edits(run, call.arguments(), word)) {
                Ok(intents) => Remedy::change("Check certificates", Safety::Review, intents).but(CAUTION),
                Err(why) => Remedy::Withheld(why),
            };
        out.report(word.span, format!("`{} {}` does not check certificates", call.name(), word.text), remedy);
    }
}

fn removal_fix(intent: Result<Intent, String>) -> Remedy {
    match intent {
        Ok(intent) => Remedy::change("Take the setting out", Safety::Review, vec![intent]).but(CAUTION),
        Err(why) => Remedy::Withheld(why),
    }
}

/// An option without its part that turns the check off.
fn option_edits(
    run: &RunInstruction<'_>,
    words: &[SpannedWord],
    word: &SpannedWord,
) -> Result<Vec<Intent>, String> {
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
        let mut intents = vec![reword_edit(run.instruction, word.span, "")];
        if let Some(host) = words.get(at + 1).filter(|_| alone) {
            intents = vec![reword_edit(run.instruction, word.span.to(host.span), "")];
        }
        return Ok(intents);
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
) -> Remedy {
    if !tls_options::may_be_removed(&name.text) {
        return Remedy::Withheld("the program may read the variable too".to_owned());
    }
    let all_left_out = pairs.iter().all(|(name, _)| tls_options::may_be_removed(&name.text));
    let comment = view.file.comments.iter().any(|comment| instruction.span.covers(*comment));
    if off == pairs.len() && comment {
        return Remedy::Withheld("a comment stands amid its lines".to_owned());
    }
    let intent = if off == pairs.len() && all_left_out {
        Intent::Build(BuildIntent::Drop { instruction: instruction.index })
    } else {
        reword_edit(instruction, name.span.to(value.span), "")
    };
    removal_fix(Ok(intent))
}
