//! Reports an image without a user, whose program starts as root (`missing-user`).

use super::refuse_root_start;
use crate::dockerfile::InstructionKind;
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::image::DistroFamily;
use crate::image::known::DefaultUser;
use crate::project::image_accounts;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-user",
    severity: Severity::High,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::NoObjects,
    text: page!("missing-user"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let Some(stage) = view.final_stage() else { return out.mark_not_applicable() };
    if stage.environment.user.is_some() {
        return;
    }
    let base = image_accounts::stage_base_image(view.file, stage);
    if matches!(base.default_user(), DefaultUser::NonRoot { .. }) {
        return;
    }
    let Some(from) = view.instruction_at(stage.from_index) else { return };
    let is_base = is_only_a_base(*view);
    let severity = if is_base { Severity::Info } else { Severity::High };
    let message = if is_base {
        "no `USER` in the final stage, which starts nothing: it is root in what is built on it"
    } else {
        "no `USER` in the final stage: the program starts as root"
    };
    out.report_as(severity, from.keyword_span, message, propose_fix(*view));
}

/// True where the stage starts nothing, and no workload runs its image with a command of its own.
fn is_only_a_base(view: DockerfileView<'_>) -> bool {
    let Some(stage) = view.final_stage().filter(|_| !view.deployment.is_deployed) else { return false };
    image_accounts::is_only_a_base(view.file, stage, &image_accounts::stage_base_image(view.file, stage))
}

fn propose_fix(view: DockerfileView<'_>) -> Result<Option<Fix>, String> {
    let Some(stage) = view.final_stage() else { return Ok(None) };
    let base = image_accounts::stage_base_image(view.file, stage);
    let withheld = |why: &str| Err(why.to_owned());
    if base.family == DistroFamily::Windows {
        return withheld("the base is Windows, whose users have no numbers");
    }
    refuse_root_start(view)?;
    if is_only_a_base(view) {
        return withheld(
            "nothing is started here, so the image serves as a base: its user is for what is built on it",
        );
    }
    if view.file.instructions_of(stage).iter().any(|i| matches!(i.kind, InstructionKind::Onbuild(_))) {
        return withheld("what is built on the image runs its `ONBUILD` instructions, which may need root");
    }
    let edits = vec![Edit::Dockerfile(DockerfileEdit::SetUser)];
    let fix = Fix::new("End as a user that is not root", Safety::Review, edits);
    let mut caution = "a program that needs root, or writes where only root may, no longer works".to_owned();
    if let Some(known) = base.known_image.and_then(|known| known.caution) {
        caution = format!("{caution}; {known}");
    }
    Ok(Some(fix.with_caution(caution)))
}
