//! Which fields of which kinds kubectl changes, merges and rewrites: its lists differ by kind, group and version.

use serde_json::{Value, json};

use super::{WEB, build_files, build_web, pod};

/// The objects that a kustomization makes of one file, by kind and written name.
fn built(lines: &str, objects: &str) -> Vec<Value> {
    let kustomization = format!("resources: [o.yaml]\n{lines}");
    build_files(&[("kustomization.yaml", &kustomization), ("o.yaml", objects)], "").unwrap()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    objects.iter().find(|object| object["kind"] == kind).unwrap()
}

/// The start of an object.
fn head(api: &str, kind: &str, name: &str) -> String {
    format!("---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\n")
}

#[test]
fn labels_make_no_claims_for_a_stateful_set_without_any() {
    let claims = |spec: &str| {
        let set = format!("{}spec: {spec}\n", head("apps/v1", "StatefulSet", "s"));
        let labelled = |lines: &str| built(lines, &set)[0]["spec"].get("volumeClaimTemplates").cloned();
        let first = labelled("commonLabels: {a: b}\n");
        assert_eq!(labelled("labels: [{pairs: {a: b}, includeTemplates: true}]\n"), first);
        first
    };
    assert_eq!(claims("{serviceName: s}"), None);
    assert_eq!(claims("{volumeClaimTemplates: null}"), Some(json!([])));
    assert_eq!(
        claims("{volumeClaimTemplates: [{metadata: {name: c}}]}"),
        Some(json!([{"metadata": {"name": "c", "labels": {"a": "b"}}}]))
    );
    let bare = WEB.replace("      containers:\n", "      initContainers:\n      containers:\n");
    let files = [
        ("kustomization.yaml", "resources: [w.yaml]\nimages: [{name: x, newTag: '2'}]\n"),
        ("w.yaml", &*bare),
    ];
    assert_eq!(pod(&build_files(&files, "").unwrap()[0])["initContainers"], json!([]));
}

#[test]
fn labels_know_kinds_by_their_group() {
    let template = |api: &str, kind: &str| {
        let object = format!("{}spec: {{template: {{metadata: {{}}}}}}\n", head(api, kind, "x"));
        built("commonLabels: {a: b}\n", &object)[0]["spec"]["template"]["metadata"].clone()
    };
    let labels = json!({"labels": {"a": "b"}});
    assert_eq!(template("apps/v1", "StatefulSet"), labels);
    assert_eq!(template("extensions/v1beta1", "Deployment"), labels);
    assert_eq!(template("apps.kruise.io/v1beta1", "StatefulSet"), json!({}));
    assert_eq!(template("batch.volcano.sh/v1alpha1", "Job"), json!({}));
    let set = format!("{}spec: {{template: {{}}}}\n", head("apps.kruise.io/v1beta1", "StatefulSet", "x"));
    let noted = &built("commonAnnotations: {a: b}\n", &set)[0]["spec"]["template"];
    assert_eq!(noted["metadata"]["annotations"], json!({"a": "b"}));
}

