//! `cluster-admin-binding`: somebody may do everything.

use crate::finding::{Remedy, Severity};
use crate::manifest::model::Binding;
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::{Check, DocumentView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "cluster-admin-binding",
    severity: Severity::High,
    theme: Theme::Rbac,
    article: false,
    kinds: RuleKinds::Objects(&["ClusterRoleBinding", "RoleBinding"]),
    text: page!("cluster-admin-binding"),
    checks: &[Check::Document(document)],
};

fn document(view: &DocumentView<'_>, out: &mut Findings<'_>) {
    for object in view.objects("rbac.authorization.k8s.io", &["RoleBinding", "ClusterRoleBinding"]) {
        let binding: Binding = view.document.read(object.root);
        let Some(role) = binding.role_ref.get() else { continue };
        if !role.name.is("cluster-admin") || role.kind.is("Role") {
            continue;
        }
        let whom: Vec<String> =
            binding.subjects.each().filter_map(|(_, subject)| subject.name.get().cloned()).collect();
        let whom = if whom.is_empty() { "whoever it is given to".to_owned() } else { whom.join(", ") };
        let span = view.span_of(object, &path!["roleRef", "name"]);
        let where_to =
            if object.kind == "RoleBinding" { "in this namespace" } else { "in the whole cluster" };
        out.report_object(object, span, format!("{whom} may do everything {where_to}"), Remedy::None);
    }
}
