//! Reports a kernel parameter that is not known to be harmless (`unsafe-sysctl`).

use crate::finding::{Fix, Safety, Severity};
use crate::kubernetes::pod_security_standards;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "unsafe-sysctl",
    severity: Severity::Medium,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unsafe-sysctl"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, baseline, "Sysctls".
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_windows() {
        return out.mark_not_applicable();
    }
    let sysctls = view.pod.model.security_context.map_field(|context| &context.sysctls);
    let named = || sysctls.valid_items().filter_map(|(at, sysctl)| Some((at, sysctl.name.get()?)));
    let bad: Vec<(usize, &String)> =
        named().filter(|(_, name)| !pod_security_standards::is_safe_sysctl(name)).collect();
    let count = sysctls.get().map_or(0, Vec::len);
    let Some((first, _)) = bad.first() else {
        return out.mark_unknown_if(sysctls.is_wrong() || named().count() < count);
    };
    let list = path!["securityContext", "sysctls"];
    let item = |at: usize| [list.as_slice(), &[at.into()]].concat();
    let edits = if bad.len() == count {
        vec![view.remove_edit(None, list.clone())]
    } else {
        bad.iter().map(|(at, _)| view.remove_edit(None, item(*at))).collect()
    };
    let names: Vec<String> = bad.iter().map(|(_, name)| format!("`{name}`")).collect();
    let fix = Fix::new("Set only kernel parameters that are known to be harmless", Safety::Review, edits);
    let caution = "a program that was tuned with it may be slower under load";
    let span = view.field_or_spec_span(&[item(*first).as_slice(), &["name".into()]].concat());
    out.report(
        span,
        format!("{} may reach beyond the pod", names.join(", ")),
        Ok(Some(fix.with_caution(caution))),
    );
}
