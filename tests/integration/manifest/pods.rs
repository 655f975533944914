//! The pods of a document, and the values in effect for their containers.

use seaworthy::kubernetes::model::SecurityContext;
use seaworthy::kubernetes::{
    ContainerRole, ManifestDocument, ManifestFile, Pod, SettingLevel, parse_manifest,
};
use seaworthy::path;
use seaworthy::yaml::{Lenient, display_path};

use super::breaches::glance::breaches;

fn document(text: &str) -> ManifestDocument {
    let ManifestFile { mut documents, problems, .. } = parse_manifest(text);
    assert_eq!(problems, []);
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn pod(spec: &str) -> (String, Pod) {
    let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n{spec}");
    let mut document = document(&text);
    (text, document.pods.remove(0))
}

const BOTH_LEVELS: &str =
    "  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: own
    securityContext:
      runAsUser: 0
      seccompProfile: {type: Unconfined}
  - image: b
    name: pods
    securityContext: {runAsNonRoot: null}
";

#[test]
fn every_kind_that_holds_a_pod_is_found_where_it_holds_it() {
    let spec = "{containers: [{name: c, image: i}]}";
    let cases = [
        ("v1", "Pod", format!("spec: {spec}"), "spec"),
        ("v1", "PodTemplate", format!("template: {{spec: {spec}}}"), "template.spec"),
        ("apps/v1", "Deployment", format!("spec: {{template: {{spec: {spec}}}}}"), "spec.template.spec"),
        ("batch/v1", "Job", format!("spec: {{template: {{spec: {spec}}}}}"), "spec.template.spec"),
        (
            "batch/v1",
            "CronJob",
            format!("spec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}"),
            "spec.jobTemplate.spec.template.spec",
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "serving.knative.dev/v1",
            "Service",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "keda.sh/v1alpha1",
            "ScaledJob",
            format!("spec: {{jobTargetRef: {{template: {{spec: {spec}}}}}}}"),
            "spec.jobTargetRef.template.spec",
        ),
        (
            "example.org/v1",
            "Fleet",
            format!("spec: {{podTemplate: {{spec: {spec}}}}}"),
            "spec.podTemplate.spec",
        ),
        (
            "batch.volcano.sh/v1alpha1",
            "Job",
            format!("spec: {{tasks: [{{template: {{spec: {spec}}}}}]}}"),
            "spec.tasks[0].template.spec",
        ),
    ];
    for (version, kind, body, path) in cases {
        let document =
            document(&format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: n}}\n{body}\n"));
        let [pod] = &document.pods[..] else { panic!("{kind} holds {} pods", document.pods.len()) };
        assert_eq!(display_path(&pod.path), path, "{kind}");
        assert_eq!(document.object_of(pod).label(), format!("{kind}/n"));
        assert_eq!(document.tree.node_at(document.tree.root().unwrap(), &pod.path), Some(pod.spec));
        assert_eq!(pod.containers[0].name.as_deref(), Some("c"));
    }
}

#[test]
fn what_runs_no_pod_holds_none() {
    for (version, kind, body) in [
        ("v1", "Service", "spec: {type: NodePort}"),
        ("kyverno.io/v1", "ClusterPolicy", "spec: {template: {spec: {containers: [{image: '*'}]}}}"),
        ("example.org/v1", "Thing", "spec: {template: {spec: {replicas: 1}}}"),
        ("apps/v1", "Deployment", "spec: []"),
        ("v1", "Pod", "spec:"),
    ] {
        assert!(
            document(&format!("apiVersion: {version}\nkind: {kind}\n{body}\n")).pods.is_empty(),
            "{kind}"
        );
    }
}

#[test]
fn each_item_of_a_list_is_an_object() {
    let text = "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ServiceAccount
  metadata: {name: a, namespace: n}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: b
  spec:
    template:
      metadata: {annotations: {k: v}}
      spec: {containers: [{name: c}]}
";
    let document = document(text);
    let labels: Vec<String> =
        document.objects.iter().map(seaworthy::kubernetes::ManifestObject::label).collect();
    assert_eq!(labels, ["ServiceAccount/a", "Deployment/b"]);
    assert_eq!(document.objects[0].namespace.as_deref(), Some("n"));
    let [pod] = &document.pods[..] else { panic!("one pod") };
    assert_eq!((pod.object_index, display_path(&pod.path).as_str()), (1, "items[1].spec.template.spec"));
    assert_eq!(pod.annotations["k"], "v");
    assert!(text[pod.spec_key_span.start..].starts_with("spec: {containers"));
}

