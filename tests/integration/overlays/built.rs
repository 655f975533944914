//! What each field of a kustomization does, with the traps that kustomize holds.

use serde_json::{Value, json};

use super::{WEB, build_files, build_web, pod};

/// A strategic merge patch of the pod of `web`.
fn patched(spec: &str) -> Value {
    let lines: String = spec.lines().map(|line| format!("      {line}\n")).collect();
    let patch = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n{lines}"
    );
    let built = build_web("resources: [web.yaml]\npatches: [{path: p.yaml}]\n", &[("p.yaml", &patch)]);
    pod(&built).clone()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn a_kustomization_needs_no_header() {
    let built = build_web("resources: [web.yaml]\n", &[]);
    assert_eq!(built["metadata"]["name"], "web");
}

#[test]
fn elements_that_a_patch_names_come_first() {
    let pod = patched("containers:\n- {name: new, image: shop/new:1}\n- name: log\n  tty: true");
    assert_eq!(names(&pod["containers"]), ["new", "log", "web"]);
    assert_eq!(pod["containers"][1]["image"], "shop/log:1.0");
}

#[test]
fn a_null_deletes_and_a_directive_deletes_or_replaces() {
    let pod = patched("volumes: null\ncontainers:\n- {name: log, $patch: delete}");
    assert_eq!((names(&pod["containers"]), &pod["volumes"]), (vec!["web"], &Value::Null));
    let pod = patched("containers:\n- $patch: replace\n- {name: only, image: shop/only:1}");
    assert_eq!(names(&pod["containers"]), ["only"]);
    // Inside an element it does nothing, and the rest of that element is lost.
    let pod = patched("containers:\n- {name: web, $patch: replace, image: shop/other:1}");
    assert_eq!(pod["containers"][0]["image"], "shop/web:1.0");
}

#[test]
fn a_volume_gets_a_second_type_beside_its_first() {
    let pod = patched("volumes:\n- {name: data, emptyDir: {}}");
    assert_eq!(pod["volumes"][0], json!({"name": "data", "emptyDir": {}, "configMap": {"name": "conf"}}));
}

#[test]
fn what_other_tools_take_for_directives_stays() {
    let pod = patched("$setElementOrder/containers: [{name: log}]");
    assert_eq!(pod["$setElementOrder/containers"], json!([{"name": "log"}]));
}

#[test]
fn ports_are_one_by_number_and_protocol() {
    let ports = |own: &str, patch: &str| {
        let service = |ports: &str| {
            format!("apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: {ports}}}\n")
        };
        let files = [
            ("kustomization.yaml", "resources: [s.yaml]\npatches: [{path: p.yaml}]\n"),
            ("s.yaml", &service(own)),
            ("p.yaml", &service(patch)),
        ];
        build_files(&files, "").unwrap()[0]["spec"]["ports"].clone()
    };
    let merged = ports("[{port: 80, name: web}]", "[{port: 81, name: b}, {port: 80, targetPort: 8080}]");
    assert_eq!(merged, json!([{"port": 81, "name": "b"}, {"port": 80, "name": "web", "targetPort": 8080}]));
    // One that names its protocol and one that does not are two, of which the patch's is lost.
    let lost = ports("[{port: 80, name: web}]", "[{port: 80, name: http, protocol: TCP}]");
    assert_eq!(lost, json!([{"port": 80, "name": "web"}]));
}

