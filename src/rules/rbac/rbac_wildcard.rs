//! Reports a role that gives every verb or every resource, those of tomorrow too (`rbac-wildcard`).

use crate::finding::Severity;
use crate::kubernetes::model::{PolicyRule, RbacRole};
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{LenientList, path};

pub(crate) static RULE: Rule = Rule {
    id: "rbac-wildcard",
    severity: Severity::High,
    theme: RuleTheme::Rbac,
    decision: RuleDecision::ClusterRights,
    article: false,
    kinds: RuleKinds::Objects(&["ClusterRole", "Role"]),
    text: page!("rbac-wildcard"),
    checks: &[RuleCheck::Document(check_document)],
};

fn check_document(view: &DocumentView<'_>, out: &mut FindingCollector<'_>) {
    for object in view.objects_of("rbac.authorization.k8s.io", &["Role", "ClusterRole"]) {
        let role: RbacRole = view.document.deserialize_node(object.root);
        let stars = role.rules.valid_items().flat_map(|(at, rule)| {
            let lists = [("resources", &rule.resources), ("verbs", &rule.verbs)];
            lists.into_iter().filter_map(move |(key, list)| Some((at, rule, key, wildcard_index(list)?)))
        });
        if let Some((at, rule, key, item)) = stars.min_by_key(|(at, ..)| *at) {
            let span = view.value_or_kind_span(object, &path!["rules", at, key, item]);
            let of_groups = if key == "resources" { name_groups(rule) } else { String::new() };
            let message = format!("`*` in `{key}` gives all there are{of_groups}, and all there will be");
            out.report_object(object, span, message, Ok(None));
        }
    }
}

/// The API groups to which a rule is bound, in words; nothing where it is bound to none.
fn name_groups(rule: &PolicyRule) -> String {
    let groups: Vec<&str> = rule.api_groups.valid_items().map(|(_, group)| group.as_str()).collect();
    if groups.is_empty() || groups.contains(&"*") {
        return String::new();
    }
    let names = groups.iter().map(|group| if group.is_empty() { "core" } else { *group });
    format!(" of the group {}", names.collect::<Vec<_>>().join(", "))
}

/// The place of a `*` in a list.
fn wildcard_index(list: &LenientList<String>) -> Option<usize> {
    list.valid_items().find(|(_, item)| *item == "*").map(|(at, _)| at)
}
