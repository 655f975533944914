//! Reports a program that may gain more rights than it was started with (`privilege-escalation`).

use crate::finding::{Edit, Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::subject_views::ValueLocation;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "privilege-escalation",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("privilege-escalation"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, restricted, "Privilege Escalation": `allowPrivilegeEscalation` must be false; Windows pods
/// are exempt.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let value =
        view.container.model.security_context.map_field(|context| &context.allow_privilege_escalation);
    if value.is_wrong() {
        return out.mark_unknown();
    }
    let (at, message) = match value.get() {
        Some(false) => return,
        Some(true) => (
            view.field_span(&["securityContext", "allowPrivilegeEscalation"]),
            "`allowPrivilegeEscalation` is true".to_owned(),
        ),
        None if view.is_part() => return out.mark_not_applicable(),
        None => (
            None,
            format!("a program in container `{}` may gain more rights than it was started with", view.name()),
        ),
    };
    let edits =
        [vec![view.pod_edit(PodEdit::ForbidEscalation { container: view.index })], required_edits(*view)]
            .concat();
    let fix = Fix::new("Set `allowPrivilegeEscalation` to false", Safety::Review, edits);
    out.report_at(
        ValueLocation::Container(at.unwrap_or(view.label_span())),
        message,
        Ok(Some(fix.with_caution("`sudo`, and other set-user-id programs, no longer work"))),
    );
}

/// The API server refuses the field beside `privileged: true` and beside an added `SYS_ADMIN`, which imply it.
fn required_edits(view: ContainerView<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    if view.own_context(|context| &context.privileged).is(&true) {
        edits.push(view.pod.set_edit(Some(view.index), path!["securityContext", "privileged"], false));
    }
    let add = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let implies = |name: &str| matches!(name, "SYS_ADMIN" | "CAP_SYS_ADMIN");
    let list = path!["securityContext", "capabilities", "add"];
    let implied: Vec<usize> = add.valid_items().filter(|(_, name)| implies(name)).map(|(at, _)| at).collect();
    let remove = |path| view.pod.remove_edit(Some(view.index), path);
    if !implied.is_empty() && implied.len() == add.get().map_or(0, Vec::len) {
        edits.push(remove(list));
    } else {
        edits.extend(implied.into_iter().map(|at| remove([list.as_slice(), &[at.into()]].concat())));
    }
    edits
}