#[test]
fn elements_of_two_keys_keep_their_order() {
    let spread = |key: &str, skew: u8, when: &str| {
        format!("{{topologyKey: {key}, whenUnsatisfiable: {when}, maxSkew: {skew}}}")
    };
    let list = |items: &[String]| format!("topologySpreadConstraints: [{}]", items.join(", "));
    let own = list(&[spread("zone", 1, "DoNotSchedule"), spread("node", 1, "ScheduleAnyway")]);
    let web = WEB.replace("      volumes:\n", &format!("      {own}\n      volumes:\n"));
    let change = list(&[spread("node", 5, "ScheduleAnyway"), spread("rack", 2, "DoNotSchedule")]);
    let patch = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{spec: {{{change}}}}}}}\n"
    );
    let files = [
        ("kustomization.yaml", "resources: [w.yaml]\npatches: [{path: p.yaml}]\n"),
        ("w.yaml", web.as_str()),
        ("p.yaml", patch.as_str()),
    ];
    let built = build_files(&files, "").unwrap();
    let merged = pod(&built[0])["topologySpreadConstraints"].as_array().unwrap().iter();
    let merged: Vec<_> =
        merged.map(|item| (item["topologyKey"].as_str().unwrap(), item["maxSkew"].clone())).collect();
    assert_eq!(merged, [("rack", json!(2)), ("zone", json!(1)), ("node", json!(5))]);
}

/// Measured with kubectl 1.32.4, kind by kind.
#[test]
fn lists_of_metadata_and_status_are_merged_where_the_schema_has_keys() {
    let merged = |api: &str, kind: &str, path: &[&str], key: &str| {
        let object = |names: [&str; 2]| {
            let list = match key {
                "" => json!(names),
                _ => names.iter().map(|name| json!({key: name, *name: 1})).collect(),
            };
            let inner = path.iter().rev().fold(list, |inner, key| json!({*key: inner}));
            let mut object = json!({"apiVersion": api, "kind": kind, "metadata": {"name": "x"}});
            for (key, value) in inner.as_object().unwrap() {
                match (object.get_mut(key).and_then(Value::as_object_mut), value.as_object()) {
                    (Some(own), Some(value)) => own.extend(value.clone()),
                    _ => object[key.as_str()] = value.clone(),
                }
            }
            object.to_string()
        };
        let (own, patch) = (object(["a", "b"]), object(["b", "c"]));
        let kustomization = "resources: [r.yaml]\npatches: [{path: p.yaml}]\n";
        let files = [("kustomization.yaml", kustomization), ("r.yaml", &*own), ("p.yaml", &*patch)];
        let built = build_files(&files, "").unwrap().remove(0);
        let list = path.iter().fold(&built, |node, key| &node[*key]).as_array().unwrap().clone();
        let name = |item: &Value| if key.is_empty() { item.clone() } else { item[key].clone() };
        list.iter().map(|item| name(item).as_str().unwrap().to_owned()).collect::<String>()
    };
    let owners: &[&str] = &["metadata", "ownerReferences"];
    let finalizers: &[&str] = &["metadata", "finalizers"];
    let conditions: &[&str] = &["status", "conditions"];
    let policy = "policy/v1";
    for (api, kind) in
        [("v1", "ConfigMap"), ("networking.k8s.io/v1", "Ingress"), (policy, "PodDisruptionBudget")]
    {
        assert_eq!(merged(api, kind, owners, "uid"), "bca", "{kind}");
        assert_eq!(merged(api, kind, finalizers, ""), "bca", "{kind}");
    }
    for (api, kind) in
        [("v1", "Node"), ("v1", "Service"), ("apps/v1", "Deployment"), (policy, "PodDisruptionBudget")]
    {
        assert_eq!(merged(api, kind, conditions, "type"), "bca", "{kind}");
    }
    for (api, kind) in
        [("autoscaling/v2beta2", "HorizontalPodAutoscaler"), ("v1", "ConfigMap"), ("example.com/v1", "Thing")]
    {
        assert_eq!(merged(api, kind, conditions, "type"), "bc", "{kind}");
    }
    for (api, kind) in
        [("example.com/v1", "Thing"), ("autoscaling/v2", "HorizontalPodAutoscaler"), (policy, "Eviction")]
    {
        assert_eq!(merged(api, kind, owners, "uid"), "bc", "{kind}");
        assert_eq!(merged(api, kind, finalizers, ""), "bc", "{kind}");
    }
    for path in [&["spec", "jobTemplate"][..], &["spec", "jobTemplate", "spec", "template"]] {
        assert_eq!(merged("batch/v1", "CronJob", &[path, owners].concat(), "uid"), "bca", "{path:?}");
        assert_eq!(merged("batch/v1", "CronJob", &[path, finalizers].concat(), ""), "bca", "{path:?}");
    }
    assert_eq!(merged("v1", "Node", &["status", "addresses"], "type"), "bca");
    assert_eq!(merged("v1", "Node", &["spec", "podCIDRs"], ""), "bca");
    assert_eq!(merged("v1", "Pod", &["status", "podIPs"], "ip"), "bca");
    assert_eq!(merged("storage.k8s.io/v1", "CSINode", &["spec", "drivers"], "name"), "bca");
    // It has no key for these.
    assert_eq!(merged("v1", "Service", &["status", "loadBalancer", "ingress"], "ip"), "bc");
    assert_eq!(merged("v1", "ServiceAccount", &["imagePullSecrets"], "name"), "bc");
}

