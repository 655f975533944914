//! A pod that calls the Kubernetes API keeps its token.

use std::collections::BTreeSet;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::{FixRisk, Severity};
use seaworthy::needs::{NeedCertainty, NeedKind};
use seaworthy::repo::RelPath;

use super::{audit_texts, deployment, found, pod_needs, risk_of};
use crate::support::{audit, repository};

const SPEC: &str =
    "serviceAccountName: keeper\ncontainers:\n- name: app\n  image: registry.example/shop/app:1.0.0\n";

/// A binding of an account of a namespace, on lines 7 to 9.
fn binding(kind: &str, account: &str, namespace: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: keeper, namespace: shop}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: keep}}\nsubjects:\n- kind: User\n  \
         name: {account}\n- kind: ServiceAccount\n  name: {account}\n  namespace: {namespace}\n"
    )
}

#[test]
fn an_account_with_a_role_shows_it_and_the_binding_is_named() {
    let deploy = deployment(SPEC);
    for kind in ["RoleBinding", "ClusterRoleBinding"] {
        let files = [("deploy.yaml", deploy.as_str()), ("rbac/b.yaml", &binding(kind, "keeper", "shop"))];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken);
        assert_eq!(needs, [(NeedCertainty::Shown, vec!["rbac/b.yaml:9".to_owned()])]);
    }
}

#[test]
fn the_role_of_another_account_shows_nothing() {
    let deploy = deployment(SPEC);
    for other in [binding("RoleBinding", "other", "shop"), binding("RoleBinding", "keeper", "elsewhere")] {
        let files = [("deploy.yaml", deploy.as_str()), ("rbac/b.yaml", &other)];
        assert_eq!(found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken), []);
    }
}

/// A binding of a group or a user, whose name is on line 8.
fn group_binding(kind: &str, namespace: &str, role: &str, subject: &str, name: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: all{namespace}}}\nroleRef: {{apiGroup: \
         rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\nsubjects:\n- kind: {subject}\n  apiGroup: \
         rbac.authorization.k8s.io\n  name: {name}\n"
    )
}

#[test]
fn an_account_that_a_group_or_a_user_s_name_holds_has_the_role() {
    let deploy = deployment(SPEC);
    let (of_cluster, of_namespace) = ("ClusterRoleBinding", "RoleBinding");
    for (kind, namespace, subject, name) in [
        (of_cluster, "", "Group", "system:serviceaccounts:shop"),
        (of_namespace, ", namespace: data", "Group", "system:serviceaccounts:shop"),
        (of_cluster, "", "Group", "system:serviceaccounts"),
        (of_cluster, "", "Group", "system:authenticated"),
        (of_namespace, ", namespace: shop", "Group", "system:serviceaccounts"),
        (of_namespace, ", namespace: shop", "User", "system:serviceaccount:shop:keeper"),
        (of_cluster, "", "User", "system:serviceaccount:shop:keeper"),
    ] {
        let binding = group_binding(kind, namespace, "view", subject, name);
        let files = [("deploy.yaml", deploy.as_str()), ("rbac/b.yaml", &binding)];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken);
        assert_eq!(needs, [(NeedCertainty::Shown, vec!["rbac/b.yaml:8".to_owned()])], "{binding}");
        let risk = risk_of(&audit_texts(&files), "deploy.yaml", "service-account-token-mounted");
        assert_eq!(risk.risk, FixRisk::WillBreak, "{binding}");
    }
    for (kind, namespace, role, subject, name) in [
        (of_cluster, "", "view", "Group", "system:serviceaccounts:other"),
        (of_namespace, ", namespace: other", "view", "Group", "system:authenticated"),
        (of_cluster, "", "view", "User", "system:serviceaccount:other:keeper"),
        (of_cluster, "", "view", "User", "keeper"),
        (of_cluster, "", "view", "Group", "system:unauthenticated"),
        (of_cluster, "", "psp:restricted", "Group", "system:authenticated"),
        (of_namespace, ", namespace: shop", "system:image-puller", "Group", "system:serviceaccounts:shop"),
    ] {
        let binding = group_binding(kind, namespace, role, subject, name);
        let files = [("deploy.yaml", deploy.as_str()), ("rbac/b.yaml", &binding)];
        assert_eq!(found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken), [], "{binding}");
    }
}

