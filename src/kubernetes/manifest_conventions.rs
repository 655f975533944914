//! Gives the order of keys in Kubernetes manifests to the edits of their YAML.
//!
//! The order is the one in which the Kubernetes documentation writes the keys of a mapping. Only keys with a fixed
//! place are named: what people write now here, now there (probes, `restartPolicy`, `nodeSelector`) holds no place for
//! others.

use super::parse_manifest;
use crate::yaml::YamlFile;
use crate::yaml::edit::{EditConventions, KeyOrder};

/// The conventions of manifests.
pub const MANIFEST_CONVENTIONS: EditConventions =
    EditConventions { key_order, sibling_key, empty_is_absent: &EMPTY_IS_ABSENT, read_file: read_yaml_file };

/// The keys under which the Kubernetes API reads an empty mapping as an absent one. Elsewhere it may not: `emptyDir:
/// {}` and `podSelector: {}` have a meaning.
const EMPTY_IS_ABSENT: [&str; 8] = [
    "appArmorProfile",
    "capabilities",
    "limits",
    "requests",
    "resources",
    "seccompProfile",
    "securityContext",
    "seLinuxOptions",
];

const OBJECT_KEYS: KeyOrder = &["apiVersion", "kind", "metadata", "spec"];
const METADATA_KEYS: KeyOrder = &["name", "generateName", "namespace", "labels", "annotations"];
const POD_KEYS: KeyOrder = &[
    "serviceAccountName",
    "serviceAccount",
    "automountServiceAccountToken",
    "securityContext",
    "initContainers",
    "containers",
    "ephemeralContainers",
    "volumes",
];
const CONTAINER_KEYS: KeyOrder = &[
    "name",
    "image",
    "imagePullPolicy",
    "securityContext",
    "resources",
    "command",
    "args",
    "workingDir",
    "ports",
    "envFrom",
    "env",
    "volumeMounts",
    "volumeDevices",
];
/// The keys of a pod's and a container's security context: users first, then what can be written, then privileges.
const SECURITY_KEYS: KeyOrder = &[
    "runAsNonRoot",
    "runAsUser",
    "runAsGroup",
    "fsGroup",
    "fsGroupChangePolicy",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "readOnlyRootFilesystem",
    "allowPrivilegeEscalation",
    "privileged",
    "capabilities",
    "procMount",
    "seccompProfile",
    "appArmorProfile",
    "seLinuxOptions",
    "sysctls",
    "windowsOptions",
];
const RESOURCES_KEYS: KeyOrder = &["limits", "requests", "claims"];
const QUANTITIES_KEYS: KeyOrder = &["cpu", "memory", "ephemeral-storage"];
const PROFILE_KEYS: KeyOrder = &["type", "localhostProfile"];
const VOLUME_KEYS: KeyOrder = &["name"];
const MOUNT_KEYS: KeyOrder = &["mountPath", "name", "subPath", "readOnly"];

/// The order of the mapping that stands at `key`, or in the list at `key`; `None` is the document itself.
fn key_order(key: Option<&str>) -> KeyOrder {
    match key {
        None | Some("items" | "template") => OBJECT_KEYS,
        Some("metadata") => METADATA_KEYS,
        Some("spec") => POD_KEYS,
        Some("containers" | "initContainers" | "ephemeralContainers") => CONTAINER_KEYS,
        Some("securityContext") => SECURITY_KEYS,
        Some("resources") => RESOURCES_KEYS,
        Some("limits" | "requests") => QUANTITIES_KEYS,
        Some("seccompProfile" | "appArmorProfile") => PROFILE_KEYS,
        Some("volumes") => VOLUME_KEYS,
        Some("volumeMounts") => MOUNT_KEYS,
        Some(_) => &[],
    }
}

fn sibling_key(key: &str) -> &str {
    match key {
        "drop" => "add",
        "add" => "drop",
        "cpu" => "memory",
        "memory" => "cpu",
        _ => key,
    }
}

fn read_yaml_file(text: &str) -> YamlFile {
    parse_manifest(text).into_yaml()
}