#[test]
fn lists_of_an_unknown_kind_are_replaced_whole() {
    let rollout = WEB.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout");
    let patch = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, tty: true}]}}}\n";
    let files = [
        ("kustomization.yaml", "resources: [r.yaml]\npatches: [{path: p.yaml}]\n"),
        ("r.yaml", rollout.as_str()),
        ("p.yaml", patch),
    ];
    let built = build_files(&files, "").unwrap();
    assert_eq!(pod(&built[0])["containers"], json!([{"name": "web", "tty": true}]));
}

#[test]
fn images_match_whole_names_after_the_patches_and_drop_a_digest() {
    let image = |entry: &str, own: &str| {
        let web = WEB.replace("shop/web:1.0", own);
        let kustomization = format!("resources: [w.yaml]\nimages: [{entry}]\n");
        let files = [("kustomization.yaml", kustomization.as_str()), ("w.yaml", &web)];
        pod(&build_files(&files, "").unwrap()[0])["containers"][0]["image"].as_str().unwrap().to_owned()
    };
    let digest = format!("sha256:{}", "a".repeat(64));
    assert_eq!(image("{name: web, newTag: '2'}", "shop/web:1.0"), "shop/web:1.0");
    assert_eq!(image("{name: shop/web, newTag: '2'}", &format!("shop/web:1@{digest}")), "shop/web:2");
    assert_eq!(
        image(&format!("{{name: shop/web, digest: '{digest}'}}"), "shop/web:1"),
        format!("shop/web@{digest}")
    );
    assert_eq!(image("{name: shop/web, newName: r.example:5/x}", "shop/web:1"), "r.example:5/x:1");
}

#[test]
fn json_patches_add_what_replace_does_not_find_and_may_rename() {
    let kustomization = "resources: [web.yaml]
namePrefix: a-
patches:
- target: {kind: Deployment, name: w.*}
  patch: |-
    - {op: replace, path: /spec/replicas, value: 3}
    - {op: add, path: /metadata/annotations/note, value: there}
    - {op: replace, path: /metadata/name, value: site}
- target: {name: web}
  patch: |-
    - {op: add, path: /spec/template/spec/containers/-, value: {name: last, image: shop/last:1}}
- target: {name: nobody}
  patch: |-
    - {op: remove, path: /spec}
";
    let built = build_web(kustomization, &[]);
    assert_eq!((&built["spec"]["replicas"], &built["metadata"]["name"]), (&json!(3), &json!("a-site")));
    assert_eq!(built["metadata"]["annotations"], json!({"note": "there"}));
    assert_eq!(names(&pod(&built)["containers"]), ["web", "log", "last"]);
}

/// Operations that set many keys of one map, each followed by what else.
fn many_sets(between: &str, count: usize) -> String {
    let sets = (0..count).map(|at| {
        let verb = if at % 3 == 0 { "replace" } else { "add" };
        let value = if at % 5 == 0 { "{a: b}" } else { "c" };
        format!("- {{op: {verb}, path: /metadata/annotations/k~1{}, value: {value}}}\n{between}", at * 7 % 40)
    });
    format!(
        "- {{op: add, path: /metadata/annotations, value: {{first: a, k/7: [b], k/14: {{c: d}}}}}}\n{}",
        sets.collect::<String>()
    )
}

