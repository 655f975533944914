//! Platforms that decide themselves, agents of the node, uids that others rely on, and reasons that people wrote.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found, found_in_spec, pod_needs};

const PLAIN: &str = "containers:\n- name: app\n  image: registry.example/app:1\n";

fn of_deployment(text: &str, kind: &NeedKind) -> usize {
    let files = [("deploy.yaml", text)];
    found(&pod_needs(&files, "Deployment/app"), &files, kind).len()
}

#[test]
fn openshift_is_known_by_its_objects_annotations_registry_and_uids() {
    let plain = deployment(PLAIN);
    assert_eq!(of_deployment(&plain, &NeedKind::AssignedUid), 0);
    let route = "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: app}\nspec: {}\n";
    for text in [
        format!("{plain}---\n{route}"),
        plain.replace("{labels: {app: app}}", "{annotations: {openshift.io/scc: restricted-v2}}"),
        plain.replace("registry.example/app", "image-registry.openshift-image-registry.svc:5000/shop/app"),
        plain.replace(
            "spec:\n      containers",
            "spec:\n      securityContext: {runAsUser: 1000650000}\n      containers",
        ),
    ] {
        assert_eq!(of_deployment(&text, &NeedKind::AssignedUid), 1, "{text}");
    }
    let knative_route = route.replace("route.openshift.io", "serving.knative.dev");
    assert_eq!(of_deployment(&format!("{plain}---\n{knative_route}"), &NeedKind::AssignedUid), 0);
    let files = [("app/deploy.yaml", plain.as_str()), ("app/route.yaml", route)];
    let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::AssignedUid);
    assert_eq!(needs, [(NeedCertainty::Shown, vec!["app/route.yaml:2".to_owned()])]);
    let other = route.replace("name: app", "name: other");
    let files = [("app/deploy.yaml", plain.as_str()), ("app/route.yaml", other.as_str())];
    assert_eq!(found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::AssignedUid), []);
}

#[test]
fn a_kind_whose_operator_refuses_a_field_names_it() {
    let service =
        deployment(PLAIN).replace("apps/v1", "serving.knative.dev/v1").replace("Deployment", "Service");
    let files = [("service.yaml", service.as_str())];
    let refused = NeedKind::RefusedField("securityContext".to_owned());
    assert_eq!(found(&pod_needs(&files, "Service/app"), &files, &refused).len(), 1);
    assert_eq!(of_deployment(&deployment(PLAIN), &refused), 0);
}

#[test]
fn an_autoscaler_sets_the_resources_unless_it_only_recommends() {
    let scaler = "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: app, namespace: shop}\nspec:\n  targetRef: {apiVersion: apps/v1, kind: Deployment, name: app}\n  updatePolicy: {updateMode: MODE}\n";
    let refused = NeedKind::RefusedField("containers.resources".to_owned());
    for (mode, count) in [("Auto", 1), ("\"Off\"", 0)] {
        let text = format!("{}---\n{}", deployment(PLAIN), scaler.replace("MODE", mode));
        assert_eq!(of_deployment(&text, &refused), count, "{mode}");
    }
}

#[test]
fn an_agent_of_the_node_is_known_by_what_it_mounts_and_by_being_on_each() {
    let mounting = |path: &str| {
        format!(
            "{PLAIN}  volumeMounts: [{{name: v, mountPath: /v}}]\nvolumes: [{{name: v, hostPath: {{path: {path}}}}}]\n"
        )
    };
    for path in ["/proc", "/sys/fs/cgroup", "/var/lib/kubelet/plugins", "/"] {
        assert_eq!(found_in_spec(&mounting(path), &NeedKind::NodeAccess).len(), 1, "{path}");
    }
    assert_eq!(found_in_spec(&mounting("/srv/data"), &NeedKind::NodeAccess), []);
    for spec in [
        mounting("/srv/data"),
        format!("hostNetwork: true\n{PLAIN}"),
        format!("{PLAIN}  securityContext: {{privileged: true}}\n"),
    ] {
        let text = deployment(&spec).replace("kind: Deployment", "kind: DaemonSet");
        let files = [("ds.yaml", text.as_str())];
        assert_eq!(
            found(&pod_needs(&files, "DaemonSet/app"), &files, &NeedKind::NodeAccess).len(),
            1,
            "{spec}"
        );
        assert_eq!(of_deployment(&deployment(&spec), &NeedKind::NodeAccess), 0, "{spec}");
    }
}

#[test]
fn a_uid_is_agreed_with_a_mesh_a_volume_and_other_workloads() {
    let mesh = "containers:\n- name: istio-proxy\n  image: registry.example/proxy:1\n  securityContext: {runAsUser: 1337}\n";
    assert_eq!(found_in_spec(mesh, &NeedKind::AgreedUid(1337)).len(), 1);
    let given = "initContainers:\n- name: own\n  image: busybox:1.36.1\n  command: [sh, -c, \"chown -R 999:999 /data\"]\n  volumeMounts: [{name: v, mountPath: /data}]\ncontainers:\n- name: app\n  image: registry.example/app:1\n  volumeMounts: [{name: v, mountPath: /data}]\nvolumes: [{name: v, persistentVolumeClaim: {claimName: v}}]\n";
    assert!(!found_in_spec(given, &NeedKind::AgreedUid(999)).is_empty());
    let one = deployment(
        "containers:\n- name: app\n  image: registry.example/app:1\n  securityContext: {runAsUser: 1001}\n",
    );
    let same = one.replace("metadata: {name: app,", "metadata: {name: worker,").replace("app:1", "app:2");
    let other = same.replace("registry.example/app", "registry.example/other");
    for (second, count) in [(&same, 1), (&other, 0), (&same.replace("1001", "1002"), 0)] {
        let files = [("a/one.yaml", one.as_str()), ("b/two.yaml", second.as_str())];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::AgreedUid(1001));
        assert_eq!(needs.len(), count, "{second}");
    }
}

#[test]
fn a_comment_that_gives_a_reason_is_quoted() {
    let decision = NeedKind::Decision("securityContext.privileged".to_owned());
    let spec = |comment: &str| format!("{PLAIN}  securityContext:\n{comment}    privileged: true\n");
    for comment in ["    # loads eBPF programs into the kernel\n", "    # the driver writes /dev\n"] {
        let found = found_in_spec(&spec(comment), &decision);
        assert_eq!(found, [(NeedCertainty::Likely, vec!["deploy.yaml:13".to_owned()])], "{comment}");
    }
    for comment in
        ["    # runAsUser: 1000 or so\n", "    # yamllint disable-line rule:x\n", "    # why?\n\n", ""]
    {
        assert_eq!(found_in_spec(&spec(comment), &decision), [], "{comment}");
    }
    let behind = format!("{PLAIN}  securityContext:\n    privileged: true  # needs the device\n");
    assert_eq!(found_in_spec(&behind, &decision).len(), 1);
}
