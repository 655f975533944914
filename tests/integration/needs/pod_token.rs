//! A pod that calls the Kubernetes API keeps its token.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found, pod_needs};

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