#[test]
fn keys_that_are_set_together_come_out_as_one_by_one() {
    let built = |between: &str, count| {
        let patch = many_sets(between, count);
        let kustomization = "resources: [web.yaml]\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n";
        build_web(kustomization, &[("p.yaml", &patch)])
    };
    let together = built("", 200);
    assert_eq!(together["metadata"]["annotations"].as_object().unwrap().len(), 41);
    // What stands between them keeps them from being looked up together.
    assert_eq!(together, built("- {op: test, path: /kind, value: Deployment}\n", 200));
}

#[test]
fn a_patch_of_more_operations_than_anybody_writes_is_not_built() {
    let patch = many_sets("", 20_000);
    let kustomization = "resources: [web.yaml]\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n";
    let files = [("kustomization.yaml", kustomization), ("web.yaml", WEB), ("p.yaml", patch.as_str())];
    let fault = build_files(&files, "").unwrap_err();
    assert!(fault.contains("a patch has more than 20000 operations"), "{fault}");
}

#[test]
fn targets_match_whole_names_and_labels() {
    for (target, is_met) in [
        ("{kind: Deployment}", true),
        ("{name: we}", false),
        ("{labelSelector: 'app in (web, api),!gone'}", true),
        ("{labelSelector: app!=web}", false),
        ("{namespace: default}", true),
        ("{group: apps, version: v2}", false),
    ] {
        let kustomization = format!(
            "resources: [web.yaml]\npatches:\n- target: {target}\n  patch: |-\n    - {{op: add, path: /spec/replicas, value: 9}}\n"
        );
        assert_eq!(build_web(&kustomization, &[])["spec"]["replicas"] == json!(9), is_met, "{target}");
    }
}

#[test]
fn names_namespaces_and_labels_reach_what_refers_to_them() {
    let more = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: web, namespace: default}]\n";
    let files = [
        (
            "kustomization.yaml",
            "resources: [web.yaml, m.yaml]\nnamespace: prod\nnamePrefix: a-\nnameSuffix: -z\nlabels: [{pairs: {team: x}, includeSelectors: true}]\n",
        ),
        ("web.yaml", WEB),
        ("m.yaml", more),
    ];
    let objects = build_files(&files, "").unwrap();
    let find = |kind: &str| objects.iter().find(|object| object["kind"] == kind).unwrap();
    let web = find("Deployment");
    assert_eq!(web["metadata"]["namespace"], "prod");
    assert_eq!(web["spec"]["selector"]["matchLabels"], json!({"app": "web", "team": "x"}));
    assert_eq!(pod(web)["volumes"][0]["configMap"]["name"], "a-conf-z");
    let subject = json!([{"kind": "ServiceAccount", "name": "a-web-z", "namespace": "prod"}]);
    assert_eq!(find("RoleBinding")["subjects"], subject);
    assert_eq!(find("RoleBinding")["roleRef"]["name"], "view");
}

#[test]
fn generated_maps_end_in_a_hash_of_their_content() {
    let kustomization = "resources: [web.yaml]\nconfigMapGenerator:\n- name: conf\n  literals: [PASSWORD=hunter2, MODE=on]\n  envs: [a.env]\ngeneratorOptions: {labels: {gen: '1'}}\n";
    let built = build_web(kustomization, &[("a.env", "X=1\n# no\nY=two words\n")]);
    assert_eq!(pod(&built)["volumes"][0]["configMap"]["name"], "conf-2786b7kd9k");
}

#[test]
fn a_merged_map_ends_in_a_hash_where_both_want_one() {
    let base = "configMapGenerator:\n- {name: a, literals: [x=y]}\n- {name: b, literals: [x=y], options: {disableNameSuffixHash: true}}\n";
    let over = "resources: [../base]\nnameSuffix: -z\nconfigMapGenerator:\n- {name: a, behavior: merge, literals: [z=1]}\n- {name: b, behavior: replace, literals: [z=1]}\n";
    let files = [("base/kustomization.yaml", base), ("over/kustomization.yaml", over)];
    let built = build_files(&files, "over").unwrap();
    assert_eq!(built[0]["data"], json!({"z": "1", "x": "y"}));
    assert!(built[0]["metadata"]["name"].as_str().unwrap().starts_with("a-z-"));
    assert_eq!(
        built[1],
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b-z"}, "data": {"z": "1"}})
    );
}

