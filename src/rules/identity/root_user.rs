//! Reports a program that is set to run as root (`root-user`).

use super::{read_last_user, refuse_root_start};
use crate::finding::{DockerfileEdit, Edit, Fix, PodEdit, Safety, Severity};
use crate::kubernetes::{Container, Pod, SettingLevel};
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, DockerfileView, FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds,
    RuleTheme,
};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "root-user",
    severity: Severity::High,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("root-user"),
    checks: &[
        RuleCheck::Dockerfile(check_dockerfile),
        RuleCheck::Pod(check_pod),
        RuleCheck::Container(check_container),
    ],
};

const CAUTION: &str = "a program that needs root no longer starts";
const LATER: &str = "a container that is added to the pod later no longer starts as root";
const ROOT_MESSAGE: &str = "`runAsUser` is 0, which is root";

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let Some(last) = read_last_user(*view, out) else { return };
    let user = last.user_name();
    if matches!(user, "root" | "0") {
        let edits = vec![Edit::Dockerfile(DockerfileEdit::SetUser)];
        let fix = Fix::new("End as a user that is not root", Safety::Review, edits).with_caution(CAUTION);
        let fix = refuse_root_start(*view).map(|()| Some(fix));
        out.report(last.word.span, "the last `USER` is root", fix);
    }
}

/// The pod's own setting where no container takes it: the Pod Security Standards refuse it all the same.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    if view.has_own_users() {
        return out.mark_not_applicable();
    }
    let pod = view.pod;
    let own = |field| path!["securityContext", field];
    let idle = |from: fn(&Pod, &Container) -> SettingLevel| {
        pod.containers.iter().all(|c| from(pod, c) != SettingLevel::Pod)
    };
    let context = pod.model.security_context.get();
    let root = context.is_some_and(|context| context.run_as_user.is(&0)) && !view.is_windows();
    let may = context.is_some_and(|context| context.run_as_non_root.is(&false));
    if root && idle(|pod, container| pod.run_as_user(container).level) {
        let edits = vec![view.remove_edit(None, own("runAsUser"))];
        let fix = Fix::new("Leave the user to the containers", Safety::Review, edits).with_caution(LATER);
        out.report(view.field_or_spec_span(&own("runAsUser")), ROOT_MESSAGE, Ok(Some(fix)));
    } else if may && idle(|pod, container| pod.run_as_non_root(container).level) {
        let edits = vec![view.set_edit(None, own("runAsNonRoot"), true)];
        let fix = Fix::new("Set `runAsNonRoot` to true", Safety::Review, edits).with_caution(LATER);
        out.report(view.field_or_spec_span(&own("runAsNonRoot")), "`runAsNonRoot` is false", Ok(Some(fix)));
    }
}

/// Pod Security Standards, restricted, "Running as Non-root": a pod with users of its own may (since 1.35). Windows has
/// no uids.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.has_own_users() {
        return out.mark_not_applicable();
    }
    let pod = view.pod.pod;
    let (user, non_root) = (pod.run_as_user(view.container), pod.run_as_non_root(view.container));
    let is_root = user.get() == Some(&0) && !view.pod.is_windows();
    let may_be_root = non_root.get() == Some(&false);
    let mut edits = Vec::new();
    if is_root {
        let users = view.containers_inheriting(|pod, container| pod.run_as_user(container).level);
        edits.extend(users.map(|container| view.pod_edit(PodEdit::RunAsUser { container })));
    }
    if may_be_root {
        let doors = view.containers_inheriting(|pod, container| pod.run_as_non_root(container).level);
        edits.extend(doors.map(|container| view.pod_edit(PodEdit::RunAsNonRoot { container })));
    }
    if is_root {
        let title = "Set `runAsUser` to a number that is not root's";
        let fix = Fix::new(title, Safety::Review, edits).with_caution(CAUTION);
        out.report_at(view.locate_value(user.level, user.span), ROOT_MESSAGE, Ok(Some(fix)));
    } else if may_be_root {
        let fix = Fix::new("Set `runAsNonRoot` to true", Safety::Review, edits).with_caution(CAUTION);
        out.report_at(
            view.locate_value(non_root.level, non_root.span),
            "`runAsNonRoot` is false",
            Ok(Some(fix)),
        );
    } else if user.is_unknown() || non_root.is_unknown() {
        out.mark_unknown();
    }
}