#[test]
fn a_group_s_binding_that_comes_or_goes_judges_its_pods_anew() {
    let deploy = deployment(SPEC);
    let root = repository(&[("deploy.yaml", &deploy)]);
    let mut engine = audit(root.path());
    let severity = |engine: &AuditEngine| {
        let open = engine.open_findings(&RelPath::from("deploy.yaml"));
        open.into_iter().find(|(key, _)| key.rule == "service-account-token-mounted").unwrap().1.severity
    };
    assert_ne!(severity(&engine), Severity::Info);
    let (at, changed) = (root.path().join("rbac.yaml"), BTreeSet::from([RelPath::from("rbac.yaml")]));
    std::fs::write(&at, group_binding("ClusterRoleBinding", "", "view", "Group", "system:serviceaccounts"))
        .unwrap();
    engine.refresh_paths(&changed);
    assert_eq!(severity(&engine), Severity::Info);
    std::fs::remove_file(at).unwrap();
    engine.refresh_paths(&changed);
    assert_ne!(severity(&engine), Severity::Info);
}

#[test]
fn an_annotation_that_injects_a_client_shows_it() {
    for (line, expected) in [
        ("vault.hashicorp.com/agent-inject: \"true\"", true),
        ("consul.hashicorp.com/connect-inject: \"yes\"", true),
        ("kuma.io/sidecar-injection: enabled", true),
        ("vault.hashicorp.com/agent-inject: \"false\"", false),
        ("sidecar.istio.io/inject: \"true\"", false),
    ] {
        let text = deployment(SPEC).replace(
            "    metadata: {labels: {app: app}}\n",
            &format!("    metadata:\n      labels: {{app: app}}\n      annotations:\n        {line}\n"),
        );
        let files = [("deploy.yaml", text.as_str())];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken);
        let place = (NeedCertainty::Shown, vec!["deploy.yaml:10".to_owned()]);
        assert_eq!(needs, if expected { vec![place] } else { Vec::new() }, "{line}");
    }
}

#[test]
fn a_pod_without_a_namespace_has_the_roles_that_stand_beside_it() {
    let deploy = deployment(SPEC).replace(", namespace: shop", "");
    for (path, count) in [("app/b.yaml", 1), ("other/b.yaml", 0)] {
        let files = [("app/deploy.yaml", deploy.as_str()), (path, &binding("RoleBinding", "keeper", "shop"))];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::ApiToken);
        assert_eq!(needs.len(), count, "{path}");
    }
}

fn token_finding(files: &[(&str, &str)]) -> Option<(Severity, String, bool)> {
    let engine = audit_texts(files);
    let path = RelPath::from(files[0].0);
    let found = engine.findings_in(&path).find(|finding| finding.rule == "service-account-token-mounted");
    found.map(|finding| (finding.severity, finding.message.to_string(), finding.available_fix().is_some()))
}

#[test]
fn a_token_in_use_is_only_told_with_the_role_to_narrow() {
    let deploy = deployment(SPEC);
    let plain = token_finding(&[("deploy.yaml", &deploy)]).unwrap();
    assert_eq!((plain.0, plain.2), (Severity::Medium, true));
    let bound = [("deploy.yaml", deploy.as_str()), ("rbac.yaml", &binding("RoleBinding", "keeper", "shop"))];
    let (severity, message, _) = token_finding(&bound).unwrap();
    assert_eq!(severity, Severity::Info);
    assert!(message.contains("narrow `Role/keep`"), "{message}");
}

#[test]
fn a_token_of_a_volume_is_a_finding_that_switching_the_mount_off_does_not_mend() {
    let volume = "volumes:\n- name: kube-api-access-x7k2p\n  projected: {sources: [{serviceAccountToken: {path: token}}]}\n";
    let deploy = deployment(&format!("automountServiceAccountToken: false\n{SPEC}{volume}"));
    let (_, message, has_fix) = token_finding(&[("deploy.yaml", &deploy)]).unwrap();
    assert!(message.contains("kube-api-access-x7k2p") && !has_fix, "{message}");
    let without = deployment(&format!("automountServiceAccountToken: false\n{SPEC}"));
    assert_eq!(token_finding(&[("deploy.yaml", &without)]), None);
}
