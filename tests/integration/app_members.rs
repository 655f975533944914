//! An app is a workload with its Dockerfile and the objects that are for it alone: services, accounts with their rights,
//! policies.

use std::fmt::Write as _;
use std::fs;

use seaworthy::app::{FindingGrouping, FindingsIndex, FindingsList, ListNode};
use seaworthy::audit::AuditEngine;

use crate::support::{audit, repository, store};

/// A Deployment with a label `app` of its name, and what else its pod has.
fn deployment(name: &str, pod: &str) -> String {
    deployment_in("", name, pod)
}

fn deployment_in(namespace: &str, name: &str, pod: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{}}}\nspec:\n  template:\n    metadata: \
         {{labels: {{app: {name}, tier: back}}}}\n    spec:\n      {pod}\n      containers: [{{name: c, image: 'e/{name}:1'}}]\n---\n",
        in_namespace(namespace)
    )
}

fn in_namespace(namespace: &str) -> String {
    if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") }
}

fn object(version: &str, label: &str, namespace: &str, rest: &str) -> String {
    let (kind, name) = label.split_once('/').unwrap();
    let namespace = in_namespace(namespace);
    format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}{namespace}}}\n{rest}\n---\n")
}

fn service(name: &str, namespace: &str, labels: &str) -> String {
    object("v1", &format!("Service/{name}"), namespace, &format!("spec: {{selector: {{{labels}}}}}"))
}

fn policy(name: &str, selector: &str) -> String {
    let spec = format!("spec: {{podSelector: {selector}}}");
    object("networking.k8s.io/v1", &format!("NetworkPolicy/{name}"), "", &spec)
}

fn binding(name: &str, role: &str, subjects: &str) -> String {
    let (kind, role) = role.split_once('/').unwrap();
    let rest = format!("roleRef: {{kind: {kind}, name: {role}}}\nsubjects: [{subjects}]");
    object("rbac.authorization.k8s.io/v1", &format!("RoleBinding/{name}"), "", &rest)
}

fn role(label: &str) -> String {
    let rules = "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]";
    object("rbac.authorization.k8s.io/v1", label, "", rules)
}

fn account(name: &str) -> String {
    object("v1", &format!("ServiceAccount/{name}"), "", "")
}

/// Each object that belongs to an app, as `file Object: file Workload`.
fn members(engine: &AuditEngine) -> Vec<String> {
    let each = engine.app_members_by_file().flat_map(|(path, members)| {
        let tell = move |member: &seaworthy::project::AppMember| {
            format!("{path} {}: {} {}", member.object, member.workload.0, member.workload.1)
        };
        members.iter().map(tell).collect::<Vec<_>>()
    });
    each.collect()
}

fn members_of(files: &[(&str, &str)]) -> Vec<String> {
    members(&audit(repository(files).path()))
}

/// The objects of one file, all of whose workloads are in it, by their workloads.
fn in_one_file(text: &str) -> Vec<String> {
    members_of(&[("all.yaml", text)]).into_iter().map(|line| line.replace("all.yaml ", "")).collect()
}

#[test]
fn what_is_for_one_workload_alone_belongs_to_it() {
    let text = [
        deployment("web", "serviceAccountName: web"),
        deployment("db", ""),
        service("front", "", "app: web"),
        service("data", "", "tier: back, app: db"),
        policy("web", "{matchLabels: {app: web}}"),
        policy("db", "{matchExpressions: [{key: app, operator: In, values: [db, cache]}]}"),
        object("policy/v1", "PodDisruptionBudget/web", "", "spec: {selector: {matchLabels: {app: web}}}"),
        object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler/web",
            "",
            "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
        ),
        account("web"),
        binding("web", "Role/reader", "{kind: ServiceAccount, name: web}"),
        role("Role/reader"),
    ];
    let expected = [
        "HorizontalPodAutoscaler/web: Deployment/web",
        "NetworkPolicy/db: Deployment/db",
        "NetworkPolicy/web: Deployment/web",
        "PodDisruptionBudget/web: Deployment/web",
        "Role/reader: Deployment/web",
        "RoleBinding/web: Deployment/web",
        "Service/data: Deployment/db",
        "Service/front: Deployment/web",
        "ServiceAccount/web: Deployment/web",
    ];
    assert_eq!(in_one_file(&text.concat()), expected);
}

