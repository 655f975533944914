//! A repository of ten thousand manifests that speak of each other.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;

/// A hundred groups, each a namespace of a hundred apps less the other manifests.
const GROUPS: usize = 100;
const APPS: usize = 95;

/// The app and the group that are looked at.
pub(crate) const APP: usize = 5000;
pub(crate) const GROUP: usize = 50;

pub(crate) const DOCKERFILE: &str = "FROM alpine:3.20\nCOPY . /app\nUSER 43000\nCMD [\"/app\"]\n";

pub(crate) fn lay_out() -> TempDir {
    let folder = TempDir::new().unwrap();
    for group in 0..GROUPS {
        let at = folder.path().join(format!("group-{group}"));
        for nth in 0..APPS {
            let app = group * 100 + nth;
            write(&at.join(format!("app-{app}/deploy.yaml")), &deploy(app, "1.0.0", 43_000, "web"));
            if nth % 10 == 0 {
                write(&at.join(format!("app-{app}/Dockerfile")), DOCKERFILE);
            }
        }
        write(&at.join("account.yaml"), &account(group, false));
        write(&at.join("binding.yaml"), &binding(group, "reader"));
        write(&at.join("policy.yaml"), &policy(group, "tier: web"));
        write(&at.join("deny.yaml"), &policy(group, "tier: db"));
        write(&at.join("kustomization.yaml"), &kustomization(group, 100));
    }
    folder
}

fn write(at: &Path, text: &str) {
    std::fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::fs::write(at, text).unwrap();
}

pub(crate) fn deploy(app: usize, tag: &str, uid: u32, tier: &str) -> String {
    let (group, account) = (app / 100, if app.is_multiple_of(4) { "robot" } else { "default" });
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{app}\n  namespace: group-{group}\nspec:\n  selector:\n    matchLabels: {{app: app-{app}}}\n  template:\n    metadata:\n      labels: {{app: app-{app}, tier: {tier}}}\n    spec:\n      serviceAccountName: {account}\n      containers:\n        - name: app\n          image: registry.example/team/app-{app}:{tag}\n          securityContext:\n            runAsUser: {uid}\n"
    )
}

pub(crate) fn account(group: usize, automount: bool) -> String {
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: robot, namespace: group-{group}}}\nautomountServiceAccountToken: {automount}\n"
    )
}

pub(crate) fn binding(group: usize, role: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: robots, namespace: group-{group}}}\nroleRef: {{kind: Role, name: {role}}}\nsubjects: [{{kind: ServiceAccount, name: robot, namespace: group-{group}}}]\n"
    )
}

pub(crate) fn policy(group: usize, labels: &str) -> String {
    let name = labels.replace(": ", "-");
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: group-{group}}}\nspec:\n  podSelector: {{matchLabels: {{{labels}}}}}\n"
    )
}

/// One that builds on so many of the group's apps.
pub(crate) fn kustomization(group: usize, apps: usize) -> String {
    let mut text = format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: group-{group}\nresources:\n"
    );
    for nth in 0..apps {
        let _ = writeln!(text, "- app-{}/deploy.yaml", group * 100 + nth);
    }
    text
}