#[test]
fn references_are_rewritten_in_the_fields_of_kinds_that_kubectl_knows() {
    let targets: String = [
        ("v1", "ConfigMap", "cm"),
        ("v1", "Secret", "sec"),
        ("v1", "ServiceAccount", "sa"),
        ("v1", "PersistentVolumeClaim", "pvc"),
        ("v1", "Service", "svc"),
        ("scheduling.k8s.io/v1", "PriorityClass", "pc"),
        ("networking.k8s.io/v1", "IngressClass", "cls"),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "vap"),
    ]
    .iter()
    .map(|(api, kind, name)| head(api, kind, name))
    .collect();
    let spec = |api: &str, kind: &str, rest: &str| {
        let object = format!("{}{rest}\n{targets}", head(api, kind, "own"));
        let objects = built("namePrefix: p-\n", &object);
        objects.into_iter().find(|object| object["metadata"]["name"] == "p-own").unwrap()
    };
    let user = "spec: {template: {spec: {serviceAccountName: sa, priorityClassName: pc, volumes: [{persistentVolumeClaim: {claimName: pvc}}, {secret: {secretName: sec}}]}}}";
    let names = |object: &Value| {
        let pod = pod(object);
        let volume = |at: usize, kind: &str, key: &str| pod["volumes"][at][kind][key].clone();
        json!([
            pod["serviceAccountName"],
            pod["priorityClassName"],
            volume(0, "persistentVolumeClaim", "claimName"),
            volume(1, "secret", "secretName")
        ])
    };
    assert_eq!(names(&spec("apps/v1", "Deployment", user)), json!(["p-sa", "p-pc", "p-pvc", "p-sec"]));
    assert_eq!(names(&spec("apps/v1", "ReplicaSet", user)), json!(["sa", "pc", "pvc", "p-sec"]));
    assert_eq!(names(&spec("v1", "ReplicationController", user)), json!(["p-sa", "p-pc", "p-pvc", "sec"]));
    let template = "template: {spec: {containers: [{envFrom: [{configMapRef: {name: cm}}]}]}}";
    let built = spec("v1", "PodTemplate", template);
    assert_eq!(built["template"]["spec"]["containers"][0]["envFrom"][0]["configMapRef"]["name"], "p-cm");
    let account = spec("v1", "ServiceAccount", "secrets: [{name: sec}]\nimagePullSecrets: [{name: sec}]");
    assert_eq!(
        (&account["secrets"][0]["name"], &account["imagePullSecrets"][0]["name"]),
        (&json!("sec"), &json!("p-sec"))
    );
    let ingress = spec("networking.k8s.io/v1", "Ingress", "spec: {ingressClassName: cls}");
    assert_eq!(ingress["spec"]["ingressClassName"], "cls");
    let role = spec("rbac.authorization.k8s.io/v1", "Role", "rules: [{resourceNames: [svc, cm, sec]}]");
    assert_eq!(role["rules"][0]["resourceNames"], json!(["svc", "p-cm", "p-sec"]));
    let class = spec("storage.k8s.io/v1", "StorageClass", "parameters: {secretName: sec, other: sec}");
    assert_eq!(class["parameters"], json!({"secretName": "p-sec", "other": "sec"}));
    let volume = spec("v1", "PersistentVolume", "spec: {azureFile: {secretName: sec}}");
    assert_eq!(volume["spec"]["azureFile"]["secretName"], "p-sec");
    let policy = spec(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        "spec: {policyName: vap}",
    );
    assert_eq!(policy["spec"]["policyName"], "p-vap");
}

#[test]
fn a_reference_with_a_namespace_is_for_those_who_began_there() {
    let binding = |own: &str, namespace: &str| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: rb{own}}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}}\nsubjects: [{{kind: ServiceAccount, name: m, namespace: {namespace}}}]\n"
        )
    };
    let subject = |objects: &[Value]| of_kind(objects, "RoleBinding")["subjects"][0].clone();
    let account = head("v1", "ServiceAccount", "m");
    let prod = "namespace: prod\nnamePrefix: p-\n";
    // The binding itself began in the namespace that is named, and so no account is looked for by where it is now.
    let objects = built(prod, &format!("{account}{}", binding(", namespace: prod", "prod")));
    assert_eq!(subject(&objects), json!({"kind": "ServiceAccount", "name": "m", "namespace": "prod"}));
    let objects = built(prod, &format!("{account}{}", binding("", "prod")));
    assert_eq!(subject(&objects)["name"], "p-m");
    // Who has gone elsewhere is not seen from here by the namespace that it left.
    let rb = binding("", "system");
    let files = [
        ("kustomization.yaml", "resources: [base, rb.yaml]\n"),
        ("rb.yaml", &*rb),
        ("base/kustomization.yaml", "resources: [sa.yaml]\nnamespace: prod\nnamePrefix: p-\n"),
        ("base/sa.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: m, namespace: system}\n"),
    ];
    let objects = build_files(&files, "").unwrap();
    assert_eq!(subject(&objects), json!({"kind": "ServiceAccount", "name": "m", "namespace": "system"}));
    // Any object that began there is enough.
    let hook = "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: vw}\nwebhooks: [{clientConfig: {service: {name: web, namespace: system}}}]\n";
    let service = |other: &str| {
        let all = format!("{}{}{hook}", head("v1", "Service", "web"), head("v1", "ServiceAccount", other));
        let objects = built("namespace: system\nnamePrefix: b-\n", &all);
        of_kind(&objects, "ValidatingWebhookConfiguration")["webhooks"][0]["clientConfig"]["service"]["name"]
            .clone()
    };
    assert_eq!((service("a, namespace: system"), service("a")), (json!("web"), json!("b-web")));
}