/// No rule reads them there: they are read for their app.
#[test]
fn scalers_and_budgets_of_a_namespace_belong_to_their_workload() {
    let text = [
        deployment_in("shop", "web", ""),
        object("policy/v1", "PodDisruptionBudget/web", "shop", "spec: {selector: {matchLabels: {app: web}}}"),
        object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler/web",
            "shop",
            "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
        ),
    ];
    let expected = ["HorizontalPodAutoscaler/web: Deployment/web", "PodDisruptionBudget/web: Deployment/web"];
    assert_eq!(in_one_file(&text.concat()), expected);
}

#[test]
fn what_is_for_several_or_for_none_stands_for_itself() {
    let text = [
        deployment("web", "serviceAccountName: shared"),
        deployment("db", "serviceAccountName: shared"),
        deployment("own", "serviceAccountName: own"),
        deployment("unnamed", ""),
        service("both", "", "tier: back"),
        service("nobody", "", "app: other"),
        service("without", "", ""),
        policy("everything", "{}"),
        policy("others", "{matchExpressions: [{key: app, operator: NotIn, values: [web, db, unnamed]}]}"),
        account("shared"),
        account("default"),
        account("unused"),
        binding("shared", "Role/reader", "{kind: ServiceAccount, name: shared}"),
        binding("mixed", "Role/mixed", "{kind: ServiceAccount, name: own}, {kind: User, name: ann}"),
        binding("two", "Role/two", "{kind: ServiceAccount, name: own}, {kind: ServiceAccount, name: shared}"),
        role("Role/reader"),
        role("Role/mixed"),
        role("Role/unbound"),
        // What `own` alone has by one binding, others have by another.
        binding("own", "ClusterRole/view", "{kind: ServiceAccount, name: own}"),
        binding("view", "ClusterRole/view", "{kind: Group, name: staff}"),
        role("ClusterRole/view"),
    ];
    assert_eq!(in_one_file(&text.concat()), ["RoleBinding/own: Deployment/own"]);
}

#[test]
fn a_namespace_parts_what_has_the_same_labels() {
    let text = [
        deployment_in("a", "web", ""),
        deployment_in("b", "web", "").replace("Deployment", "StatefulSet"),
        service("a", "a", "app: web"),
        service("b", "b", "app: web"),
        service("c", "c", "app: web"),
        // It is applied to some namespace, and which one nobody says.
        service("any", "", "app: web"),
    ];
    assert_eq!(in_one_file(&text.concat()), ["Service/a: Deployment/web", "Service/b: StatefulSet/web"]);
}

#[test]
fn what_names_no_namespace_is_given_one_with_its_folder() {
    let (named, unnamed) = (deployment_in("shop", "web", ""), deployment("web", ""));
    let (in_shop, anywhere) = (service("web", "shop", "app: web"), service("web", "", "app: web"));
    let expected = ["k8s/service.yaml Service/web: k8s/web.yaml Deployment/web"];
    for (workload, service) in [(&named, &anywhere), (&unnamed, &in_shop)] {
        assert_eq!(members_of(&[("k8s/web.yaml", workload), ("k8s/service.yaml", service)]), expected);
        assert_eq!(members_of(&[("k8s/web.yaml", workload), ("net/service.yaml", service)]), [""; 0]);
    }
}

