//! How Kubernetes manifests write their keys, for the edits of their YAML.
//!
//! The order is the one in which the Kubernetes documentation writes the keys of a mapping. Only keys whose place is
//! settled are named: what people write now here, now there (probes, `restartPolicy`, `nodeSelector`) holds no place for
//! others.

use super::edit::{EditConventions, KeyOrder};
use super::{YamlFile, parse};

/// The conventions of manifests.
pub const MANIFEST_CONVENTIONS: EditConventions =
    EditConventions { key_order, sibling_key, empty_is_absent: &EMPTY_IS_ABSENT, read_file };

/// The keys under which the Kubernetes API reads an empty mapping as an absent one. Elsewhere it may not: `emptyDir: {}`
/// and `podSelector: {}` say something.
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

const OBJECT: KeyOrder = &["apiVersion", "kind", "metadata", "spec"];
const METADATA: KeyOrder = &["name", "generateName", "namespace", "labels", "annotations"];
const POD: KeyOrder = &[
    "serviceAccountName",
    "serviceAccount",
    "automountServiceAccountToken",
    "securityContext",
    "initContainers",
    "containers",
    "ephemeralContainers",
    "volumes",
];
const CONTAINER: KeyOrder = &[
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
/// Of a pod and of a container: who runs, what can be written, what may be gained.
const SECURITY: KeyOrder = &[
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
const RESOURCES: KeyOrder = &["limits", "requests", "claims"];
const QUANTITIES: KeyOrder = &["cpu", "memory", "ephemeral-storage"];
const PROFILE: KeyOrder = &["type", "localhostProfile"];
const VOLUME: KeyOrder = &["name"];
const MOUNT: KeyOrder = &["mountPath", "name", "subPath", "readOnly"];

/// The order of the mapping that stands at `key`, or in the list at `key`; `None` is the document itself.
fn key_order(key: Option<&str>) -> KeyOrder {
    match key {
        None | Some("items" | "template") => OBJECT,
        Some("metadata") => METADATA,
        Some("spec") => POD,
        Some("containers" | "initContainers" | "ephemeralContainers") => CONTAINER,
        Some("securityContext") => SECURITY,
        Some("resources") => RESOURCES,
        Some("limits" | "requests") => QUANTITIES,
        Some("seccompProfile" | "appArmorProfile") => PROFILE,
        Some("volumes") => VOLUME,
        Some("volumeMounts") => MOUNT,
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

fn read_file(text: &str) -> YamlFile {
    parse(text).into_yaml()
}