#[test]
fn variables_stand_in_the_fields_of_kinds_that_kubectl_knows() {
    let var = "vars: [{name: V, objref: {kind: Service, name: svc, apiVersion: v1}}]\n";
    let object = |api: &str, kind: &str| {
        let spec = "spec: {template: {metadata: {annotations: {a: $(V)}}, spec: {volumes: [{nfs: {server: $(V)}}]}}}\n";
        let objects = built(var, &format!("{}{spec}{}", head(api, kind, "w"), head("v1", "Service", "svc")));
        let template = &of_kind(&objects, kind)["spec"]["template"];
        (
            template["metadata"]["annotations"]["a"].clone(),
            template["spec"]["volumes"][0]["nfs"]["server"].clone(),
        )
    };
    assert_eq!(object("apps/v1", "Deployment"), (json!("svc"), json!("svc")));
    assert_eq!(object("apps/v1", "DaemonSet"), (json!("$(V)"), json!("svc")));
    assert_eq!(object("apps/v1", "StatefulSet"), (json!("$(V)"), json!("$(V)")));
}

#[test]
fn lists_are_merged_in_versions_that_the_schema_knows() {
    let image = |api: &str, kind: &str, path: &str| {
        let (open, close) = (path.replace('/', ": {"), "}".repeat(path.matches('/').count()));
        let object = |containers: &str| {
            format!("{}{open}: {{containers: [{containers}]}}{close}\n", head(api, kind, "w"))
        };
        let base = object("{name: a, image: 'a:1'}, {name: b, image: 'b:1'}");
        let patch = object("{name: a, tty: true}");
        let files = [
            ("kustomization.yaml", "resources: [w.yaml]\npatches: [{path: p.yaml}]\n"),
            ("w.yaml", &*base),
            ("p.yaml", &*patch),
        ];
        let built = build_files(&files, "").unwrap();
        let containers = built[0].pointer(&format!("/{path}/containers")).unwrap().as_array().unwrap();
        (containers.len(), containers[0]["image"].clone())
    };
    let (pod, cron) = ("spec/template/spec", "spec/jobTemplate/spec/template/spec");
    let (merged, replaced) = ((2, json!("a:1")), (1, Value::Null));
    assert_eq!(image("apps/v1", "Deployment", pod), merged);
    assert_eq!(image("batch/v1beta1", "CronJob", cron), merged);
    for (api, kind, path) in [
        ("apps/v1beta2", "Deployment", pod),
        ("apps/v1beta1", "StatefulSet", pod),
        ("extensions/v1beta1", "Deployment", pod),
        ("batch/v2alpha1", "CronJob", cron),
    ] {
        assert_eq!(image(api, kind, path), replaced, "{api} {kind}");
    }
}

/// The first container's list, of one with this list, after a patch of it.
fn patched(own: &str, patch: &str) -> Value {
    let container = |list: &str| {
        format!(
            "{}spec: {{template: {{spec: {{containers: [{{name: c{list}}}]}}}}}}\n",
            head("apps/v1", "Deployment", "w")
        )
    };
    let (base, patch) = (container(own), container(patch));
    let files = [
        ("kustomization.yaml", "resources: [w.yaml]\npatches: [{path: p.yaml}]\n"),
        ("w.yaml", &*base),
        ("p.yaml", &*patch),
    ];
    pod(&build_files(&files, "").unwrap()[0])["containers"][0].clone()
}

#[test]
fn a_key_that_stands_twice_in_a_list_stands_once_after_a_patch() {
    let env = |own: &str, patch: &str| {
        let of = |list: &str| if list.is_empty() { String::new() } else { format!(", env: [{list}]") };
        let built = patched(&of(own), &of(patch));
        let texts =
            built["env"].as_array().into_iter().flatten().map(|item| {
                format!("{}={}", item["name"].as_str().unwrap(), item["value"].as_str().unwrap())
            });
        texts.collect::<Vec<_>>().join(" ")
    };
    let (twice, other) =
        ("{name: A, value: one}, {name: B, value: b}, {name: A, value: two}", "{name: C, value: q}");
    assert_eq!(env(twice, "{name: A, value: three}"), "A=two B=b");
    assert_eq!(env(twice, other), "C=q A=two B=b");
    assert_eq!(env(twice, ""), "A=two B=b");
    assert_eq!(env(twice, "{name: A, $patch: delete}"), "B=b");
    assert_eq!(env(twice, "{name: A, value: q, $patch: replace}"), "A=two B=b");
    assert_eq!(env(other, twice), "A=one B=b C=q");
    assert_eq!(env("", twice), "A=two B=b");
}

