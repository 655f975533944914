//! Reports powers of root that a container gets beyond those that restricted allows (`added-capabilities`).

use crate::finding::{Fix, Safety, Severity};
use crate::kubernetes::pod_security_standards;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, path};

pub(crate) static RULE: Rule = Rule {
    id: "added-capabilities",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("added-capabilities"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, "Capabilities": restricted lets a container add `NET_BIND_SERVICE` alone; with what baseline
/// allows beyond it the finding is milder.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let add = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let open = add.is_wrong() || add.get().is_some_and(|items| items.iter().any(Lenient::is_wrong));
    let added: Vec<(usize, &String)> = add
        .valid_items()
        .filter(|(_, name)| *name != pod_security_standards::RESTRICTED_CAPABILITY)
        .collect();
    let Some((first, _)) = added.first() else {
        return out.mark_unknown_if(open);
    };
    let list = path!["securityContext", "capabilities", "add"];
    let item = |at: usize| [list.as_slice(), &[at.into()]].concat();
    let span = view.container.span_of(&item(*first)).unwrap_or(view.label_span());
    let names: Vec<String> = added.iter().map(|(_, name)| format!("`{name}`")).collect();
    let remove = |path| view.pod.remove_edit(Some(view.index), path);
    let edits = if added.len() == add.get().map_or(0, Vec::len) {
        vec![remove(list.clone())]
    } else {
        added.iter().map(|(at, _)| remove(item(*at))).collect()
    };
    let fix = Fix::new("Add no capability but `NET_BIND_SERVICE`", Safety::Review, edits);
    let fix = fix.with_caution("what the program did with them fails with \"Operation not permitted\"");
    let within = added.iter().all(|(_, name)| pod_security_standards::is_baseline_capability(name));
    let severity = if within { Severity::Medium } else { Severity::High };
    out.report_as(severity, span, format!("the container is given {}", names.join(", ")), Ok(Some(fix)));
}
