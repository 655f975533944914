//! `privilege-escalation`: a program may gain more rights than it was started with.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::rules::rule::page;
use crate::rules::view::At;
use crate::rules::{Check, ContainerView, Findings, Rule, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "privilege-escalation",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    text: page!("privilege-escalation"),
    checks: &[Check::Container(container)],
};

/// Pod Security Standards, restricted, "Privilege Escalation": `allowPrivilegeEscalation` must be false; Windows pods
/// are exempt.
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    if view.pod.is_windows() {
        return out.silent();
    }
    let value = view.container.model.security_context.field(|context| &context.allow_privilege_escalation);
    if value.is_wrong() {
        return out.unknown();
    }
    let (at, message) = match value.get() {
        Some(false) => return,
        Some(true) => (
            view.span_of(&["securityContext", "allowPrivilegeEscalation"]),
            "`allowPrivilegeEscalation` is true".to_owned(),
        ),
        None if view.pod.patch => return out.silent(),
        None => (
            None,
            format!("a program in container `{}` may gain more rights than it was started with", view.name()),
        ),
    };
    let remedy = Remedy::change(
        "Set `allowPrivilegeEscalation` to false",
        Safety::Review,
        vec![view.intent(Want::NoEscalation { container: view.index })],
    );
    out.report_at(
        At::Container(at.unwrap_or(view.place())),
        message,
        remedy.but("`sudo`, and other set-user-id programs, no longer work"),
    );
}
