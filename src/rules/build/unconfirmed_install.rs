//! `unconfirmed-install`: a package manager asks, and nobody can answer.

use super::packages::{Manager, package_call};
use super::run::{Run, reword, runs};
use crate::finding::{Remedy, Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "unconfirmed-install",
    severity: Severity::Medium,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unconfirmed-install"),
    checks: &[Check::Build(build)],
};

/// Settings that answer for all calls.
const SETTINGS: [&str; 3] = ["assume-yes", "assumeyes=1", "assumeyes=true"];

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let mut answered = None;
    for run in runs(view) {
        let text = run.instruction.span.of(view.text).to_ascii_lowercase();
        for (index, command) in run.script.commands.iter().enumerate() {
            let Some(call) = package_call(command).filter(|call| call.installs() && !call.is_confirmed())
            else {
                continue;
            };
            let fed = run.script.commands[..index].iter().any(|c| {
                c.pipeline == command.pipeline
                    && c.effective().is_some_and(|c| matches!(c.name(), "yes" | "echo" | "printf"))
            });
            if fed
                || answered == Some(run.instruction.stage)
                || run.instruction.flag("mount").any(|m| m.contains("apt.conf"))
            {
                continue;
            }
            let message = format!("`{} {}` asks before it installs", call.call.name(), call.verb.text);
            out.report(call.verb.span, message, remedy(&run, index));
        }
        if SETTINGS.iter().any(|setting| text.contains(setting)) {
            answered = Some(run.instruction.stage);
        }
    }
}

fn remedy(run: &Run<'_>, index: usize) -> Remedy {
    let command = &run.script.commands[index];
    let Some(call) = package_call(command) else { return Remedy::None };
    if let Err(why) = run.editable(command) {
        return Remedy::Withheld(why);
    }
    let (after, flag) = match call.manager {
        Manager::Zypper => (call.call.program(), " --non-interactive"),
        _ => (call.verb, " -y"),
    };
    let intents = vec![reword(run.instruction, Span::at(after.span.end), flag)];
    Remedy::change(format!("Add `{}`", flag.trim()), Safety::Safe, intents)
}
