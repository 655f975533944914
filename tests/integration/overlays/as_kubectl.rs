//! What kubectl builds where other readers of the same files would not expect it.

use serde_json::{Value, json};

use super::audited::{overlays, places};
use super::{WEB, build_files, build_web, pod};
use crate::support::audit;

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: svc, annotations: {count: 010}}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

/// The Service that a kustomization makes of `svc.yaml`, or why it is not built.
fn service(kustomization: &str, more: &[(&str, &str)]) -> Result<Value, String> {
    let files = [&[("kustomization.yaml", kustomization), ("svc.yaml", SERVICE)], more].concat();
    Ok(build_files(&files, "")?.into_iter().find(|object| object["kind"] == "Service").unwrap())
}

#[test]
fn words_of_older_yaml_are_booleans_in_json_patches() {
    let patch = "- {op: add, path: /spec/a, value: y}
- {op: add, path: /spec/b, value: [yes, Off, n, 'on', 010, 2020-01-01]}
- {op: add, path: /spec/c, value: {k: y, y: 1, 0x10: 2}}
";
    let expected = json!([true, false, false, "on", 8, "2020-01-01"]);
    let indented: String = patch.lines().map(|line| format!("    {line}\n")).collect();
    let inline =
        format!("resources: [svc.yaml]\npatches:\n- target: {{kind: Service}}\n  patch: |\n{indented}");
    let named = "resources: [svc.yaml]\npatches: [{target: {kind: Service}, path: p.yaml}]\n";
    let older =
        "resources: [svc.yaml]\npatchesJson6902: [{target: {kind: Service, name: svc}, path: p.yaml}]\n";
    for kustomization in [inline.as_str(), named, older] {
        let spec = service(kustomization, &[("p.yaml", patch)]).unwrap()["spec"].clone();
        assert_eq!((&spec["a"], &spec["b"]), (&json!(true), &expected), "{kustomization}");
        assert_eq!(spec["c"], json!({"k": true, "true": 1, "16": 2}));
    }
    let merge = "resources: [svc.yaml]\npatches: [{patch: '{apiVersion: v1, kind: Service, metadata: {name: svc}, spec: {a: y}}'}]\n";
    assert_eq!(service(merge, &[]).unwrap()["spec"]["a"], "y");
}

#[test]
fn a_word_of_older_yaml_that_opens_a_container_is_found() {
    let path = "/spec/template/spec/containers/0/securityContext/privileged";
    let lines = format!(
        "patches:\n- target: {{kind: Deployment}}\n  patch: |\n    - {{op: replace, path: {path}, value: yes}}\n"
    );
    let folder = overlays(&[("prod", &lines)], &[]);
    let found = places(&audit(folder.path()), "privileged-container");
    assert_eq!(found, ["overlays/prod/kustomization.yaml:5 Deployment/web"]);
}

#[test]
fn older_json_patches_are_for_all_that_their_target_matches_or_for_nothing() {
    let web = WEB.replace("  name: web\n  labels", "  name: web\n  namespace: shop\n  labels");
    let paused = |target: &str| {
        let kustomization = format!(
            "resources: [w.yaml]\npatchesJson6902:\n- target: {target}\n  patch: |\n    - {{op: add, path: /spec/paused, value: true}}\n"
        );
        let built = build_files(&[("kustomization.yaml", &kustomization), ("w.yaml", &web)], "")?;
        Ok::<_, String>(built[0]["spec"]["paused"] == json!(true))
    };
    for (target, is_met) in [
        ("{group: apps, version: v1, kind: Deployment, name: web}", true),
        ("{kind: Deployment, name: 'w.*'}", true),
        ("{kind: Deployment, name: web, namespace: shop}", true),
        ("{kind: Deployment, name: web, namespace: other}", false),
        ("{kind: Deployment, name: none}", false),
    ] {
        assert_eq!(paused(target), Ok(is_met), "{target}");
    }
    assert!(paused("{kind: Deployment}").unwrap_err().contains("names no target"));
}

#[test]
fn a_patch_that_replaces_a_whole_object_does_nothing() {
    let patch = "apiVersion: v1\nkind: Service\nmetadata: {name: svc, labels: {a: b}}\n$patch: replace\nspec: {ports: [{port: 1}]}\n";
    let built = service("resources: [svc.yaml]\npatches: [{path: p.yaml}]\n", &[("p.yaml", patch)]).unwrap();
    assert_eq!(built["spec"]["ports"], json!([{"port": 80}]));
    assert_eq!(built["metadata"].get("labels"), None);
}

