//! `privilege-escalation`: a program may gain more rights than it was started with.

use crate::finding::{Intent, Remedy, Safety, Severity, Want};
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::view::At;
use crate::rules::{Check, ContainerView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "privilege-escalation",
    severity: Severity::High,
    theme: Theme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
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
    let intents = [vec![view.intent(Want::NoEscalation { container: view.index })], required(*view)].concat();
    let remedy = Remedy::change("Set `allowPrivilegeEscalation` to false", Safety::Review, intents);
    out.report_at(
        At::Container(at.unwrap_or(view.place())),
        message,
        remedy.but("`sudo`, and other set-user-id programs, no longer work"),
    );
}

/// The API server refuses the field beside `privileged: true` and beside an added `SYS_ADMIN`, which imply it.
fn required(view: ContainerView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    if view.own_context(|context| &context.privileged).is(&true) {
        intents.push(view.pod.set(Some(view.index), path!["securityContext", "privileged"], false));
    }
    let add = view.own_context(|context| &context.capabilities).field(|capabilities| &capabilities.add);
    let implies = |name: &str| matches!(name, "SYS_ADMIN" | "CAP_SYS_ADMIN");
    let list = path!["securityContext", "capabilities", "add"];
    let implied: Vec<usize> = add.each().filter(|(_, name)| implies(name)).map(|(at, _)| at).collect();
    let remove = |path| view.pod.remove(Some(view.index), path);
    if !implied.is_empty() && implied.len() == add.get().map_or(0, Vec::len) {
        intents.push(remove(list));
    } else {
        intents.extend(implied.into_iter().map(|at| remove([list.as_slice(), &[at.into()]].concat())));
    }
    intents
}