#[test]
fn items_of_a_typed_list_need_not_say_what_they_are() {
    let document =
        document("apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  spec: {containers: []}\n");
    assert_eq!(document.objects[0].label(), "Pod/a");
    assert_eq!(document.pods.len(), 1);
}

#[test]
fn containers_come_in_the_order_of_their_roles() {
    let (text, pod) = pod("  ephemeralContainers: [{name: e}]\n  containers: [{name: m}, {image: x}]\n  \
                          initContainers: [{name: i}, {name: s, restartPolicy: Always}]\n");
    let roles: Vec<_> = pod.containers.iter().map(|c| (c.role, c.index, c.label_span.slice(&text))).collect();
    let expected = [
        (ContainerRole::Init, 0, "i"),
        (ContainerRole::Sidecar, 1, "s"),
        (ContainerRole::Main, 0, "m"),
        (ContainerRole::Main, 1, "image"),
        (ContainerRole::Ephemeral, 0, "e"),
    ];
    assert_eq!(roles, expected);
}

#[test]
fn a_containers_value_is_in_effect_before_the_pods() {
    let (text, pod) = pod(BOTH_LEVELS);
    let [own, pods] = &pod.containers[..] else { panic!("two containers") };
    let user = pod.run_as_user(own);
    assert_eq!((user.get(), user.level), (Some(&0), SettingLevel::Container));
    assert_eq!(user.span.unwrap().slice(&text), "0");
    let user = pod.run_as_user(pods);
    assert_eq!(
        (user.get(), user.level, user.span.unwrap().slice(&text)),
        (Some(&1000), SettingLevel::Pod, "1000")
    );
    assert_eq!(pod.seccomp_type(own).get().map(String::as_str), Some("Unconfined"));
    assert_eq!(pod.seccomp_type(pods).span.unwrap().slice(&text), "RuntimeDefault");
    assert_eq!(pod.run_as_non_root(pods).level, SettingLevel::Pod);
    assert_eq!(pod.run_as_group(own).level, SettingLevel::Default);
    assert!(pod.run_as_group(own).value.is_absent());
}

#[test]
fn scalars_are_read_as_kubectl_reads_them() {
    let (_, pod) =
        pod("  hostPID: yes\n  hostIPC: 'true'\n  hostNetwork: off\n  containers:\n  - name: 5\n    \
                       securityContext: {runAsUser: 0644, runAsGroup: 0x9c40, runAsNonRoot: \"true\"}\n    \
                       resources: {limits: {cpu: 1, memory: 1_0Mi}}\n");
    assert_eq!(pod.model.host_pid, Lenient::Value(true));
    assert_eq!(pod.model.host_network, Lenient::Value(false));
    assert!(pod.model.host_ipc.is_wrong());
    let [container] = &pod.containers[..] else { panic!("one container") };
    assert_eq!(container.name, None);
    assert_eq!(pod.run_as_user(container).get(), Some(&420));
    assert_eq!(pod.run_as_group(container).get(), Some(&40000));
    assert!(pod.run_as_non_root(container).is_unknown());
    let limits = &container.model.resources.get().unwrap().limits;
    assert_eq!(limits.value_at("cpu").get().unwrap().amount(), Some(1.0));
    assert_eq!(limits.value_at("memory").get().unwrap().amount(), None);
}

/// Its fields are told by their names, never by their order.
#[test]
fn a_list_is_no_mapping() {
    for list in ["[true]", "[]", "\n    - true"] {
        let (_, pod) = pod(&format!("  containers:\n  - name: a\n    securityContext: {list}\n"));
        let container = &pod.containers[0];
        assert!(container.model.security_context.is_wrong(), "{list}");
        assert!(pod.run_as_non_root(container).is_unknown(), "{list}");
    }
}

#[test]
fn a_number_is_no_field_by_its_place() {
    let plain =
        "  containers:\n  - name: c\n    securityContext: {01: null, 0: true, yes: 1, runAsUser: 7}\n";
    let aliased = format!("  hostname: &a h\n  subdomain: *a\n{plain}");
    for spec in [plain, &aliased] {
        let (text, pod) = pod(spec);
        let expected = SecurityContext { run_as_user: Lenient::Value(7), ..SecurityContext::default() };
        assert_eq!(pod.containers[0].model.security_context, Lenient::Value(expected), "{spec}");
        assert_eq!(breaches(&text), Vec::<String>::new());
    }
}

