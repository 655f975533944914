//! Volumes that keep what was written before, and those that only root may read.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found, found_in_spec, pod_needs};

fn kept(path: &str, takes_fs_group: bool) -> NeedKind {
    NeedKind::KeptVolume { path: path.to_owned(), takes_fs_group }
}

fn spec(mount: &str, volume: &str) -> String {
    format!(
        "containers:\n- name: app\n  image: registry.example/app:1\n  volumeMounts:\n  - {{name: v, mountPath: {mount}}}\nvolumes:\n- name: v\n  {volume}\n"
    )
}

#[test]
fn a_volume_that_outlives_the_pod_is_found_with_what_fs_group_does_for_it() {
    for (volume, takes) in [
        ("persistentVolumeClaim: {claimName: data}", true),
        ("ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}", true),
        ("ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteMany]}}}", false),
        ("hostPath: {path: /srv/data}", false),
        ("nfs: {server: a, path: /x}", false),
        ("csi: {driver: efs.csi.aws.com}", false),
        ("awsElasticBlockStore: {volumeID: a}", true),
    ] {
        let found = found_in_spec(&spec("/data", volume), &kept("/data", takes));
        assert_eq!(found, [(NeedCertainty::Shown, vec!["deploy.yaml:13".to_owned()])], "{volume}");
    }
}

#[test]
fn what_is_empty_or_only_read_is_not_kept() {
    for volume in [
        "emptyDir: {}",
        "configMap: {name: a}",
        "secret: {secretName: a}",
        "secret: {secretName: a, defaultMode: 0444}",
        "csi: {driver: secrets-store.csi.k8s.io, readOnly: true}",
        "persistentVolumeClaim: {claimName: data, readOnly: true}",
    ] {
        for takes in [true, false] {
            assert_eq!(found_in_spec(&spec("/data", volume), &kept("/data", takes)), [], "{volume}");
        }
    }
    let read_only = spec("/data, readOnly: true", "persistentVolumeClaim: {claimName: data}");
    assert_eq!(found_in_spec(&read_only, &kept("/data", true)), []);
}

#[test]
fn files_for_their_owner_alone_need_the_group() {
    for volume in ["secret: {secretName: a, defaultMode: 0400}", "configMap: {name: a, defaultMode: 256}"] {
        assert_eq!(found_in_spec(&spec("/keys", volume), &kept("/keys", true)).len(), 1, "{volume}");
    }
}

#[test]
fn a_claim_of_a_stateful_set_and_one_that_is_shared_are_known() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n    spec:\n      containers:\n      - name: db\n        image: registry.example/db:1\n        volumeMounts:\n        - {name: data, mountPath: /d}\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce]}\n";
    let files = [("db.yaml", set)];
    assert_eq!(found(&pod_needs(&files, "StatefulSet/db"), &files, &kept("/d", true)).len(), 1);
    let many = set.replace("ReadWriteOnce", "ReadWriteMany");
    let files = [("db.yaml", many.as_str())];
    assert_eq!(found(&pod_needs(&files, "StatefulSet/db"), &files, &kept("/d", false)).len(), 1);
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop}\nspec: {accessModes: [ReadWriteOnce], storageClassName: efs-sc}\n";
    let deploy = deployment(&spec("/data", "persistentVolumeClaim: {claimName: data}"));
    let files = [("k8s/deploy.yaml", deploy.as_str()), ("k8s/claim.yaml", claim)];
    assert_eq!(found(&pod_needs(&files, "Deployment/app"), &files, &kept("/data", false)).len(), 1);
}
