//! `capabilities-not-dropped`: the program keeps pieces of root's power that it does not use.

use crate::finding::{Remedy, Safety, Severity, Want};
use crate::manifest::model::Lenient;
use crate::rules::rule::page;
use crate::rules::view::At;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "capabilities-not-dropped",
    severity: Severity::Medium,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("capabilities-not-dropped"),
    checks: &[Check::Container(container)],
};

/// Pod Security Standards, restricted, "Capabilities": `drop` must hold `ALL`, to the letter; Windows pods are exempt.
fn container(view: &ContainerView<'_>, out: &mut Findings<'_>) {
    if view.pod.is_windows() {
        return out.silent();
    }
    let capabilities = view.container.model.security_context.field(|context| &context.capabilities);
    let drop = capabilities.field(|capabilities| &capabilities.drop);
    if drop.each().any(|(_, dropped)| dropped == "ALL") {
        return;
    }
    if drop.is_wrong() {
        return out.unknown();
    }
    let (at, message) = match drop {
        Lenient::Value(_) => (
            view.span_of(&["securityContext", "capabilities", "drop"]),
            "`drop` does not hold `ALL`".to_owned(),
        ),
        _ if view.pod.patch => return out.silent(),
        _ => (None, format!("container `{}` keeps the runtime's default capabilities", view.name())),
    };
    let remedy = Remedy::change(
        "Drop all capabilities",
        Safety::Review,
        vec![view.intent(Want::DropAll { container: view.index })],
    );
    let caution =
        "a program that binds a low port, changes owners or pings needs that capability added again";
    out.report_at(At::Container(at.unwrap_or(view.place())), message, remedy.but(caution));
}
