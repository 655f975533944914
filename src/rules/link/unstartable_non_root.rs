//! Reports a container that the kubelet will refuse to start (`unstartable-non-root`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::project::{ImageUser, RepositoryView};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "unstartable-non-root",
    severity: Severity::Critical,
    theme: RuleTheme::Link,
    decision: RuleDecision::RefusedStart,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unstartable-non-root"),
    checks: &[RuleCheck::LinkedContainer(check_container)],
};

/// Judges as the kubelet's `verifyRunAsNonRoot` does: a `runAsUser` of 0 is refused; without one, an image user of 0
/// and one that is a name are.
fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let pod = view.pod.pod;
    let non_root = pod.run_as_non_root(view.container);
    if view.pod.is_windows() || non_root.get() != Some(&true) {
        return;
    }
    let user = pod.run_as_user(view.container);
    let message = match user.get() {
        Some(0) => "`runAsNonRoot` is true and `runAsUser` is 0: the kubelet refuses to start this container"
            .to_owned(),
        Some(_) => return,
        None if user.is_unknown() => return out.mark_unknown(),
        None => match repository.linked_build(&view.key()) {
            Some((link, build)) => match &build.user {
                ImageUser::Number { uid: 0, .. } => format!(
                    "`runAsNonRoot` is true, and the image of {} starts as root: the kubelet refuses to start this container",
                    link.dockerfile
                ),
                ImageUser::Name { name, .. } => format!(
                    "`runAsNonRoot` is true, and the user of the image of {} is a name ({name}): the kubelet refuses to start this container",
                    link.dockerfile
                ),
                ImageUser::Number { .. } => return,
                ImageUser::Unknown => return out.mark_unknown(),
            },
            None => return out.mark_unknown(),
        },
    };
    let edits = vec![view.pod_edit(PodEdit::RunAsUser { container: view.index })];
    let at = view.locate_value(user.level, user.span.or(non_root.span));
    let at = if user.span.is_none() { view.locate_value(non_root.level, non_root.span) } else { at };
    let fix = Fix::new("Set `runAsUser`", Safety::Review, edits);
    out.report_at(
        at,
        message,
        Ok(Some(fix.with_caution("files that only the image's user may read are closed to another"))),
    );
}
