//! `rbac-wildcard`: a role gives every verb or every resource, those of tomorrow too.

use crate::finding::{Remedy, Severity};
use crate::manifest::model::{List, RbacRole};
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::{Check, DocumentView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "rbac-wildcard",
    severity: Severity::High,
    theme: Theme::Rbac,
    article: false,
    kinds: RuleKinds::Objects(&["ClusterRole", "Role"]),
    text: page!("rbac-wildcard"),
    checks: &[Check::Document(document)],
};

fn document(view: &DocumentView<'_>, out: &mut Findings<'_>) {
    for object in view.objects("rbac.authorization.k8s.io", &["Role", "ClusterRole"]) {
        let role: RbacRole = view.document.read(object.root);
        let stars = role.rules.each().flat_map(|(at, rule)| {
            let lists = [("resources", &rule.resources), ("verbs", &rule.verbs)];
            lists.into_iter().filter_map(move |(key, list)| Some((at, key, star(list)?)))
        });
        if let Some((at, key, item)) = stars.min_by_key(|(at, ..)| *at) {
            let span = view.span_of(object, &path!["rules", at, key, item]);
            let message = format!("`*` in `{key}` gives all there are, and all there will be");
            out.report_object(object, span, message, Remedy::None);
        }
    }
}

/// The place of a `*` in a list.
fn star(list: &List<String>) -> Option<usize> {
    list.each().find(|(_, item)| *item == "*").map(|(at, _)| at)
}
