//! `tls-verification-off`: a download does not check whom it is talking to.

use super::run::{Run, reword, runs};
use super::tls;
use crate::dockerfile::{Instruction, Kind, Word};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "tls-verification-off",
    severity: Severity::High,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("tls-verification-off"),
    checks: &[Check::Build(build)],
};

const CAUTION: &str = "a server whose certificate does not hold is refused";

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for instruction in &view.file.instructions {
        match &instruction.kind {
            Kind::Env(pairs) => {
                let off: Vec<_> =
                    pairs.iter().filter(|(name, value)| tls::is_off(&name.text, &value.text)).collect();
                for (name, value) in &off {
                    let remedy = in_env(view, instruction, pairs, name, value, off.len());
                    out.report(name.span.to(value.span), variable(&name.text), remedy);
                }
            }
            Kind::Arg(arguments) => {
                for (name, default) in arguments {
                    let off = default.as_ref().filter(|default| tls::is_off(&name.text, &default.text));
                    if let Some(default) = off {
                        let remedy = Remedy::Withheld("a build may be given another value for it".to_owned());
                        out.report(name.span.to(default.span), variable(&name.text), remedy);
                    }
                }
            }
            _ => {}
        }
    }
    for run in runs(view) {
        for index in 0..run.script.commands.len() {
            in_command(&run, index, out);
        }
    }
}

fn variable(name: &str) -> String {
    format!("`{name}` turns the check of certificates off")
}

fn in_command(run: &Run<'_>, index: usize, out: &mut Findings<'_>) {
    let command = &run.script.commands[index];
    let exports = command.invocation().is_some_and(|call| call.name() == "export");
    let assigned = command.assignments.iter().chain(command.words.iter().skip(1).filter(|_| exports));
    for word in assigned {
        let Some((name, _)) = word.text.split_once('=').filter(|(name, value)| tls::is_off(name, value))
        else {
            continue;
        };
        let remedy = if exports && command.words.len() == 2 && tls::is_left_out(name) {
            taken_out(run.remove(index))
        } else {
            Remedy::Withheld("the variable is set for one command".to_owned())
        };
        out.report(word.span, variable(name), remedy);
    }
    let Some(call) = command.effective() else { return };
    if let Some(word) = tls::setting(call) {
        let whole = command.words.first() == Some(call.program()) && tls::is_plain_setting(call);
        let remedy = if whole {
            taken_out(run.remove(index))
        } else {
            Remedy::Withheld("the setting is an argument of a command that does more".to_owned())
        };
        out.report(word.span, "certificates are not checked from here on", remedy);
    }
    for word in tls::options(call) {
        let remedy = match run.editable(command).and_then(|()| option(run, call.arguments(), word)) {
            Ok(intents) => Remedy::change("Check certificates", Safety::Review, intents).but(CAUTION),
            Err(why) => Remedy::Withheld(why),
        };
        out.report(word.span, format!("`{} {}` does not check certificates", call.name(), word.text), remedy);
    }
}

fn taken_out(intent: Result<Intent, String>) -> Remedy {
    match intent {
        Ok(intent) => Remedy::change("Take the setting out", Safety::Review, vec![intent]).but(CAUTION),
        Err(why) => Remedy::Withheld(why),
    }
}

/// An option without its part that turns the check off.
fn option(run: &Run<'_>, words: &[Word], word: &Word) -> Result<Vec<Intent>, String> {
    let text = word.text.as_str();
    if word.span.of(run.view.text) != text {
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
        let mut intents = vec![reword(run.instruction, word.span, "")];
        if let Some(host) = words.get(at + 1).filter(|_| alone) {
            intents = vec![reword(run.instruction, word.span.to(host.span), "")];
        }
        return Ok(intents);
    }
    let cluster = text.len() > 2 && !text.starts_with("--");
    let to = if cluster { text.replace('k', "") } else { String::new() };
    if cluster && !text[1..].chars().all(|c| c.is_ascii_alphabetic()) {
        return Err("the option is one of several in a word".to_owned());
    }
    if !cluster && !tls::LONG.contains(&text) {
        return Err("the option is one of several in a word".to_owned());
    }
    Ok(vec![reword(run.instruction, word.span, to)])
}

/// A variable of an ENV, taken out; the whole instruction where nothing else is in it.
fn in_env(
    view: &BuildView<'_>,
    instruction: &Instruction,
    pairs: &[(Word, Word)],
    name: &Word,
    value: &Word,
    off: usize,
) -> Remedy {
    if !tls::is_left_out(&name.text) {
        return Remedy::Withheld("the program may read the variable too".to_owned());
    }
    let all_left_out = pairs.iter().all(|(name, _)| tls::is_left_out(&name.text));
    let comment = view.file.comments.iter().any(|comment| instruction.span.covers(*comment));
    if off == pairs.len() && comment {
        return Remedy::Withheld("a comment stands amid its lines".to_owned());
    }
    let intent = if off == pairs.len() && all_left_out {
        Intent::Build(BuildIntent::Drop { instruction: instruction.index })
    } else {
        reword(instruction, name.span.to(value.span), "")
    };
    taken_out(Ok(intent))
}
