//! Reads the volumes of a pod and where its containers mount them, for the start of a trial.

use std::collections::BTreeSet;

use super::pod_launch::{LaunchMount, LaunchVolume, LaunchVolumeKind};
use super::trial_error::TrialError;
use crate::rules::{ContainerView, PodView};

/// The folder in which the API's token lies.
pub(super) const TOKEN_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The name of the volume with it, which no pod can have.
pub(super) const API_TOKEN_VOLUME: &str = "(api token)";

/// The pod's volumes, each of the kind that stands in for it.
pub(super) fn read_volumes(view: PodView<'_>, differences: &mut BTreeSet<String>) -> Vec<LaunchVolume> {
    let context = view.pod.model.security_context.get();
    let group =
        context.and_then(|context| context.fs_group.get()).and_then(|group| u32::try_from(*group).ok());
    let mut volumes = Vec::new();
    for (_, volume) in view.pod.model.volumes.valid_items() {
        let Some(name) = volume.name.get() else { continue };
        let kind = match volume.source_types().next() {
            None | Some("emptyDir") => LaunchVolumeKind::EmptyDir,
            Some("persistentVolumeClaim" | "ephemeral") => LaunchVolumeKind::Claim,
            Some(kind) => {
                differences
                    .insert(format!("the volume `{name}` ({kind}) is empty here: a cluster would fill it"));
                LaunchVolumeKind::Filled
            }
        };
        volumes.push(LaunchVolume { name: name.clone(), kind, group });
    }
    volumes
}

/// Where a container mounts them. A mount that names no volume of the pod is a claim of its StatefulSet.
///
/// # Errors
/// When a path cannot be said on an engine's command line.
pub(super) fn read_mounts(
    view: ContainerView<'_>,
    volumes: &mut Vec<LaunchVolume>,
    differences: &mut BTreeSet<String>,
) -> Result<Vec<LaunchMount>, TrialError> {
    let mut mounts: Vec<LaunchMount> = Vec::new();
    for (_, mount) in view.container.model.volume_mounts.valid_items() {
        let Some((path, name)) = mount.mount_path.get().zip(mount.name.get()) else { continue };
        if !is_plain_path(path) {
            let reason = format!("the mount path `{path}` cannot be said to a container engine");
            return Err(TrialError::CannotMirror(reason));
        }
        if !volumes.iter().any(|volume| volume.name == *name) {
            let group = volumes.first().and_then(|volume| volume.group);
            volumes.push(LaunchVolume { name: name.clone(), kind: LaunchVolumeKind::Claim, group });
        }
        if mount.sub_path.get().is_some_and(|path| !path.is_empty()) {
            differences.insert(format!(
                "the part of `{name}` at {path} is a folder here, whatever it is in a cluster"
            ));
        }
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let is_read_only = mount.read_only.get() == Some(&true);
        mounts.retain(|other| other.path != path);
        mounts.push(LaunchMount { volume: name.clone(), path: path.to_owned(), is_read_only });
    }
    Ok(mounts)
}

/// True for an absolute path without the signs that part the fields of a mount.
fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && path.len() > 1
        && !path.contains([':', ',', '\0', '\n'])
        && !path.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::is_plain_path;

    #[test]
    fn a_path_is_a_path_and_nothing_more() {
        assert!(is_plain_path("/tmp") && is_plain_path("/var/cache/größe x"));
        for bad in ["", "/", "tmp", "/tmp:rw", "/a,ro", "/a/../b", "/a\nb"] {
            assert!(!is_plain_path(bad), "{bad}");
        }
    }
}