#[test]
fn components_see_their_parent_before_its_own_patches() {
    let part = |name: &str| {
        format!(
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches:\n- target: {{kind: Deployment}}\n  patch: |-\n    - {{op: add, path: /spec/template/spec/containers/0/args/-, value: {name}}}\n"
        )
    };
    let web = WEB.replace("image: shop/web:1.0", "image: shop/web:1.0\n        args: [a]");
    let files = [
        (
            "app/kustomization.yaml",
            "resources: [web.yaml]\ncomponents: [../two, ../one]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n    - {op: add, path: /spec/template/spec/containers/0/args/-, value: own}\n",
        ),
        ("app/web.yaml", &web),
        ("one/kustomization.yaml", &part("one")),
        ("two/kustomization.yaml", &part("two")),
    ];
    let built = build_files(&files, "app").unwrap();
    assert_eq!(pod(&built[0])["containers"][0]["args"], json!(["a", "two", "one", "own"]));
}

#[test]
fn replacements_and_variables_copy_values() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {ports: [{port: 80}]}\n";
    let kustomization = "resources: [web.yaml, s.yaml]
namePrefix: a-
replacements:
- source: {kind: Service, name: front}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.[name=web].env.[name=MODE].value']
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.1.image]
    options: {delimiter: ':', index: 1}
vars:
- name: PORT
  objref: {apiVersion: v1, kind: Service, name: front}
  fieldref: {fieldpath: 'spec.ports[0].port'}
patches:
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /spec/template/spec/containers/0/args, value: ['--port=$(PORT)', '$(OTHER)']}
";
    let built = build_web(kustomization, &[("s.yaml", service)]);
    let containers = &pod(&built)["containers"];
    assert_eq!(containers[0]["env"][0]["value"], "a-front");
    assert_eq!(containers[1]["image"], "shop/log:a-front");
    assert_eq!(containers[0]["args"], json!(["--port=80", "$(OTHER)"]));
}

#[test]
fn words_of_older_yaml_are_texts_and_octals_are_numbers() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: &d {a: yes, b: 0644, c: null}\nmore: *d\n";
    let built = build_files(&[("kustomization.yaml", "resources: [m.yaml]\n"), ("m.yaml", map)], "").unwrap();
    assert_eq!(built[0]["data"], json!({"a": "yes", "b": 420, "c": null}));
    assert_eq!(built[0]["more"], built[0]["data"]);
}

#[test]
fn ignored_files_are_read_where_they_are_named_and_folders_above_too() {
    let files = [
        (".gitignore", "base\n"),
        ("base/web.yaml", WEB),
        ("over/kustomization.yaml", "resources: [../base/web.yaml]\nreplicas: [{name: web, count: 4}]\n"),
    ];
    assert_eq!(build_files(&files, "over").unwrap()[0]["spec"]["replicas"], 4);
}

#[test]
fn transformers_in_files_of_their_own_are_applied_last() {
    let transformers = "apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: i}
imageTag: {name: shop/web, newTag: '3'}
---
apiVersion: builtin
kind: PatchTransformer
metadata: {name: p}
target: {kind: Deployment}
patch: |-
  - {op: add, path: /spec/template/spec/hostPID, value: true}
---
apiVersion: builtin
kind: PrefixTransformer
metadata: {name: n}
prefix: t-
fieldSpecs: [{path: metadata/name, kind: Deployment}]
";
    let kustomization =
        "resources: [web.yaml]\nimages: [{name: shop/web, newTag: '2'}]\ntransformers: [t.yaml]\n";
    let built = build_web(kustomization, &[("t.yaml", transformers)]);
    assert_eq!(built["metadata"]["name"], "t-web");
    assert_eq!(pod(&built)["containers"][0]["image"], "shop/web:3");
    assert_eq!(pod(&built)["hostPID"], json!(true));
}
