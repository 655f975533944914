//! `sudo`: a staircase back to root.

use super::run::{Run, reword};
use crate::dockerfile::Kind;
use crate::dockerfile::shell::Simple;
use crate::finding::{Remedy, Safety, Severity};
use crate::rules::repository::accounts;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "sudo",
    severity: Severity::Medium,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("sudo"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let runs_it = |kind: &Kind| matches!(kind, Kind::Run(_) | Kind::Cmd(_) | Kind::Entrypoint(_));
    for instruction in view.file.instructions.iter().filter(|i| runs_it(&i.kind)) {
        let run = Run::of(*view, instruction);
        for command in &run.script.commands {
            let sudo = command.invocations().find(|call| call.name() == "sudo");
            if let Some(sudo) = sudo {
                let message = format!("`{}` runs a command by `sudo`", instruction.keyword.name());
                out.report(sudo.program().span, message, remedy(&run, command));
            }
        }
    }
}

fn remedy(run: &Run<'_>, command: &Simple) -> Remedy {
    match unneeded(run, command) {
        Ok(span) => {
            Remedy::change("Leave `sudo` out", Safety::Review, vec![reword(run.instruction, span, "")])
                .but("a command that needs root fails where root is not the user")
        }
        Err(why) => Remedy::Withheld(why),
    }
}

/// From `sudo` to the command that it starts, where that is the same without it.
fn unneeded(run: &Run<'_>, command: &Simple) -> Result<Span, String> {
    if !matches!(run.instruction.kind, Kind::Run(_)) {
        return Err("whether the program needs root, it alone knows".to_owned());
    }
    run.plain(command)?;
    if !accounts::is_root_at(run.view.text, run.view.file, run.instruction) {
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