#[test]
fn overlays_give_the_namespace() {
    let text = [deployment("web", ""), service("web", "", "app: web")].concat();
    let overlay = |name: &str| format!("namespace: {name}\nresources: [../base]\n");
    let (dev, prod) = (overlay("dev"), overlay("prod"));
    let extra = [service("prod", "prod", "app: web"), service("test", "test", "app: web")].concat();
    let files = [
        ("base/kustomization.yaml", "resources: [all.yaml]\n"),
        ("base/all.yaml", &text),
        ("dev/kustomization.yaml", &dev),
        ("prod/kustomization.yaml", &prod),
        ("extra.yaml", &extra),
    ];
    let expected = [
        "base/all.yaml Service/web: base/all.yaml Deployment/web",
        "extra.yaml Service/prod: base/all.yaml Deployment/web",
    ];
    assert_eq!(members_of(&files), expected);
}

#[test]
fn of_copies_the_nearest_is_meant() {
    let text = [deployment("web", ""), service("web", "", "app: web")].concat();
    let apart = service("web", "", "app: web");
    let files = [
        // In one cluster both are one Deployment.
        ("one/a.yaml", text.as_str()),
        ("one/b.yaml", &text),
        ("two/all.yaml", &text),
        ("two/net/service.yaml", &apart),
        ("service.yaml", &apart),
    ];
    let expected = [
        "one/a.yaml Service/web: one/a.yaml Deployment/web",
        "one/b.yaml Service/web: one/b.yaml Deployment/web",
        "two/all.yaml Service/web: two/all.yaml Deployment/web",
        "two/net/service.yaml Service/web: two/all.yaml Deployment/web",
    ];
    assert_eq!(members_of(&files), expected);
}

#[test]
fn a_charts_objects_belong_to_its_workloads_and_its_test_is_no_app() {
    let template = deployment("web", "").replace("image: 'e/web:1'", "image: '{{ .Values.image }}'");
    let test = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: try\n  labels: {app: web}\n  annotations: {helm.sh/hook: \
                test}\nspec: {containers: [{name: c, image: 'e/try:1'}]}\n";
    let service = service("web", "", "app: web").replace("spec: {", "spec: {type: {{ .Values.type }}, ");
    let files = [
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/values.yaml", "image: e/web:1\ntype: NodePort\n"),
        ("web/values-prod.yaml", "image: e/web:2\n"),
        ("web/templates/deploy.yaml", &template),
        ("web/templates/net/service.yaml", &service),
        ("web/templates/tests/try.yaml", test),
    ];
    let expected = ["web/templates/net/service.yaml Service/web: web/templates/deploy.yaml Deployment/web"];
    assert_eq!(members_of(&files), expected);
}

/// The findings under each group of the list by app.
fn groups(engine: &AuditEngine) -> Vec<(String, usize)> {
    let index = FindingsIndex::new(&store(engine));
    let mut groups = std::collections::BTreeMap::new();
    for entry in &index.entries {
        let [ListNode::Group(group), _] = FindingsList::ancestor_nodes(entry, &index, FindingGrouping::App)
        else {
            panic!("no group")
        };
        *groups.entry(format!("{group:?}")).or_default() += 1;
    }
    groups.into_iter().collect()
}

