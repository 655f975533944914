//! Reports an install that waits for a confirmation that nobody can give (`unconfirmed-install`).

use super::package_calls::{PackageManager, package_call};
use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::dockerfile::shell::SimpleCommand;
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "unconfirmed-install",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
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
                || run.script.commands[..index].iter().any(|earlier| writes_setting(&run, earlier))
                || run.instruction.flag_values("mount").any(|m| m.contains("apt.conf"))
            {
                continue;
            }
            let message = format!("`{} {}` asks before it installs", call.invocation.name(), call.verb.text);
            out.report(call.verb.span, message, propose_fix(&run, index));
        }
        if writes_confirmation(&run) {
            answered = Some(run.instruction.stage);
        }
    }
}

/// True when a RUN sets for all later calls that they are confirmed.
fn writes_confirmation(run: &RunInstruction<'_>) -> bool {
    run.script.commands.iter().any(|command| writes_setting(run, command))
}

/// True for a command that brings such a setting into a file: by its words, where it does more than print them, or by
/// the heredoc that it reads.
fn writes_setting(run: &RunInstruction<'_>, command: &SimpleCommand) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        CONFIRM_SETTINGS.iter().any(|setting| text.contains(setting))
    };
    let stays = || {
        let into_file = |command: &SimpleCommand| {
            command.redirections.iter().any(|r| r.operator.starts_with('>') && r.target.text != "/dev/null")
        };
        let index =
            run.script.commands.iter().position(|other| other.span == command.span).unwrap_or_default();
        into_file(command)
            || run.script.pipeline_after(index).any(|next| {
                into_file(next) || next.effective_invocation().is_some_and(|call| call.name() == "tee")
            })
    };
    let is_install = package_call(command).is_some_and(|call| call.installs());
    let by_words = !is_install && command.words.iter().any(|word| says(&word.text));
    let heredocs = run.instruction.heredocs.iter().filter(|heredoc| {
        command.redirections.iter().any(|r| r.operator.starts_with("<<") && r.target.text == heredoc.name)
    });
    let by_heredoc = heredocs.map(|heredoc| heredoc.body.slice(run.view.text)).any(says);
    by_words && (!command.only_prints() || stays()) || by_heredoc && stays()
}

fn propose_fix(run: &RunInstruction<'_>, index: usize) -> Result<Option<Fix>, String> {
    let command = &run.script.commands[index];
    let Some(call) = package_call(command) else { return Ok(None) };
    run.check_editable(command)?;
    let (after, flag) = match call.manager {
        PackageManager::Zypper => (call.invocation.program_word(), " --non-interactive"),
        _ => (call.verb, " -y"),
    };
    let edits = vec![reword_edit(run.instruction, Span::empty_at(after.span.end), flag)];
    Ok(Some(Fix::new(format!("Add `{}`", flag.trim()), Safety::Safe, edits)))
}
