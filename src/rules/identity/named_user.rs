//! `named-user`: the kubelet cannot prove that a name is not root's.

use super::{expand, user_of};
use crate::dockerfile::Kind;
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "named-user",
    severity: Severity::Medium,
    theme: Theme::Identity,
    article: true,
    text: page!("named-user"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let Some(instruction) = view.final_stage().and_then(|stage| view.instruction(stage.in_effect.user?))
    else {
        return;
    };
    let Kind::User(word) = &instruction.kind else { return out.unknown() };
    let value = expand(*view, instruction.index, word);
    let Some(user) = user_of(&value) else { return out.unknown() };
    if user == "root" || user.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    let message = format!("`USER {}` is a name, which `runAsNonRoot` refuses to start", value.text);
    let remedy =
        Remedy::change("Name the user by its number", Safety::Review, vec![Intent::Build(BuildIntent::User)]);
    out.report(word.span, message, remedy.but("files that belong to the old number are closed to a new one"));
}
