//! Reports powers of root that a container gets beyond those that restricted allows (`added-capabilities`).

use crate::finding::{Fix, Safety, Severity};
use crate::kubernetes::pod_security_standards;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, path};

pub(crate) static RULE: Rule = Rule {
    id: "added-capabilities",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("added-capabilities"),
    checks: &[RuleCheck::RepoContainer(check_container)],
};

/// Pod Security Standards, "Capabilities": restricted lets a container add `NET_BIND_SERVICE` alone; with what baseline
/// allows beyond it the finding is milder, and where the program is known to need what it is given there is nothing to
/// mend.
fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    if view.pod.is_windows() {
        return out.mark_not_applicable();
    }
    let add = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let open = add.is_wrong() || add.get().is_some_and(|items| items.iter().any(Lenient::is_wrong));
    let added: Vec<(usize, &String)> = add
        .valid_items()
        .filter(|(_, name)| *name != pod_security_standards::RESTRICTED_CAPABILITY)
        .collect();
    if added.is_empty() {
        return out.mark_unknown_if(open);
    }
    let list = path!["securityContext", "capabilities", "add"];
    let item = |at: usize| [list.as_slice(), &[at.into()]].concat();
    let span_of = |at: usize| view.container.span_of(&item(at)).unwrap_or(view.label_span());
    let needs = repository.pod_needs(view.pod.place());
    let reason = |name: &str| {
        needs.of_container(view.index).find(|need| takes_capability(need, name)).map(|need| &need.reason)
    };
    let (needed, idle): (Vec<_>, Vec<_>) = added.into_iter().partition(|(_, name)| reason(name).is_some());
    let Some((first, _)) = idle.first() else {
        let (first, name) = needed[0];
        let why = reason(name).map_or("", |reason| reason.as_ref());
        return out.report_needed(
            span_of(first),
            format!("needed: {}, as {why}", list_names(&needed)),
            Err(format!("it is needed: {why}")),
        );
    };
    let remove = |path| view.pod.remove_edit(Some(view.index), path);
    let edits = if idle.len() == add.get().map_or(0, Vec::len) {
        vec![remove(list.clone())]
    } else {
        idle.iter().map(|(at, _)| remove(item(*at))).collect()
    };
    let title = format!("Remove the added {}", list_names(&idle));
    let fix = Fix::new(title, Safety::Review, edits);
    let fix = fix.with_caution("what the program did with them fails with \"Operation not permitted\"");
    let within = idle.iter().all(|(_, name)| pod_security_standards::is_baseline_capability(name));
    let severity = if within { Severity::Medium } else { Severity::High };
    out.report_as(
        severity,
        span_of(*first),
        format!("the container is given {}", list_names(&idle)),
        Ok(Some(fix)),
    );
}

/// True for a need of that capability, which some write with its prefix. That it is given shows no file with it for sure.
/// `DAC_OVERRIDE` also lets a process read and search (capabilities(7)).
fn takes_capability(need: &ProgramNeed, name: &str) -> bool {
    let plain = name.strip_prefix("CAP_").unwrap_or(name);
    match &need.kind {
        NeedKind::Capability(needed) => {
            needed == plain || (plain == "DAC_OVERRIDE" && needed == "DAC_READ_SEARCH")
        }
        NeedKind::FileCapability(needed) => needed == plain && need.certainty >= NeedCertainty::Shown,
        _ => false,
    }
}

fn list_names(added: &[(usize, &String)]) -> String {
    added.iter().map(|(_, name)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