#[test]
fn the_suffix_of_a_tag_is_added_each_time_that_the_image_is_met() {
    let image = |entry: &str, own: &str| {
        let web = WEB.replace("shop/web:1.0", own);
        let kustomization = format!("resources: [w.yaml]\nimages: [{entry}]\n");
        let built = build_files(&[("kustomization.yaml", &kustomization), ("w.yaml", &web)], "").unwrap();
        pod(&built[0])["containers"][0]["image"].as_str().unwrap().to_owned()
    };
    assert_eq!(image("{name: shop/web, tagSuffix: -a}", "shop/web"), "shop/web:-a-a");
    assert_eq!(image("{name: shop/web, tagSuffix: -a}", "shop/web:1"), "shop/web:1-a-a");
    assert_eq!(image("{name: shop/web, tagSuffix: -a}", "shop/web:1@sha256:aa"), "shop/web:1-a-a");
    assert_eq!(image("{name: shop/web, newTag: '2', tagSuffix: -a}", "shop/web:1"), "shop/web:2");
    assert_eq!(
        image("{name: r.example:5000/web, newTag: '2'}", "r.example:5000/web:1"),
        "r.example:5000/web:2"
    );
}

#[test]
fn replacements_keep_the_type_of_what_is_there_and_read_what_they_make() {
    let replaced = |source: &str, target: &str, options: &str| {
        service(
            &format!(
                "resources: [svc.yaml, web.yaml]\nreplacements:\n- source: {{{source}}}\n  targets: [{{select: {{kind: Service}}, fieldPaths: [{target}], options: {{{options}}}}}]\n"
            ),
            &[(
                "web.yaml",
                &WEB.replace(
                    "metadata:\n  name: web\n",
                    "metadata:\n  name: web\n  annotations: {q: '80'}\n",
                ),
            )],
        )
    };
    let port = "kind: Service, fieldPath: spec.ports.0.port";
    let text = "kind: Deployment, fieldPath: metadata.annotations.q";
    let label = |source: &str| replaced(source, "metadata.labels.port", "create: true").unwrap();
    assert_eq!(label(port)["metadata"]["labels"]["port"], json!(80));
    assert_eq!(label(text)["metadata"]["labels"]["port"], json!(80));
    let note = replaced(port, "metadata.annotations.port", "create: true").unwrap();
    assert_eq!(note["metadata"]["annotations"], json!({"count": "010", "port": "80"}));
    assert_eq!(replaced(port, "spec.selector.app", "").unwrap()["spec"]["selector"]["app"], "80");
    assert_eq!(replaced(text, "spec.ports.0.port", "").unwrap()["spec"]["ports"][0]["port"], json!(80));
    let name = "kind: Deployment, fieldPath: metadata.name";
    let made = replaced(name, "'spec.more.[name=new].value'", "create: true").unwrap();
    assert_eq!(made["spec"]["more"], json!([{"name": "new", "value": "web"}]));
    assert!(replaced(name, "spec.ports.0.port", "").unwrap_err().contains("another type"));
    assert!(replaced(name, "spec.selector", "delimiter: '-'").unwrap_err().contains("another type"));
}

#[test]
fn replacements_select_by_whole_words_and_reject_by_each_half() {
    let paused = |select: &str, reject: &str| {
        let kustomization = format!(
            "resources: [svc.yaml, web.yaml]\nnamePrefix: a-\nnameSuffix: -z\nreplacements:\n- source: {{kind: Service, fieldPath: spec.ports.0.port}}\n  targets: [{{select: {select}, reject: {reject}, fieldPaths: [spec.x], options: {{create: true}}}}]\n"
        );
        build_web(&kustomization, &[("svc.yaml", SERVICE)])["spec"]["x"] == json!(80)
    };
    for (select, reject, is_met) in [
        ("{name: web}", "[]", true),
        ("{name: a-web}", "[]", true),
        ("{name: a-web-z, namespace: default}", "[]", true),
        ("{name: 'w.*'}", "[]", false),
        ("{kind: 'Deploy.*'}", "[]", false),
        ("{kind: Deployment, labelSelector: app=web}", "[]", true),
        ("{kind: Deployment}", "[{name: web}]", false),
        ("{kind: Deployment}", "[{name: 'w.*'}]", true),
        ("{kind: Deployment}", "[{kind: Pod, labelSelector: app=web}]", false),
    ] {
        assert_eq!(paused(select, reject), is_met, "{select} without {reject}");
    }
    // What belongs to the whole cluster is in the namespace called `default`.
    let role =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n";
    let kustomization = "resources: [r.yaml]\nreplacements:\n- source: {kind: ClusterRole, namespace: default}\n  targets: [{select: {namespace: default}, fieldPaths: [metadata.labels.x], options: {create: true}}]\n";
    let built = build_files(&[("kustomization.yaml", kustomization), ("r.yaml", role)], "").unwrap();
    assert_eq!(built[0]["metadata"]["labels"]["x"], "r");
}

