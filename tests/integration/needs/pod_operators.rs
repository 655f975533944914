//! What operators refuse, tokens that volumes bring, and uids that only look agreed on.

use seaworthy::needs::NeedKind;

use super::{deployment, found, found_in_spec, pod_needs};

const PLAIN: &str = "containers:\n- name: app\n  image: registry.example/app:1\n";

fn refused(group: &str, kind: &str, field: &str) -> usize {
    let text = deployment(PLAIN).replace("apps/v1", group).replace("Deployment", kind);
    let files = [("object.yaml", text.as_str())];
    let field = NeedKind::RefusedField(field.to_owned());
    found(&pod_needs(&files, &format!("{kind}/app")), &files, &field).len()
}

#[test]
fn a_field_is_refused_by_its_own_operator_alone() {
    for (group, kind, field) in [
        ("serving.knative.dev/v1", "Service", "securityContext"),
        ("serving.knative.dev/v1", "Configuration", "securityContext"),
        ("postgresql.cnpg.io/v1", "Pooler", "automountServiceAccountToken"),
    ] {
        assert_eq!(refused(group, kind, field), 1, "{kind}: {field}");
    }
    for (group, kind, field) in [
        ("apps/v1", "Deployment", "securityContext"),
        ("argoproj.io/v1alpha1", "Rollout", "automountServiceAccountToken"),
        ("serving.knative.dev/v1", "Service", "automountServiceAccountToken"),
    ] {
        assert_eq!(refused(group, kind, field), 0, "{kind}: {field}");
    }
}

#[test]
fn a_secret_in_the_token_s_folder_is_the_token() {
    let spec = |path: &str, volume: &str| {
        format!("{PLAIN}  volumeMounts: [{{name: v, mountPath: {path}}}]\nvolumes:\n- name: v\n  {volume}\n")
    };
    let token = NeedKind::TokenVolume("v".to_owned());
    let folder = "/var/run/secrets/kubernetes.io/serviceaccount";
    for (path, volume) in [
        (folder, "secret: {secretName: robot}"),
        (&format!("{folder}/"), "secret: {secretName: robot}"),
        ("/token", "secret: {secretName: robot-token-8dk2x}"),
    ] {
        assert_eq!(found_in_spec(&spec(path, volume), &token).len(), 1, "{path}: {volume}");
    }
    for (path, volume) in [
        ("/var/run/secrets/vault", "secret: {secretName: robot}"),
        (folder, "projected: {sources: [{configMap: {name: ca}}]}"),
    ] {
        assert_eq!(found_in_spec(&spec(path, volume), &token), [], "{path}: {volume}");
    }
}

/// A shell that two pods prepare themselves with is no program of theirs.
#[test]
fn an_image_that_only_prepares_is_no_agreement_on_a_uid() {
    let waiting = |name: &str| {
        let spec = format!(
            "securityContext: {{runAsUser: 1001}}\ninitContainers:\n- {{name: wait, image: 'busybox:1.36.1'}}\ncontainers:\n- {{name: app, image: 'registry.example/{name}:1'}}\n"
        );
        deployment(&spec).replace("metadata: {name: app,", &format!("metadata: {{name: {name},"))
    };
    let (one, two) = (waiting("one"), waiting("two"));
    let agreed = |files: &[(&str, &str)]| {
        found(&pod_needs(files, "Deployment/one"), files, &NeedKind::AgreedUid(1001)).len()
    };
    assert_eq!(agreed(&[("a/one.yaml", one.as_str()), ("b/two.yaml", two.as_str())]), 0);
    let same = two.replace("registry.example/two", "registry.example/one");
    assert_eq!(agreed(&[("a/one.yaml", one.as_str()), ("b/two.yaml", same.as_str())]), 2);
}