#[test]
fn a_change_of_a_label_moves_an_object_to_another_app() {
    let text = [deployment("web", ""), deployment("db", "")].concat();
    let open = |label: &str| service("open", "", label).replace("spec: {", "spec: {type: NodePort, ");
    let root = repository(&[("k8s/apps.yaml", &text), ("k8s/open.yaml", &open("app: web"))]);
    let mut engine = audit(root.path());
    let follow = |engine: &mut AuditEngine, path: &str, text: &str| {
        fs::write(root.path().join(path), text).unwrap();
        engine.refresh_paths(&[path.into()].into())
    };
    let alone = groups(&engine);
    // The service itself is as it was: what it selects has another name.
    let swapped = text.replace("app: web", "app: x").replace("app: db", "app: web");
    let update = follow(&mut engine, "k8s/apps.yaml", &swapped);
    assert!(update.members.contains_key(&"k8s/open.yaml".into()), "{:?}", update.members.keys());
    assert_eq!(members(&engine), ["k8s/open.yaml Service/open: k8s/apps.yaml Deployment/db"]);
    assert_ne!(groups(&engine), alone);
    follow(&mut engine, "k8s/apps.yaml", &text.replace("app: db", "app: web"));
    assert_eq!(members(&engine), [""; 0], "it is for both");
    follow(&mut engine, "k8s/apps.yaml", &text);
    follow(&mut engine, "k8s/open.yaml", &open("app: db"));
    assert_eq!(members(&engine), ["k8s/open.yaml Service/open: k8s/apps.yaml Deployment/db"]);
    fs::remove_file(root.path().join("k8s/apps.yaml")).unwrap();
    engine.refresh_paths(&["k8s/apps.yaml".into()].into());
    assert_eq!(members(&engine), [""; 0]);
}

/// What a kustomization says changes where pods and the objects that ask for them are, though not what their files say.
#[test]
fn whatever_a_kustomization_says_next_the_members_are_those_of_a_new_scan() {
    let apps = [deployment("web", "serviceAccountName: robot"), deployment_in("a", "db", "")].concat();
    let robot = "{kind: ServiceAccount, name: robot, namespace: a}";
    let rights = [account("robot"), binding("reads", "Role/reader", robot), role("Role/reader")].concat();
    let elsewhere = [
        service("of-a", "a", "app: web"),
        service("of-b", "b", "app: web"),
        service("of-none", "", "app: web"),
        service("db", "a", "app: db"),
        binding("all", "ClusterRole/all", robot),
        role("ClusterRole/all"),
    ];
    let root = repository(&[
        ("k8s/apps/apps.yaml", &apps),
        ("k8s/rights/rights.yaml", &rights),
        ("other/objects.yaml", &elsewhere.concat()),
    ]);
    let mut engine = audit(root.path());
    let namespaces = ["", "namespace: a\n", "namespace: b\n"];
    let named = [
        "resources: [apps.yaml]\n",
        "resources: []\n",
        "resources: [apps.yaml, ../rights/rights.yaml]\n",
        "resources: [../rights/rights.yaml]\npatches: [{path: apps.yaml}]\n",
        "resources: [../../other/objects.yaml, apps.yaml]\n",
    ];
    let texts = named.iter().flat_map(|named| namespaces.map(|namespace| format!("{namespace}{named}")));
    let texts: Vec<String> = texts.collect();
    let path = "k8s/apps/kustomization.yaml";
    // Steps that come from each text to each other sooner or later.
    let steps = (1..texts.len()).flat_map(|step| (0..texts.len()).map(move |nth| nth * step));
    for at in steps.map(|at| at % texts.len()) {
        fs::write(root.path().join(path), &texts[at]).unwrap();
        engine.refresh_paths(&[path.into()].into());
        assert_eq!(members(&engine), members(&audit(root.path())), "{}", texts[at]);
    }
    fs::remove_file(root.path().join(path)).unwrap();
    engine.refresh_paths(&[path.into()].into());
    assert_eq!(members(&engine), members(&audit(root.path())));
}

/// Half of the objects have one label alike, and each has one of its own.
#[test]
fn very_many_objects_find_their_apps_at_once() {
    let apps_of = |count: usize| {
        let mut text = String::new();
        for at in 0..count {
            let own = format!("own: o{at}");
            text += &deployment(&format!("web{at}"), "").replace("tier: back", &format!("tier: back, {own}"));
            text += &service(&format!("s{at}"), "", if at % 2 == 0 { "tier: back" } else { &own });
            write!(text, "{}", policy(&format!("p{at}"), &format!("{{matchLabels: {{tier: back, {own}}}}}")))
                .unwrap();
        }
        in_one_file(&text).len()
    };
    assert_eq!(apps_of(1_000), 1_500);
}
