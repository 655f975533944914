//! Reports sudo in an image, a way back to root (`sudo`).

use super::run_edits::{RunInstruction, reword_edit};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::shell::SimpleCommand;
use crate::finding::{Fix, Safety, Severity};
use crate::project::image_accounts;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "sudo",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("sudo"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let runs_it = |kind: &InstructionKind| {
        matches!(kind, InstructionKind::Run(_) | InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_))
    };
    for instruction in view.file.instructions_with_onbuild().filter(|i| runs_it(&i.kind)) {
        let run = RunInstruction::from_instruction(*view, instruction);
        for command in &run.script.commands {
            let sudo = command.wrapped_invocations().find(|call| call.name() == "sudo");
            if let Some(sudo) = sudo {
                let message = format!("`{}` runs a command by `sudo`", instruction.keyword.name());
                out.report(sudo.program_word().span, message, propose_fix(&run, command));
            }
        }
    }
}

fn propose_fix(run: &RunInstruction<'_>, command: &SimpleCommand) -> Result<Option<Fix>, String> {
    let edits = vec![reword_edit(run.instruction, unneeded_span(run, command)?, "")];
    Ok(Some(
        Fix::new("Leave `sudo` out", Safety::Review, edits)
            .with_caution("a command that needs root fails where root is not the user"),
    ))
}

/// From `sudo` to the command that it starts, where that is the same without it.
fn unneeded_span(run: &RunInstruction<'_>, command: &SimpleCommand) -> Result<Span, String> {
    if !matches!(run.instruction.kind, InstructionKind::Run(_)) {
        return Err("whether the program needs root, it alone knows".to_owned());
    }
    run.check_plain(command)?;
    if !image_accounts::is_root_at(run.view.text, run.view.file, run.instruction) {
        return Err("the command does not run as root: it must stand before `USER`".to_owned());
    }
    let first = command.words.first().filter(|word| word.text == "sudo" && command.assignments.is_empty());
    let first = first.ok_or("it stands amid other commands that start programs")?;
    let mut rest = command.words[1..].iter();
    let harmless = |text: &str| {
        text.strip_prefix('-').is_some_and(|o| !o.is_empty() && o.chars().all(|c| "EHnS".contains(c)))
    };
    let program = rest.find(|word| !harmless(&word.text)).ok_or("it starts nothing")?;
    if program.text.starts_with('-') {
        return Err(format!("`{}` makes it run as someone else", program.text));
    }
    Ok(Span::new(first.span.start, program.span.start))
}
