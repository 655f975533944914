//! Reports an image whose files belong to one uid while the program runs as another (`uid-mismatch`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::project::{ImageUser, RepositoryView};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::text::find_generated_note;

pub(crate) static RULE: Rule = Rule {
    id: "uid-mismatch",
    severity: Severity::Medium,
    theme: RuleTheme::Link,
    decision: RuleDecision::RunningUser,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("uid-mismatch"),
    checks: &[RuleCheck::LinkedContainer(check_container)],
};

fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let Some((link, build)) = repository.linked_build(&view.key()) else {
        return out.mark_not_applicable();
    };
    let user = view.pod.pod.run_as_user(view.container);
    let ImageUser::Number { uid, .. } = build.user else { return };
    // Root on either side is a rule of its own.
    let differs = user.get().is_some_and(|other| *other != i64::from(uid) && *other != 0 && uid != 0);
    if !differs {
        return out.mark_unknown_if(user.is_unknown());
    }
    if find_generated_note(view.pod.document.file_text()).is_some() {
        // It is made anew from what has the image's number.
        return out.mark_not_applicable();
    }
    let message = format!("`runAsUser` differs from uid {uid}, which {} ends as", link.dockerfile);
    let edits = vec![view.pod_edit(PodEdit::RunAsImageUser { container: view.index })];
    let fix = Fix::new("Run as the number that the image is made for", Safety::Review, edits);
    out.report_at(
        view.locate_value(user.level, user.span),
        message,
        Ok(Some(fix.with_caution("volumes that belong to the old number may be closed to the new one"))),
    );
}