#[test]
fn subjects_get_the_namespace_that_is_meant_for_them() {
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: User, name: default}, {kind: ServiceAccount, name: app}, {kind: Group, name: g}]\n";
    let namespaces = |kustomization: &str, transformer: &str| {
        let files = [("kustomization.yaml", kustomization), ("b.yaml", binding), ("t.yaml", transformer)];
        let built = build_files(&files, "").unwrap();
        let subjects = built[0]["subjects"].as_array().unwrap().clone();
        subjects.iter().map(|subject| subject["namespace"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let prod = || Some("prod".to_owned());
    assert_eq!(namespaces("resources: [b.yaml]\nnamespace: prod\n", ""), [prod(), None, None]);
    let transformer = |whom: &str| {
        format!(
            "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {{name: t, namespace: prod}}\nsetRoleBindingSubjects: {whom}\n"
        )
    };
    let with = |whom: &str| namespaces("resources: [b.yaml]\ntransformers: [t.yaml]\n", &transformer(whom));
    assert_eq!(with("allServiceAccounts"), [None, prod(), None]);
    assert_eq!(with("defaultOnly"), [prod(), None, None]);
    assert_eq!(with("none"), [None, None, None]);
}

#[test]
fn conversion_webhooks_of_definitions_keep_the_name_of_their_service() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.x}\nspec: {conversion: {webhook: {clientConfig: {service: {name: svc, namespace: n}}}}}\n";
    let kustomization = "resources: [svc.yaml, d.yaml]\nnamespace: prod\nnamePrefix: a-\n";
    let files = [("kustomization.yaml", kustomization), ("svc.yaml", SERVICE), ("d.yaml", definition)];
    let built = build_files(&files, "").unwrap();
    let service = &built[0]["spec"]["conversion"]["webhook"]["clientConfig"]["service"];
    assert_eq!(service, &json!({"name": "svc", "namespace": "prod"}));
}

#[test]
fn configurations_add_fields_to_prefix_and_suffix() {
    let built = |config: &str| {
        let kustomization =
            "resources: [svc.yaml]\nnamePrefix: x-\nnameSuffix: -z\nconfigurations: [c.yaml]\n";
        service(kustomization, &[("c.yaml", config)])
    };
    let name = |config: &str| built(config).unwrap()["metadata"]["name"].as_str().unwrap().to_owned();
    assert_eq!(name("namePrefix: [{path: metadata/name, kind: Service}]\n"), "x-x-svc-z");
    assert_eq!(
        name("namePrefix: [{path: metadata/name}]\nnameSuffix: [{path: metadata/name, kind: Pod}]\n"),
        "x-svc-z"
    );
    let selector = built("nameSuffix: [{path: spec/selector/app, kind: Service}]\n").unwrap();
    assert_eq!(
        (&selector["metadata"]["name"], &selector["spec"]["selector"]["app"]),
        (&json!("x-svc-z"), &json!("web-z"))
    );
    assert!(built("commonLabels: [{path: metadata/labels}]\n").unwrap_err().contains("contradict"));
}

#[test]
fn a_build_may_label_its_manager_and_writes_annotations_as_texts() {
    let built = service("resources: [svc.yaml]\nbuildMetadata: [managedByLabel]\n", &[]).unwrap();
    assert_eq!(built["metadata"]["labels"], json!({"app.kubernetes.io/managed-by": "kustomize-(devel)"}));
    assert_eq!(built["metadata"]["annotations"], json!({"count": "010"}));
    let files = [
        ("kustomization.yaml", "resources: [a.yaml]\ncommonAnnotations: {day: 2020-01-01}\n"),
        (
            "a.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, annotations: {config.kubernetes.io/local-config: true}}\n",
        ),
    ];
    let built = build_files(&files, "").unwrap();
    assert_eq!((built.len(), &built[0]["metadata"]["annotations"]), (1, &json!({"day": "2020-01-01"})));
}