#[test]
fn one_odd_field_loses_nothing_else() {
    let (_, pod) =
        pod("  volumes: {a: b}\n  securityContext: nonsense\n  containers:\n  - name: a\n    ports: [x, \
                       {hostPort: 80}]\n  - odd\n  - {name: b, env: [{name: N, value: 1}]}\n");
    assert!(pod.model.volumes.is_wrong());
    let names: Vec<_> = pod.containers.iter().map(|c| (c.index, c.name.as_deref().unwrap())).collect();
    assert_eq!(names, [(0, "a"), (2, "b")]);
    let ports: Vec<_> = pod.containers[0].model.ports.valid_items().collect();
    assert_eq!((ports[0].0, ports[0].1.host_port.get()), (1, Some(&80)));
    assert!(pod.run_as_user(&pod.containers[0]).is_unknown());
}

#[test]
fn windows_is_told_by_os_selector_and_required_affinity() {
    let (_, by_os) = pod("  os: {name: windows}\n  containers: []\n");
    assert!(by_os.is_windows_only && by_os.has_windows_os);
    let (_, by_selector) = pod("  nodeSelector: {kubernetes.io/os: windows}\n  containers: []\n");
    assert!(by_selector.is_windows_only && !by_selector.has_windows_os);
    let affinity = |values: &str| {
        pod(&format!(
            "  containers: []\n  affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: \
             {{nodeSelectorTerms: [{{matchExpressions: [{{key: kubernetes.io/os, operator: In, values: \
             {values}}}]}}]}}}}}}\n"
        ))
    };
    assert!(affinity("[windows]").1.is_windows_only);
    assert!(!affinity("[windows, linux]").1.is_windows_only);
}

#[test]
fn what_an_alias_or_a_merge_brings_in_counts_and_stands_where_it_is_brought_in() {
    let text = include_str!("../../fixtures/manifest/aliases-and-merges.yaml");
    let document = document(text);
    let pod = &document.pods[0];
    let users: Vec<_> = pod.containers.iter().map(|container| pod.run_as_user(container)).collect();
    assert!(users.iter().all(|user| user.get() == Some(&7)));
    let spans: Vec<&str> = users.iter().map(|user| user.span.unwrap().slice(text)).collect();
    assert_eq!(spans, ["7", "*one", "*one", "[*two, {runAsUser: 5}]"]);
    let groups: Vec<_> = pod.containers.iter().map(|container| pod.run_as_group(container)).collect();
    assert_eq!(
        groups.iter().map(|group| group.get().copied()).collect::<Vec<_>>(),
        [None, None, Some(8), Some(9)]
    );
    assert_eq!(groups[3].span.unwrap().slice(text), "9");
    assert_eq!(pod.containers[2].span_of(&path!["securityContext", "runAsGroup"]), groups[2].span);
}

#[test]
fn json_is_read_like_yaml() {
    let text = include_str!("../../fixtures/manifest/pod-list.json");
    let document = document(text);
    assert_eq!(document.read_only(), None);
    assert_eq!(document.objects[0].label(), "Pod/a/b");
    let [pod] = &document.pods[..] else { panic!("one pod") };
    assert_eq!(pod.span_of(&path!["hostPID"]).unwrap().slice(text), "true");
    assert_eq!(pod.spec_key_span.slice(text), "\"spec\"");
    assert_eq!(pod.containers[0].label_span.slice(text), "\"c\"");
    assert_eq!(
        display_path(&pod.containers[0].path_to(&path!["image"])),
        "items[0].spec.containers[0].image"
    );
}

#[test]
fn a_volume_names_its_type_and_its_host_path() {
    let (_, pod) =
        pod("  containers: []\n  volumes:\n  - {name: a, hostPath: {path: /run}}\n  - name: b\n    \
                       emptyDir: {}\n  - {name: c}\n");
    let volumes: Vec<_> = pod
        .model
        .volumes
        .valid_items()
        .map(|(_, v)| (v.source_types().collect::<Vec<_>>(), v.host_path()))
        .collect();
    assert_eq!(volumes, [(vec!["hostPath"], Some("/run")), (vec!["emptyDir"], None), (vec![], None)]);
}
