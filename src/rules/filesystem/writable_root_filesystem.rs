//! Reports a container whose programs and configuration an intruder may change (`writable-root-filesystem`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::subject_views::ValueLocation;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "writable-root-filesystem",
    severity: Severity::Medium,
    theme: RuleTheme::Filesystem,
    decision: RuleDecision::WritableFiles,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("writable-root-filesystem"),
    checks: &[RuleCheck::Container(check_container)],
};

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let value = view.container.model.security_context.map_field(|context| &context.read_only_root_filesystem);
    if value.is_wrong() {
        return out.mark_unknown();
    }
    let (at, message) = match value.get() {
        Some(true) => return,
        Some(false) => (
            view.field_span(&["securityContext", "readOnlyRootFilesystem"]),
            "`readOnlyRootFilesystem` is false".to_owned(),
        ),
        None if view.is_part() => return out.mark_not_applicable(),
        None => (None, format!("container `{}` may write its whole root filesystem", view.name())),
    };
    let fix = Fix::new(
        "Make the root filesystem read-only, and give the program its writable paths",
        Safety::Review,
        vec![view.pod_edit(PodEdit::ReadOnlyRoot { container: view.index })],
    );
    let fix = fix.with_caution("a program that writes anywhere else gets \"Read-only file system\"; an emptyDir hides what the image has at its path");
    out.report_at(ValueLocation::Container(at.unwrap_or(view.label_span())), message, Ok(Some(fix)));
}
