//! VerticalPodAutoscalers that set a workload's resources, in every layout, and not those that leave them alone.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found, pod_needs};

const PLAIN: &str = "containers:\n- name: app\n  image: registry.example/app:1\n";

const SCALER: &str = "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: app, namespace: shop}\nspec:\n  targetRef: {apiVersion: apps/v1, kind: Deployment, name: app}\n";

/// What the object shows of an autoscaler, by the place of its target's name.
fn scalers_of(files: &[(&str, &str)], object: &str) -> Vec<(NeedCertainty, Vec<String>)> {
    let refused = NeedKind::RefusedField("containers.resources".to_owned());
    found(&pod_needs(files, object), files, &refused)
}

fn likely(place: &str) -> Vec<(NeedCertainty, Vec<String>)> {
    vec![(NeedCertainty::Likely, vec![place.to_owned()])]
}

#[test]
fn an_autoscaler_is_found_in_every_layout() {
    let beside = format!("{}---\n{SCALER}", deployment(PLAIN));
    let line = beside.lines().position(|line| line.contains("targetRef")).unwrap() + 1;
    assert_eq!(scalers_of(&[("all.yaml", &beside)], "Deployment/app"), likely(&format!("all.yaml:{line}")));
    let store =
        deployment("containers:\n- name: db\n  image: postgres:16.4\n").replace("Deployment", "StatefulSet");
    let other_file =
        SCALER.replace("kind: Deployment", "kind: StatefulSet") + "  updatePolicy: {updateMode: Initial}\n";
    let files = [("db/store.yaml", store.as_str()), ("db/scaler.yaml", other_file.as_str())];
    assert_eq!(scalers_of(&files, "StatefulSet/app"), likely("db/scaler.yaml:5"));
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: batch/v1, kind: CronJob, metadata: {name: night}, spec: {jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: \"python:3.13\"}]}}}}}}\n- apiVersion: autoscaling.k8s.io/v1beta2\n  kind: VerticalPodAutoscaler\n  metadata: {name: any}\n  spec:\n    updatePolicy:\n      updateMode: \"Recreate\"\n    targetRef:\n      kind: CronJob\n      name: night\n";
    assert_eq!(scalers_of(&[("list.yaml", list)], "CronJob/night"), likely("list.yaml:13"));
}

#[test]
fn what_recommends_or_scales_something_else_is_none() {
    for scaler in [
        format!("{SCALER}  updatePolicy: {{updateMode: \"Off\"}}\n"),
        SCALER.replace("name: app}", "name: other}"),
        SCALER.replace("kind: Deployment", "kind: StatefulSet"),
        SCALER.lines().map(|line| format!("# {line}\n")).collect(),
        SCALER
            .replace("autoscaling.k8s.io/v1", "autoscaling/v2")
            .replace("VerticalPodAutoscaler", "HorizontalPodAutoscaler")
            .replace("targetRef", "scaleTargetRef"),
    ] {
        let text = format!("{}---\n{scaler}", deployment(PLAIN));
        assert_eq!(scalers_of(&[("all.yaml", &text)], "Deployment/app"), [], "{scaler}");
    }
    let (one, other) = (deployment(PLAIN), SCALER.to_owned());
    let files = [("a/deploy.yaml", one.as_str()), ("b/scaler.yaml", other.as_str())];
    assert_eq!(scalers_of(&files, "Deployment/app"), [], "of another folder");
}
