//! `shell-form-command`: a shell stands between the program and the signals that stop it.

use crate::dockerfile::{Command, Instruction, Kind, shell};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::image::Family;
use crate::rules::repository::accounts;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "shell-form-command",
    severity: Severity::Low,
    theme: Theme::Build,
    article: true,
    kinds: RuleKinds::NoObjects,
    text: page!("shell-form-command"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let Some(stage) = view.final_stage() else { return out.silent() };
    let in_effect = [stage.in_effect.cmd, stage.in_effect.entrypoint];
    let own = in_effect.into_iter().flatten().filter(|index| stage.instructions.contains(index));
    for instruction in own.filter_map(|index| view.instruction(index)) {
        if let Some(Command::Shell(span)) = instruction.command() {
            let name = instruction.keyword.name();
            let message = format!("`{name}` is in shell form: the shell gets the signals, not the program");
            out.report(*span, message, remedy(*view, instruction));
        }
    }
}

fn remedy(view: BuildView<'_>, instruction: &Instruction) -> Remedy {
    let Some(stage) = view.final_stage() else { return Remedy::None };
    let is_entrypoint = matches!(instruction.kind, Kind::Entrypoint(_));
    if accounts::base(view.file, stage).family == Family::Windows {
        return Remedy::Withheld("the base is Windows, whose shell splits words in its own way".to_owned());
    }
    if is_entrypoint && stage.in_effect.cmd.is_some() {
        return Remedy::Withheld(
            "an `ENTRYPOINT` in exec form would begin to take the `CMD` as its arguments".to_owned(),
        );
    }
    let Some(Command::Shell(span)) = instruction.command() else { return Remedy::None };
    let script = shell::script(view.text, *span, view.file.escape);
    let plain = script.exec_words(view.text).is_some();
    let shell_entrypoint = stage
        .in_effect
        .entrypoint
        .and_then(|index| view.instruction(index))
        .is_some_and(|i| matches!(i.command(), Some(Command::Shell(_))));
    let safe = plain && !is_entrypoint && stage.in_effect.shell.is_none() && !shell_entrypoint;
    let intents = vec![Intent::Build(BuildIntent::ExecForm { instruction: instruction.index })];
    let title = format!("Write `{}` in exec form", instruction.keyword.name());
    if safe {
        return Remedy::change(title, Safety::Safe, intents);
    }
    Remedy::change(title, Safety::Review, intents)
        .but("signals reach the program itself, which must end on SIGTERM")
}
