//! Reports an install that waits for a confirmation that nobody can give (`unconfirmed-install`).

use super::package_calls::{PackageManager, package_call};
use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "unconfirmed-install",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unconfirmed-install"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Settings that answer for all calls.
const CONFIRM_SETTINGS: [&str; 3] = ["assume-yes", "assumeyes=1", "assumeyes=true"];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let mut answered = None;
    for run in run_instructions(view) {
        let text = run.instruction.span.slice(view.text).to_ascii_lowercase();
        for (index, command) in run.script.commands.iter().enumerate() {
            let Some(call) = package_call(command).filter(|call| call.installs() && !call.is_confirmed())
            else {
                continue;
            };
            let fed = run.script.commands[..index].iter().any(|c| {
                c.pipeline == command.pipeline
                    && c.effective_invocation().is_some_and(|c| matches!(c.name(), "yes" | "echo" | "printf"))
            });
            if fed
                || answered == Some(run.instruction.stage)
                || run.instruction.flag_values("mount").any(|m| m.contains("apt.conf"))
            {
                continue;
            }
            let message = format!("`{} {}` asks before it installs", call.invocation.name(), call.verb.text);
            out.report(call.verb.span, message, propose_fix(&run, index));
        }
        if CONFIRM_SETTINGS.iter().any(|setting| text.contains(setting)) {
            answered = Some(run.instruction.stage);
        }
    }
}

fn propose_fix(run: &RunInstruction<'_>, index: usize) -> Result<Option<Fix>, String> {
    let command = &run.script.commands[index];
    let Some(call) = package_call(command) else { return Ok(None) };
    if let Err(why) = run.check_editable(command) {
        return Err(why);
    }
    let (after, flag) = match call.manager {
        PackageManager::Zypper => (call.invocation.program_word(), " --non-interactive"),
        _ => (call.verb, " -y"),
    };
    let edits = vec![reword_edit(run.instruction, Span::empty_at(after.span.end), flag)];
    Ok(Some(Fix::new(format!("Add `{}`", flag.trim()), Safety::Safe, edits)))
}
