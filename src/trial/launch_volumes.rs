//! Reads the volumes of a pod and where its containers mount them, for the start of a trial.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::config_maps::ConfigMaps;
use super::pod_launch::{LaunchMount, LaunchVolume, LaunchVolumeKind, VolumeFile};
use super::trial_error::TrialError;
use crate::rules::{ContainerView, PodView};

/// The folder in which the API's token lies.
pub(super) const TOKEN_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The name of the volume with it, which no pod can have.
pub(super) const API_TOKEN_VOLUME: &str = "(api token)";

/// The sources whose files nobody may write. Source: Kubernetes, "Volumes": they are mounted read-only.
const READ_ONLY_SOURCES: [&str; 4] = ["configMap", "secret", "projected", "downwardAPI"];

/// The pod's volumes, each of the kind that stands in for it.
pub(super) fn read_volumes(
    view: PodView<'_>,
    configs: &ConfigMaps,
    differences: &mut BTreeSet<String>,
) -> Vec<LaunchVolume> {
    let context = view.pod.model.security_context.get();
    let group =
        context.and_then(|context| context.fs_group.get()).and_then(|group| u32::try_from(*group).ok());
    let mut volumes = Vec::new();
    for (_, volume) in view.pod.model.volumes.valid_items() {
        let Some(name) = volume.name.get() else { continue };
        let mut files = Vec::new();
        let medium = volume.source_of_type("emptyDir").and_then(|own| own.get("medium")?.as_str());
        let kind = match volume.source_types().next() {
            Some("emptyDir") if medium == Some("Memory") => LaunchVolumeKind::Memory,
            None | Some("emptyDir") => LaunchVolumeKind::EmptyDir,
            Some("persistentVolumeClaim" | "ephemeral") => {
                differences.insert(old_files_text("claim", name));
                LaunchVolumeKind::Claim
            }
            Some(kind @ ("hostPath" | "nfs")) => {
                differences.insert(old_files_text(kind, name));
                LaunchVolumeKind::Filled
            }
            Some(kind) => {
                let found = volume.source_of_type("configMap").and_then(|own| config_files(own, configs));
                if found.is_none() {
                    differences.insert(format!(
                        "the volume `{name}` ({kind}) is empty here: a cluster would fill it"
                    ));
                }
                files = found.unwrap_or_default();
                if READ_ONLY_SOURCES.contains(&kind) {
                    LaunchVolumeKind::Config
                } else {
                    LaunchVolumeKind::Filled
                }
            }
        };
        // No kubelet hands these to a group.
        let is_foreign = ["hostPath", "nfs"].iter().any(|kind| volume.source_of_type(kind).is_some());
        let group = group.filter(|_| !is_foreign);
        volumes.push(LaunchVolume { name: name.clone(), kind, group, files });
    }
    volumes
}

/// What an empty folder in the place of a volume that outlives the pod leaves open.
fn old_files_text(kind: &str, name: &str) -> String {
    format!(
        "the {kind} `{name}` was tried as an empty folder: what it already holds may belong to another user"
    )
}

/// The files of a ConfigMap's volume; none where the map, or a key that it names, is in no manifest here.
fn config_files(source: &Value, configs: &ConfigMaps) -> Option<Vec<VolumeFile>> {
    let data = configs.find(source.get("name")?.as_str()?)?;
    let mode_in = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
    let all = mode_in(source, "defaultMode").unwrap_or(0o644);
    let file = |path: &str, key: &str, mode: u64| -> Option<VolumeFile> {
        let is_inner =
            !path.is_empty() && !path.starts_with('/') && !path.split('/').any(|part| part == "..");
        let mode = u32::try_from(mode).ok()? & 0o777;
        let text = data.get(key).filter(|_| is_inner)?.clone();
        Some(VolumeFile { path: path.to_owned(), text, mode })
    };
    match source.get("items").and_then(Value::as_sequence) {
        Some(items) => items
            .iter()
            .map(|item| {
                let (key, path) = (item.get("key")?.as_str()?, item.get("path")?.as_str()?);
                file(path, key, mode_in(item, "mode").unwrap_or(all))
            })
            .collect(),
        None => data.keys().map(|key| file(key, key, all)).collect(),
    }
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
            differences.insert(old_files_text("claim", name));
            volumes.push(LaunchVolume {
                name: name.clone(),
                kind: LaunchVolumeKind::Claim,
                group,
                files: Vec::new(),
            });
        }
        if mount.sub_path.get().is_some_and(|path| !path.is_empty()) {
            differences.insert(format!(
                "the part of `{name}` at {path} is a folder here, whatever it is in a cluster"
            ));
        }
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let is_config = |own: &LaunchVolume| own.name == *name && own.kind == LaunchVolumeKind::Config;
        let is_read_only = mount.read_only.get() == Some(&true) || volumes.iter().any(is_config);
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
