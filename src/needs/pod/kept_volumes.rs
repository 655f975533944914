//! Finds the volumes that keep what an earlier run wrote, or that only root may read, for fixes that change the uid.
//!
//! Sources: Kubernetes, "Configure a Security Context" (`fsGroup`), "Persistent Volumes", "Volumes" (hostPath and NFS keep
//! the owner they have), CSI's `fsGroupPolicy` (by default only for a volume of one node with a file system).

use std::collections::HashMap;

use serde_yaml::Value;

use super::container_facts::{ContainerCase, ContainerMount};
use super::{PodPlace, PodSurroundings};
use crate::kubernetes::model::Volume;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::yaml::path;

/// Types whose owner the kubelet gives to the `fsGroup`.
const GROUP_TYPES: [&str; 12] = [
    "persistentVolumeClaim",
    "ephemeral",
    "awsElasticBlockStore",
    "gcePersistentDisk",
    "azureDisk",
    "cinder",
    "iscsi",
    "fc",
    "rbd",
    "vsphereVolume",
    "portworxVolume",
    "scaleIO",
];
/// Types that keep the owner that they have on the node or on a server.
const FOREIGN_TYPES: [&str; 8] =
    ["hostPath", "nfs", "cephfs", "glusterfs", "azureFile", "csi", "flexVolume", "quobyte"];
/// Drivers that fill a volume for the pod alone, and let nobody write it.
const DELIVERY_DRIVERS: [&str; 5] = [
    "secrets-store.csi.k8s.io",
    "csi.cert-manager.io",
    "csi.spiffe.io",
    "spiffe.csi.cert-manager.io",
    "inline.storage.kubernetes.io",
];
/// Parts of names of storage classes whose servers know no `fsGroup`.
const SHARED_CLASSES: [&str; 7] = ["nfs", "efs", "azurefile", "azure-file", "cephfs", "smb", "glusterfs"];

pub(super) fn find_kept_volumes(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    around: &PodSurroundings,
    needs: &mut Vec<ProgramNeed>,
) {
    for mount in case.mounts() {
        let kept = find_volume(place, around, mount.volume)
            .and_then(|volume| kept_volume(volume, around))
            .or_else(|| claim_template(place, mount.volume));
        let Some(kept) = kept else { continue };
        if mount.is_read_only && !kept.is_secret {
            continue;
        }
        needs.push(kept.into_need(place, mount));
    }
}

/// A volume that keeps its files' owner.
struct KeptVolume {
    /// In a sentence: `the claim data`.
    name: String,
    takes_fs_group: bool,
    is_secret: bool,
}

impl KeptVolume {
    fn into_need(self, place: PodPlace<'_>, mount: ContainerMount<'_>) -> ProgramNeed {
        let (name, path) = (&self.name, mount.path);
        let reason = match (self.is_secret, self.takes_fs_group) {
            (true, _) => format!("{name} at `{path}` may be read by root alone"),
            (false, true) => format!("{name} at `{path}` keeps the owner of what was written before"),
            (false, false) => {
                format!(
                    "{name} at `{path}` keeps the owner of what was written before, whatever fsGroup says"
                )
            }
        };
        ProgramNeed {
            kind: NeedKind::KeptVolume { path: path.to_owned(), takes_fs_group: self.takes_fs_group },
            certainty: NeedCertainty::Shown,
            reason: reason.into(),
            evidence: vec![place.evidence_at(format!("{name} is mounted at `{path}`"), mount.span)],
        }
    }
}

/// The pod's volume of that name.
pub(super) fn find_volume<'a>(
    place: PodPlace<'a>,
    around: &PodSurroundings,
    name: &str,
) -> Option<&'a Volume> {
    let at = *around.volumes_by_name.get(name)?;
    place.pod.model.volumes.get()?.get(at)?.get()
}

/// The first volume of each name, by its index: a pod may have very many, and be asked for each.
#[must_use]
pub fn index_volumes(place: PodPlace<'_>) -> HashMap<String, usize> {
    let mut volumes = HashMap::new();
    for (at, volume) in place.pod.model.volumes.valid_items() {
        if let Some(name) = volume.name.get() {
            volumes.entry(name.clone()).or_insert(at);
        }
    }
    volumes
}

fn kept_volume(volume: &Volume, around: &PodSurroundings) -> Option<KeptVolume> {
    let name = volume.name.get()?;
    if let Some(mode) = private_mode(volume) {
        let name = format!("the volume `{name}` of mode {mode:04o}");
        return Some(KeptVolume { name, takes_fs_group: true, is_secret: true });
    }
    let kind =
        volume.source_types().find(|kind| GROUP_TYPES.contains(kind) || FOREIGN_TYPES.contains(kind))?;
    let source = volume.source_of_type(kind)?;
    let text = |key: &str| source.get(key).and_then(Value::as_str);
    if source.get("readOnly") == Some(&Value::Bool(true)) {
        return None;
    }
    let named = |name: String, takes_fs_group| Some(KeptVolume { name, takes_fs_group, is_secret: false });
    match kind {
        "persistentVolumeClaim" => {
            let claim = text("claimName").unwrap_or(name);
            let shared = around.shared_claims.iter().any(|shared| shared == claim);
            named(format!("the claim `{claim}`"), !shared)
        }
        "ephemeral" => {
            let spec = source.get("volumeClaimTemplate").and_then(|template| template.get("spec"));
            named(format!("the claim of the volume `{name}`"), !spec.is_some_and(is_shared_claim))
        }
        "hostPath" => named(format!("the node's `{}`", text("path").unwrap_or_default()), false),
        "nfs" => named(format!("the NFS share `{}`", text("path").unwrap_or_default()), false),
        "csi" if text("driver").is_some_and(|driver| DELIVERY_DRIVERS.contains(&driver)) => None,
        _ => named(format!("the {kind} volume `{name}`"), GROUP_TYPES.contains(&kind)),
    }
}

/// The claim that a StatefulSet makes for the volume of that name.
fn claim_template(place: PodPlace<'_>, name: &str) -> Option<KeptVolume> {
    let tree = &place.document.tree;
    let spec = tree.get_resolved(place.object().root, "spec")?;
    let templates = tree.get_resolved(spec, "volumeClaimTemplates")?;
    let template =
        tree.items(templates).iter().copied().map(|item| tree.resolve_alias(item)).find(|item| {
            let named =
                tree.node_at(*item, &path!["metadata", "name"]).and_then(|node| tree.scalar_text(node));
            named == Some(name)
        })?;
    let claim: Value = place.document.deserialize_node(template);
    let takes_fs_group = !claim.get("spec").is_some_and(is_shared_claim);
    Some(KeptVolume {
        name: format!("the claim `{name}` of the StatefulSet"),
        takes_fs_group,
        is_secret: false,
    })
}

/// True for the spec of a claim that several nodes may write, or that a server without `fsGroup` serves.
pub fn is_shared_claim(spec: &Value) -> bool {
    let modes = spec.get("accessModes").and_then(Value::as_sequence);
    let many = modes.is_some_and(|modes| modes.iter().any(|mode| mode.as_str() == Some("ReadWriteMany")));
    let class = spec.get("storageClassName").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    many || SHARED_CLASSES.iter().any(|part| class.contains(part))
}

/// The mode of a volume's files, where it leaves them to their owner.
fn private_mode(volume: &Volume) -> Option<i64> {
    let source =
        ["secret", "projected", "configMap"].into_iter().find_map(|kind| volume.source_of_type(kind))?;
    let mode = source.get("defaultMode")?.as_i64()?;
    (mode & 0o044 == 0).then_some(mode)
}
