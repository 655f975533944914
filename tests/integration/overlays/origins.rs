//! Where the values of a built object stand, as `render` tells it.

use std::path::Path;

use serde_json::Value;

use super::WEB;
use crate::cli::{Ran, on};
use crate::support::repository;

const OVERLAY: &str = "resources: [../base]
namePrefix: prod-
images:
- {name: shop/web, newTag: '7'}
patches:
- path: p.yaml
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/replicas
      value: 3
";
const PATCH: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      hostPID: true
      containers:
      - {name: web, tty: true}
";

fn files() -> [(&'static str, &'static str); 5] {
    [
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", WEB),
        ("prod/kustomization.yaml", OVERLAY),
        ("prod/p.yaml", PATCH),
    ]
}

fn roots(report: &Value) -> Vec<(&str, &str)> {
    let roots = report["roots"].as_array().unwrap().iter();
    roots.map(|root| (root["path"].as_str().unwrap(), root["status"].as_str().unwrap())).collect()
}

/// The texts of the parts of the field at a pointer, and what brought each.
fn written_at(root: &Path, fields: &[Value], at: &str) -> Vec<(String, String)> {
    let field = fields.iter().find(|field| field["at"] == at).unwrap();
    let parts = field["parts"].as_array().unwrap().iter();
    parts
        .map(|part| {
            let text = std::fs::read_to_string(root.join(part["path"].as_str().unwrap())).unwrap();
            let place = |key: &str| usize::try_from(part[key]["offset"].as_u64().unwrap()).unwrap();
            (text[place("start")..place("end")].to_owned(), part["by"].as_str().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn each_value_names_the_bytes_that_it_comes_from() {
    let folder = repository(&files());
    let Ran { out, .. } = on(folder.path(), &["render", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(roots(&report), [("base", "built"), ("prod", "built")]);
    assert_eq!(report["roots"][0]["used_by"], serde_json::json!(["prod"]));
    let fields = report["roots"][1]["objects"][0]["fields"].as_array().unwrap();
    let written = |at: &str| written_at(folder.path(), fields, at);
    let pair = |text: &str, by: &str| (text.to_owned(), by.to_owned());
    let pod = "/spec/template/spec";
    assert_eq!(written("/metadata/name"), [pair("prod-", "name-prefix"), pair("web", "resource")]);
    assert_eq!(
        written(&format!("{pod}/containers/0/image")),
        [pair("shop/web", "resource"), pair("7", "images")]
    );
    assert_eq!(written(&format!("{pod}/hostPID")), [pair("true", "patch")]);
    // What makes an element one is written in both places.
    let name = [pair("web", "resource"), pair("web", "patch")];
    assert_eq!(written(&format!("{pod}/containers/0/name")), name);
    assert_eq!(written("/spec/replicas"), [pair("3", "json-patch")]);
    assert_eq!(written(&format!("{pod}/volumes/0/configMap/name")), [pair("conf", "resource")]);
}

#[test]
fn what_two_places_decide_together_names_both() {
    let ported = WEB
        .replace("        env:", "        ports:\n        - {containerPort: 8080, name: http}\n        env:");
    let port = PATCH.replace("tty: true", "ports: [{containerPort: 8080, protocol: TCP, name: web}]");
    let bound = "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bound}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: runner, namespace: default}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
";
    let folder = repository(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("in/kustomization.yaml", "resources: [../b]\nnamespace: shop\n"),
        ("b/kustomization.yaml", "resources: [b.yaml]\n"),
        ("b/b.yaml", bound),
        ("kustomization.yaml", "resources: [web.yaml, b.yaml]\nnamePrefix: x-\npatches: [{path: p.yaml}]\n"),
        ("web.yaml", &ported),
        ("b.yaml", bound),
        ("p.yaml", &port),
    ]);
    let Ran { out, .. } = on(folder.path(), &["render", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let written_in = |root: usize, kind: &str, at: &str| -> Vec<String> {
        let objects = report["roots"][root]["objects"].as_array().unwrap();
        let object = objects.iter().find(|object| object["object"]["kind"] == kind).unwrap();
        let parts = written_at(folder.path(), object["fields"].as_array().unwrap(), at);
        parts.into_iter().map(|(text, by)| format!("{text} {by}")).collect()
    };
    assert_eq!(roots(&report).iter().map(|(path, _)| *path).collect::<Vec<_>>(), [".", "b", "in"]);
    let written = |kind: &str, at: &str| written_in(0, kind, at);
    // The patch's port is lost on the one that is there, as it has another way to say which it is: with another number in
    // either place there would be two.
    let ports = "/spec/template/spec/containers/0/ports/0";
    assert_eq!(written("Deployment", &format!("{ports}/containerPort")), ["8080 resource", "8080 patch"]);
    assert_eq!(written("Deployment", &format!("{ports}/name")), ["http resource"]);
    // The account's name is another because it is in this namespace.
    assert_eq!(written("RoleBinding", "/subjects/0/namespace"), ["default resource", "runner resource"]);
    assert_eq!(written("RoleBinding", "/subjects/0/name"), ["x- name-prefix", "runner resource"]);
    // And its namespace is another because that is its name.
    assert_eq!(written_in(2, "RoleBinding", "/subjects/0/namespace"), ["shop namespace", "runner resource"]);
}

#[test]
fn what_a_binding_says_of_its_role_decides_about_the_name() {
    let roles = "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: view}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bound}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: view}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: far}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
";
    let folder = repository(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("kustomization.yaml", "resources: [r.yaml]\nnamePrefix: x-\n"),
        ("r.yaml", roles),
    ]);
    let Ran { out, .. } = on(folder.path(), &["render", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let written = |nth: usize| -> Vec<String> {
        let fields = report["roots"][0]["objects"][nth]["fields"].as_array().unwrap();
        let parts = written_at(folder.path(), fields, "/roleRef/name").into_iter();
        parts.map(|(text, by)| format!("{text} {by}")).collect()
    };
    // With another kind or group it would be another role, and keep its name.
    let named = ["x- name-prefix", "view resource", "rbac.authorization.k8s.io resource", "Role resource"];
    assert_eq!(written(1), named);
    assert_eq!(written(2), ["view resource"]);
}

#[test]
fn paths_are_told_from_the_folder_that_was_asked_for() {
    let folder = repository(&files());
    let prod = folder.path().join("prod");
    let report: Value = serde_json::from_str(&on(&prod, &["render", "--format", "json"]).out).unwrap();
    assert_eq!(roots(&report), [(".", "built")]);
    let fields = report["roots"][0]["objects"][0]["fields"].as_array().unwrap();
    let image = fields.iter().find(|field| field["at"] == "/spec/template/spec/containers/0/image").unwrap();
    assert_eq!(image["parts"][0]["path"], "../base/web.yaml");
    assert_eq!(image["parts"][1]["path"], "kustomization.yaml");
}

#[test]
fn as_text_each_root_is_printed_or_its_reason_said() {
    let folder =
        repository(&[&files()[..], &[("far/kustomization.yaml", "resources: [none.yaml]\n")]].concat());
    let ran = on(folder.path(), &["render"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("# far: not built: far/none.yaml is not there\n"), "{}", ran.out);
    assert!(ran.out.contains("# prod\napiVersion: apps/v1\nkind: Deployment\n"), "{}", ran.out);
}
