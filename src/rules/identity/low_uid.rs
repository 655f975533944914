//! Reports a uid that may be another account's on the host (`low-uid`).

use super::{known_image, read_last_user};
use crate::finding::{DockerfileEdit, Edit, Fix, PodEdit, Safety, Severity};
use crate::kubernetes::SettingLevel;
use crate::needs::ProgramNeed;
use crate::project::image_accounts::AccountUid;
use crate::project::{LOWEST_UID, RepositoryView, image_accounts};
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};

pub(crate) static RULE: Rule = Rule {
    id: "low-uid",
    severity: Severity::Medium,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("low-uid"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile), RuleCheck::RepoContainer(check_container)],
};

const CAUTION: &str = "files that only the old number may read are closed to the new one";

/// Set, not root's, and low.
fn is_low_uid(uid: i64) -> bool {
    0 < uid && uid < LOWEST_UID
}

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let Some(stage) = view.final_stage() else { return out.mark_unknown() };
    if view.deployment.sets_high_uid {
        return;
    }
    let Some(last) = read_last_user(*view, out) else { return };
    let user = last.user_name();
    let fix = || {
        let fix =
            Fix::new("End as a high uid", Safety::Review, vec![Edit::Dockerfile(DockerfileEdit::SetUser)]);
        Ok(Some(fix.with_caution(CAUTION)))
    };
    let built_for = |uid: i64| {
        let base = image_accounts::stage_base_image(view.file, stage);
        u32::try_from(uid).is_ok_and(|uid| base.known_image.is_some_and(|known| known.is_built_for_uid(uid)))
            || image_accounts::find_base_account(view.scripts, stage, user).is_some()
    };
    match user.parse::<i64>() {
        Ok(uid) if is_low_uid(uid) && !built_for(uid) => {
            out.report(
                last.word.span,
                format!("uid {uid} is likely to be some other account on the host"),
                fix(),
            );
        }
        Ok(_) => {}
        Err(_) if user == "root" => {}
        Err(_) => match image_accounts::find_account(view.scripts, stage, user).map(|account| account.uid) {
            Some(AccountUid::Written(uid)) if is_low_uid(uid.into()) && !built_for(uid.into()) => {
                let message = format!("`{user}` has uid {uid}, likely to be some other account on the host");
                out.report(last.word.span, message, fix());
            }
            Some(AccountUid::LeftToTool) => {
                let message =
                    format!("the uid of `{user}` is left to the distribution, which gives low ones");
                out.report(last.word.span, message, fix());
            }
            Some(AccountUid::Written(_)) => {}
            Some(AccountUid::Unresolved) | None => out.mark_unknown(),
        },
    }
}

fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let in_effect = view.pod.pod.run_as_user(view.container);
    if view.pod.is_windows() || view.pod.has_own_users() {
        return out.mark_not_applicable();
    }
    let Some(uid) = in_effect.get().copied() else {
        return out.mark_unknown_if(in_effect.is_unknown());
    };
    if !is_low_uid(uid) {
        return;
    }
    let built_for = |view: ContainerView<'_>| {
        let base = repository
            .link_of_key(&view.key())
            .and_then(|link| repository.dockerfile_facts(link)?.base_identity);
        u32::try_from(uid).is_ok_and(|uid| {
            base.is_some_and(|(base, _)| base == uid)
                || known_image(view).is_some_and(|known| known.is_built_for_uid(uid))
        })
    };
    // What a pod says of all, it says for the one whose own it is: its volumes belong to that account.
    // A trial may have seen that the program runs as it, and as no other.
    let needs = repository.pod_needs(view.pod.place());
    let is_seen = |need: &ProgramNeed| need.observed_uid() == Some(uid);
    let built_for = |view: ContainerView<'_>| built_for(view) || needs.of_container(view.index).any(is_seen);
    let excused = match in_effect.level {
        SettingLevel::Pod => view.pod.containers().any(built_for),
        _ => built_for(*view),
    };
    if !excused {
        let sharing = view.containers_inheriting(|pod, container| pod.run_as_user(container).level);
        let edits = sharing.map(|container| view.pod_edit(PodEdit::RunAsUser { container })).collect();
        let fix = Fix::new("Set `runAsUser` to a high uid", Safety::Review, edits).with_caution(CAUTION);
        let message = format!("uid {uid} is likely to be some other account on the host");
        out.report_at(view.locate_value(in_effect.level, in_effect.span), message, Ok(Some(fix)));
    }
}
