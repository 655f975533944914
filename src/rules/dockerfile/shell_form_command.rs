//! Reports a shell that stands between the program and the signals that stop it (`shell-form-command`).

use crate::dockerfile::{CommandForm, Instruction, InstructionKind, shell};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::image::DistroFamily;
use crate::needs::NeedKind;
use crate::project::image_accounts;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "shell-form-command",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: true,
    kinds: RuleKinds::NoObjects,
    text: page!("shell-form-command"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let Some(stage) = view.final_stage() else { return out.mark_not_applicable() };
    let in_effect = [stage.environment.cmd, stage.environment.entrypoint];
    let own = in_effect.into_iter().flatten().filter(|index| stage.instructions.contains(index));
    for instruction in own.filter_map(|index| view.instruction_at(index)) {
        if let Some(CommandForm::Shell(span)) = instruction.command_form() {
            let name = instruction.keyword.name();
            let message = format!("`{name}` is in shell form: the shell gets the signals, not the program");
            out.report(*span, message, propose_fix(*view, instruction));
        }
    }
}

fn propose_fix(view: DockerfileView<'_>, instruction: &Instruction) -> Result<Option<Fix>, String> {
    let Some(stage) = view.final_stage() else { return Ok(None) };
    let is_entrypoint = matches!(instruction.kind, InstructionKind::Entrypoint(_));
    if image_accounts::stage_base_image(view.file, stage).family == DistroFamily::Windows {
        return Err("the base is Windows, whose shell splits words in its own way".to_owned());
    }
    if is_entrypoint && stage.environment.cmd.is_some() {
        return Err("an `ENTRYPOINT` in exec form would begin to take the `CMD` as its arguments".to_owned());
    }
    let Some(CommandForm::Shell(span)) = instruction.command_form() else { return Ok(None) };
    let script = shell::parse_script(view.text, *span, view.file.escape);
    let plain = script.exec_words(view.text).is_some();
    let shell_entrypoint = stage
        .environment
        .entrypoint
        .and_then(|index| view.instruction_at(index))
        .is_some_and(|i| matches!(i.command_form(), Some(CommandForm::Shell(_))));
    // An entrypoint that looks at its words finds a shell in them now, and the program then.
    let reader = view.needs.iter().find(|need| need.kind == NeedKind::StartWords && !is_entrypoint);
    let untouched = reader.is_none() && stage.environment.shell.is_none();
    let safe = plain && !is_entrypoint && untouched && !shell_entrypoint;
    let edits = vec![Edit::Dockerfile(DockerfileEdit::UseExecForm { instruction: instruction.index })];
    let title = format!("Write `{}` in exec form", instruction.keyword.name());
    if safe {
        return Ok(Some(Fix::new(title, Safety::Safe, edits)));
    }
    let caution = "signals reach the program itself, which must end on SIGTERM";
    Ok(Some(Fix::new(title, Safety::Review, edits).with_caution(caution)))
}
