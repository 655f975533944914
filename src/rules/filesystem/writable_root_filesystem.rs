//! `writable-root-filesystem`: whoever gets into the container may change its programs and its configuration.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::view::At;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "writable-root-filesystem",
    severity: Severity::Medium,
    theme: Theme::Filesystem,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("writable-root-filesystem"),
    checks: &[Check::Container(container)],
};

fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    if view.pod.is_windows() {
        return out.silent();
    }
    let value = view.container.model.security_context.field(|context| &context.read_only_root_filesystem);
    if value.is_wrong() {
        return out.unknown();
    }
    let (at, message) = match value.get() {
        Some(true) => return,
        Some(false) => (
            view.span_of(&["securityContext", "readOnlyRootFilesystem"]),
            "`readOnlyRootFilesystem` is false".to_owned(),
        ),
        None if view.pod.patch => return out.silent(),
        None => (None, format!("container `{}` may write its whole root filesystem", view.name())),
    };
    let remedy = Remedy::change(
        "Make the root filesystem read-only, and give the program its writable paths",
        Safety::Review,
        vec![view.intent(Want::ReadOnlyRoot { container: view.index })],
    );
    let remedy = remedy.but("a program that writes anywhere else gets \"Read-only file system\"; an emptyDir hides what the image has at its path");
    out.report_at(At::Container(at.unwrap_or(view.place())), message, remedy);
}
