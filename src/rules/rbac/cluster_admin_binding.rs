//! Reports a binding by which an account may do everything (`cluster-admin-binding`).

use crate::finding::Severity;
use crate::kubernetes::model::RoleBinding;
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "cluster-admin-binding",
    severity: Severity::High,
    theme: RuleTheme::Rbac,
    decision: RuleDecision::ClusterRights,
    article: false,
    kinds: RuleKinds::Objects(&["ClusterRoleBinding", "RoleBinding"]),
    text: page!("cluster-admin-binding"),
    checks: &[RuleCheck::Document(check_document)],
};

fn check_document(view: &DocumentView<'_>, out: &mut FindingCollector<'_>) {
    for object in view.objects_of("rbac.authorization.k8s.io", &["RoleBinding", "ClusterRoleBinding"]) {
        let binding: RoleBinding = view.document.deserialize_node(object.root);
        let Some(role) = binding.role_ref.get() else { continue };
        if !role.name.is("cluster-admin") || role.kind.is("Role") {
            continue;
        }
        let whom: Vec<String> =
            binding.subjects.valid_items().filter_map(|(_, subject)| subject.name.get().cloned()).collect();
        let whom = if whom.is_empty() { "whoever it is given to".to_owned() } else { whom.join(", ") };
        let span = view.value_or_kind_span(object, &path!["roleRef", "name"]);
        let where_to =
            if object.kind == "RoleBinding" { "in this namespace" } else { "in the whole cluster" };
        out.report_object(object, span, format!("{whom} may do everything {where_to}"), Ok(None));
    }
}
