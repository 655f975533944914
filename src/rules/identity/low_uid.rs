//! `low-uid`: the number that the program runs as is some other account's on the host.

use super::{LOWEST_UID, known_image, last_user};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity, Want};
use crate::manifest::SettingLevel;
use crate::rules::repository::accounts::{self, Number};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, ContainerView, Findings, Repository, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "low-uid",
    severity: Severity::Medium,
    theme: Theme::Identity,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("low-uid"),
    checks: &[Check::Build(build), Check::ContainerAmong(container)],
};

const CAUTION: &str = "files that only the old number may read are closed to the new one";

/// Set, not root's, and low.
fn is_low(uid: i64) -> bool {
    0 < uid && uid < LOWEST_UID
}

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let Some(stage) = view.final_stage() else { return out.unknown() };
    let Some(last) = last_user(*view, out) else { return };
    let user = last.name();
    let remedy = || {
        let remedy =
            Remedy::change("End as a high uid", Safety::Review, vec![Intent::Build(BuildIntent::User)]);
        remedy.but(CAUTION)
    };
    let built_for = |uid: i64| {
        let base = accounts::base(view.file, stage);
        u32::try_from(uid).is_ok_and(|uid| base.known.is_some_and(|known| known.is_built_for(uid)))
    };
    match user.parse::<i64>() {
        Ok(uid) if is_low(uid) && !built_for(uid) => {
            out.report(
                last.word.span,
                format!("uid {uid} is likely to be some other account on the host"),
                remedy(),
            );
        }
        Ok(_) => {}
        Err(_) if user == "root" => {}
        Err(_) => match accounts::account(view.scripts, stage, user).map(|account| account.uid) {
            Some(Number::Written(uid)) if is_low(uid.into()) && !built_for(uid.into()) => {
                let message = format!("`{user}` has uid {uid}, likely to be some other account on the host");
                out.report(last.word.span, message, remedy());
            }
            Some(Number::Left) => {
                let message =
                    format!("the uid of `{user}` is left to the distribution, which gives low ones");
                out.report(last.word.span, message, remedy());
            }
            Some(Number::Written(_)) => {}
            Some(Number::Open) | None => out.unknown(),
        },
    }
}

fn container(view: &ContainerView<'_>, repository: &Repository<'_>, out: &mut Findings<'_>) {
    let in_effect = view.pod.pod.run_as_user(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() {
        return out.silent();
    }
    let Some(uid) = in_effect.get().copied() else {
        return out.unknown_if(in_effect.is_unknown());
    };
    if !is_low(uid) {
        return;
    }
    let built_for = |view: ContainerView<'_>| {
        let base = repository.link(view).and_then(|link| repository.build(link)?.built_for);
        u32::try_from(uid).is_ok_and(|uid| {
            base.is_some_and(|(base, _)| base == uid)
                || known_image(view).is_some_and(|known| known.is_built_for(uid))
        })
    };
    let inherits =
        |view: &ContainerView<'_>| view.pod.pod.run_as_user(view.container).from == SettingLevel::Pod;
    let excused = match in_effect.from {
        SettingLevel::Pod => view.pod.containers().filter(inherits).all(built_for),
        _ => built_for(*view),
    };
    if !excused {
        let sharing = view.sharing(|pod, container| pod.run_as_user(container).from);
        let wants = sharing.map(|container| view.intent(Want::User { container })).collect();
        let remedy = Remedy::change("Set `runAsUser` to a high uid", Safety::Review, wants).but(CAUTION);
        let message = format!("uid {uid} is likely to be some other account on the host");
        out.report_at(view.at(in_effect.from, in_effect.span), message, remedy);
    }
}
