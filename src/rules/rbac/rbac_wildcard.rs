//! Reports a role that gives every verb or every resource, those of tomorrow too (`rbac-wildcard`).

use crate::finding::Severity;
use crate::kubernetes::model::RbacRole;
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
            lists.into_iter().filter_map(move |(key, list)| Some((at, key, wildcard_index(list)?)))
        });
        if let Some((at, key, item)) = stars.min_by_key(|(at, ..)| *at) {
            let span = view.value_or_kind_span(object, &path!["rules", at, key, item]);
            let message = format!("`*` in `{key}` gives all there are, and all there will be");
            out.report_object(object, span, message, Ok(None));
        }
    }
}

/// The place of a `*` in a list.
fn wildcard_index(list: &LenientList<String>) -> Option<usize> {
    list.valid_items().find(|(_, item)| *item == "*").map(|(at, _)| at)
}