#[test]
fn names_of_fields_may_have_other_capitals_and_of_two_the_last_counts() {
    let kustomization = "Resources: [svc.yaml]\nnamePrefix: a-\nnamePrefix: b-\nPatches:\n- Target: {Kind: Service}\n  Patch: |\n    - {op: add, path: /spec/x, value: 1}\n";
    let built = service(kustomization, &[]).unwrap();
    assert_eq!((&built["metadata"]["name"], &built["spec"]["x"]), (&json!("b-svc"), &json!(1)));
}

#[test]
fn what_kubectl_refuses_is_not_built() {
    for (lines, word) in [
        ("patches:\n- target: {apiVersion: v1, kind: Service}\n  patch: '[]'\n", "no field `apiVersion`"),
        ("replacements:\n- source: {kind: Service, apiVersion: v1}\n", "no field `apiVersion`"),
        ("labels: [{pairs: {y: '1'}}]\n", "`true` is added as a key"),
        ("commonAnnotations: {'123': a}\n", "`123` is added as a key"),
        ("metadata: {name: x, more: y}\n", "no field `more`"),
        ("replicas: [{name: svc, count: '3'}]\n", "`count` is no whole number"),
        ("configMapGenerator: [{name: a, literals: [a=b, 5]}]\n", "`literals` is no text"),
        ("configMapGenerator: [{name: a, options: {labels: {a: 1}}}]\n", "`a` is no text"),
        ("components: ../x\n", "`components` is no list"),
        ("configMapGenerator: [{name: a, literals: ['=b']}]\n", "nothing before it"),
        ("vars: [{name: V, objref: {kind: Service, name: svc}}]\n", "names no one object"),
        ("sortOptions: {}\n", "neither fifo nor legacy"),
        ("sortOptions: {order: fifo, legacySortOptions: {orderFirst: [Pod]}}\n", "lists of kinds"),
        (
            "configMapGenerator: [{name: a, literals: [a=b], options: {labels: {'1': x}}}]\n",
            "`1` is added as a key",
        ),
    ] {
        let reason = service(&format!("resources: [svc.yaml]\n{lines}"), &[]).expect_err(lines);
        assert!(reason.contains(word), "{lines}: {reason}");
    }
    assert!(service("resources: [svc.yaml]\nlabels: [{pairs: {'y': '1'}}]\n", &[]).is_ok());
    for data in ["{1: a}", "{true: a}"] {
        let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata: {data}\n");
        let files = [("kustomization.yaml", "resources: [m.yaml]\n"), ("m.yaml", map.as_str())];
        assert!(build_files(&files, "").unwrap_err().contains("is no text"), "{data}");
    }
}

#[test]
fn objects_come_in_the_order_in_which_kubectl_prints_them() {
    let object =
        |kind: &str, name: &str| format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n---\n");
    let all = ["Pod b", "Pod a", "Service s", "Alpha x", "ServiceAccount s", "Namespace n"];
    let all: String =
        all.iter().map(|it| it.split_once(' ').map(|(kind, name)| object(kind, name)).unwrap()).collect();
    let order = |options: &str| {
        let kustomization = format!("resources: [a.yaml]\n{options}");
        let built = build_files(&[("kustomization.yaml", &kustomization), ("a.yaml", &all)], "").unwrap();
        let text = |object: &Value| {
            format!("{}/{}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap())
        };
        built.iter().map(text).collect::<Vec<_>>()
    };
    let legacy = ["Namespace/n", "ServiceAccount/s", "Service/s", "Alpha/x", "Pod/a", "Pod/b"];
    assert_eq!(order(""), legacy);
    assert_eq!(order("sortOptions: {order: legacy}\n"), legacy);
    assert_eq!(
        order("sortOptions: {order: fifo}\n"),
        ["Pod/b", "Pod/a", "Service/s", "Alpha/x", "ServiceAccount/s", "Namespace/n"]
    );
    let own =
        "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service], orderLast: [Alpha]}}\n";
    assert_eq!(order(own), ["Service/s", "Namespace/n", "Pod/a", "Pod/b", "ServiceAccount/s", "Alpha/x"]);
}

#[test]
fn json_patches_of_words_reach_pods_too() {
    let kustomization = "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    - {op: add, path: /spec/template/spec/hostNetwork, value: on}\n";
    assert_eq!(pod(&build_web(kustomization, &[]))["hostNetwork"], json!(true));
}
