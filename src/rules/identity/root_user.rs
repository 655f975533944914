//! `root-user`: the program is told to run as root.

use super::{expand, user_of};
use crate::dockerfile::Kind;
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, ContainerView, Findings, Rule, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "root-user",
    severity: Severity::High,
    theme: Theme::Identity,
    article: true,
    text: page!("root-user"),
    checks: &[Check::Build(build), Check::Container(container)],
};

const CAUTION: &str = "a program that needs root no longer starts";

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let Some(instruction) = view.final_stage().and_then(|stage| view.instruction(stage.in_effect.user?))
    else {
        return;
    };
    let Kind::User(word) = &instruction.kind else { return out.unknown() };
    let value = expand(*view, instruction.index, word);
    let Some(user) = user_of(&value) else { return out.unknown() };
    if matches!(user, "root" | "0") {
        let remedy = Remedy::change(
            "End as a user that is not root",
            Safety::Review,
            vec![Intent::Build(BuildIntent::User)],
        );
        out.report(word.span, "the last `USER` is root", remedy.but(CAUTION));
    }
}

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    let pod = view.pod.pod;
    let (user, non_root) = (pod.run_as_user(view.container), pod.run_as_non_root(view.container));
    if user.get() == Some(&0) {
        let wants = vec![view.intent(Want::User { container: view.index })];
        let remedy = Remedy::change("Set `runAsUser` to a number that is not root's", Safety::Review, wants);
        out.report_at(view.at(user.from, user.span), "`runAsUser` is 0, which is root", remedy.but(CAUTION));
    } else if non_root.get() == Some(&false) {
        let wants = vec![view.intent(Want::NonRoot { container: view.index })];
        let remedy = Remedy::change("Set `runAsNonRoot` to true", Safety::Review, wants);
        out.report_at(view.at(non_root.from, non_root.span), "`runAsNonRoot` is false", remedy.but(CAUTION));
    } else if user.is_unknown() || non_root.is_unknown() {
        out.unknown();
    }
}
