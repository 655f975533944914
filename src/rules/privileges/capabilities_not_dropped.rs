//! Reports a program that keeps pieces of root's power that it does not use (`capabilities-not-dropped`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::subject_views::ValueLocation;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, path};

pub(crate) static RULE: Rule = Rule {
    id: "capabilities-not-dropped",
    severity: Severity::Medium,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("capabilities-not-dropped"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, restricted, "Capabilities": `drop` must hold `ALL`, to the letter; Windows pods are exempt.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let capabilities = view.container.model.security_context.map_field(|context| &context.capabilities);
    let drop = capabilities.map_field(|capabilities| &capabilities.drop);
    if drop.valid_items().any(|(_, dropped)| dropped == "ALL") {
        return;
    }
    if drop.is_wrong() {
        return out.mark_unknown();
    }
    let spelled = drop.valid_items().find(|(_, name)| name.eq_ignore_ascii_case("ALL"));
    if let Some((at, name)) = spelled {
        return report_spelling(view, at, name, out);
    }
    let (at, message) = match drop {
        Lenient::Value(_) => (
            view.field_span(&["securityContext", "capabilities", "drop"]),
            "`drop` does not hold `ALL`".to_owned(),
        ),
        _ if view.is_part() => return out.mark_not_applicable(),
        _ => (None, format!("container `{}` keeps the runtime's default capabilities", view.name())),
    };
    let fix = Fix::new(
        "Drop all capabilities",
        Safety::Review,
        vec![view.pod_edit(PodEdit::DropAllCapabilities { container: view.index })],
    );
    let caution = "a program that binds a low port, changes owners, pings or uses files of others needs that capability again";
    out.report_at(
        ValueLocation::Container(at.unwrap_or(view.label_span())),
        message,
        Ok(Some(fix.with_caution(caution))),
    );
}

/// Runtimes take the word in any letters, so that the program misses nothing by a fix.
fn report_spelling(view: &ContainerView<'_>, at: usize, name: &str, out: &mut FindingCollector<'_>) {
    let span = view.container.span_of(&path!["securityContext", "capabilities", "drop", at]);
    let edit = view.pod_edit(PodEdit::DropAllCapabilities { container: view.index });
    out.report_at(
        ValueLocation::Container(span.unwrap_or(view.label_span())),
        format!("`drop` says `{name}`, and Pod Security takes `ALL` alone"),
        Ok(Some(Fix::new("Drop `ALL`, in capitals", Safety::Review, vec![edit]))),
    );
}
