//! `missing-user`: the image says nothing of a user, so the program starts as root.

use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::image::Family;
use crate::image::known::DefaultUser;
use crate::rules::repository::accounts;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-user",
    severity: Severity::High,
    theme: Theme::Identity,
    article: true,
    text: page!("missing-user"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let Some(stage) = view.final_stage() else { return out.silent() };
    if stage.in_effect.user.is_some() {
        return;
    }
    let base = accounts::base(view.file, stage);
    if matches!(base.default_user(), DefaultUser::NonRoot { .. }) {
        return;
    }
    let Some(from) = view.instruction(stage.from) else { return };
    let message = "no `USER` in the final stage: the program starts as root";
    out.report(from.keyword_span, message, remedy(*view));
}

fn remedy(view: BuildView<'_>) -> Remedy {
    let Some(stage) = view.final_stage() else { return Remedy::None };
    let base = accounts::base(view.file, stage);
    let withheld = |why: &str| Remedy::Withheld(why.to_owned());
    if base.family == Family::Windows {
        return withheld("the base is Windows, whose users have no numbers");
    }
    if let Some(program) = accounts::drops_privileges(view.text, view.file, stage) {
        return Remedy::Withheld(format!(
            "the image drops privileges itself, by {program}: it must start as root"
        ));
    }
    if accounts::is_only_a_base(view.file, stage, &base) {
        return withheld(
            "nothing is started here, so the image serves as a base: its user is for what is built on it",
        );
    }
    let intents = vec![Intent::Build(BuildIntent::User)];
    Remedy::change("End as a user that is not root", Safety::Review, intents)
        .but("a program that needs root, or writes where only root may, no longer works")
}
