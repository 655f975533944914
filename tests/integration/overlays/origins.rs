//! Where the values of a built object stand, as `render` tells it.

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

#[test]
fn each_value_names_the_bytes_that_it_comes_from() {
    let folder = repository(&files());
    let Ran { out, .. } = on(folder.path(), &["render", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(roots(&report), [("base", "built"), ("prod", "built")]);
    assert_eq!(report["roots"][0]["used_by"], serde_json::json!(["prod"]));
    let fields = report["roots"][1]["objects"][0]["fields"].as_array().unwrap();
    let written = |at: &str| -> Vec<(String, String)> {
        let field = fields.iter().find(|field| field["at"] == at).unwrap();
        let parts = field["parts"].as_array().unwrap().iter();
        parts
            .map(|part| {
                let text =
                    std::fs::read_to_string(folder.path().join(part["path"].as_str().unwrap())).unwrap();
                let place = |key: &str| usize::try_from(part[key]["offset"].as_u64().unwrap()).unwrap();
                (text[place("start")..place("end")].to_owned(), part["by"].as_str().unwrap().to_owned())
            })
            .collect()
    };
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