#[test]
fn ports_are_one_by_their_protocol_where_any_names_one() {
    let ports = |own: &str, patch: &str| {
        let built = patched(&format!(", ports: [{own}]"), &format!(", ports: [{patch}]"));
        let text = |port: &Value, key: &str| match &port[key] {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let keys = ["containerPort", "protocol", "name", "hostPort"];
        let one = |port: &Value| keys.map(|key| text(port, key)).join("/");
        built["ports"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(
        ports(
            "{containerPort: 80, name: http}, {containerPort: 81, protocol: TCP}",
            "{containerPort: 80, hostPort: 80}"
        ),
        ["80/-/http/80", "81/TCP/-/-"]
    );
    let twice = "{containerPort: 80, protocol: UDP, name: a}, {containerPort: 80, name: b}";
    assert_eq!(ports(twice, "{containerPort: 80, hostPort: 1}"), ["80/-/b/-"]);
    let thrice =
        "{containerPort: 80, name: a}, {containerPort: 81, protocol: TCP}, {containerPort: 80, name: b}";
    assert_eq!(ports(thrice, "{containerPort: 80, hostPort: 1}"), ["81/TCP/-/-", "80/-/b/-"]);
    assert_eq!(
        ports(
            "{containerPort: 80, name: http}",
            "{containerPort: 80, protocol: TCP, name: q}, {containerPort: 80, name: r}"
        ),
        ["80/-/http/-"]
    );
    assert_eq!(
        ports(
            "{containerPort: 80, protocol: TCP, name: a}, {containerPort: 81, protocol: TCP}, {containerPort: 80, protocol: TCP, name: b}",
            "{containerPort: 80, protocol: TCP, hostPort: 1}"
        ),
        ["81/TCP/-/-", "80/TCP/b/-"]
    );
    assert_eq!(
        ports(
            "{containerPort: 81, protocol: TCP}",
            "{containerPort: 80, protocol: TCP, hostPort: 1}, {containerPort: 80, protocol: TCP, hostPort: 2}, {containerPort: 80, protocol: UDP, hostPort: 3}, {containerPort: 80, hostPort: 4}"
        ),
        ["80/TCP/-/1", "80/UDP/-/3", "81/TCP/-/-"]
    );
}

#[test]
fn small_things_are_as_kubectl_has_them() {
    let files = [("kustomization.yaml", "secretGenerator: [{name: b}]\nconfigMapGenerator: [{name: c}]\n")];
    let objects = build_files(&files, "").unwrap();
    let secret = of_kind(&objects, "Secret");
    assert_eq!((&secret["metadata"]["name"], &secret["data"]), (&json!("b-46f8b28mk5"), &json!({})));
    assert_eq!(of_kind(&objects, "ConfigMap").get("data"), None);
    let notes = "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n    - {op: add, path: /metadata/annotations, value: {a: null, config.kubernetes.io/index: '3', config.k8s.io/id: '7', internal.config.kubernetes.io/x: y}}\n";
    assert_eq!(build_web(notes, &[])["metadata"]["annotations"], json!({"a": "null"}));
    let numbers = format!(
        "{}spec: {{serviceAccountName: 12, containers: [{{name: c, image: 5}}]}}\n{}",
        head("v1", "Pod", "x"),
        head("v1", "ServiceAccount", "'12'")
    );
    let objects = built("namePrefix: p-\nimages: [{name: '5', newTag: '9'}]\n", &numbers);
    let spec = &of_kind(&objects, "Pod")["spec"];
    assert_eq!(
        (&spec["serviceAccountName"], &spec["containers"][0]["image"]),
        (&json!("p-12"), &json!("5:9"))
    );
}
