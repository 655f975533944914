//! Where a key goes among others, and in which order new keys are written.

use serde_yaml::{Mapping, Value};

/// The order in which the Kubernetes documentation writes the keys of a mapping. Only keys whose place is settled are
/// named: what people write now here, now there (probes, `restartPolicy`, `nodeSelector`) holds no place for others.
type Order = &'static [&'static str];

const OBJECT: Order = &["apiVersion", "kind", "metadata", "spec"];
const METADATA: Order = &["name", "generateName", "namespace", "labels", "annotations"];
const POD: Order = &[
    "serviceAccountName",
    "serviceAccount",
    "automountServiceAccountToken",
    "securityContext",
    "initContainers",
    "containers",
    "ephemeralContainers",
    "volumes",
];
const CONTAINER: Order = &[
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
const SECURITY: Order = &[
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
const RESOURCES: Order = &["limits", "requests", "claims"];
const QUANTITIES: Order = &["cpu", "memory", "ephemeral-storage"];
const PROFILE: Order = &["type", "localhostProfile"];
const VOLUME: Order = &["name"];
const MOUNT: Order = &["mountPath", "name", "subPath", "readOnly"];

/// The order of the mapping that stands at `key`, or in the list at `key`; `None` is the document itself.
pub(super) fn of(key: Option<&str>) -> Order {
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

/// Before which of `keys` the new one goes, their number for the end. It goes where it breaks the order least; among such
/// places, right after the key that the order names last before it, else at the last.
pub(super) fn slot(order: Order, keys: &[&str], new: &str) -> usize {
    let rank = |key: &str| order.iter().position(|known| *known == key);
    let Some(own) = rank(new) else { return keys.len() };
    let ranks: Vec<Option<usize>> = keys.iter().map(|key| rank(key)).collect();
    let broken = |slot: usize| {
        let (before, after) = ranks.split_at(slot);
        before.iter().flatten().filter(|r| **r > own).count()
            + after.iter().flatten().filter(|r| **r < own).count()
    };
    let neighbour = ranks
        .iter()
        .enumerate()
        .filter_map(|(index, rank)| rank.filter(|rank| *rank < own).map(|rank| (rank, index + 1)))
        .max()
        .map(|(_, slot)| slot);
    let last = (0..=keys.len()).rev().min_by_key(|slot| broken(*slot)).unwrap_or(keys.len());
    neighbour.filter(|slot| broken(*slot) == broken(last)).unwrap_or(last)
}

/// Before which of the sorted `keys` the new one goes.
pub(super) fn alphabetical_slot(keys: &[&str], new: &str) -> usize {
    keys.iter().position(|key| *key > new).unwrap_or(keys.len())
}

/// The value with its keys in order: alphabetical throughout when `sorted`, else as the tables have it, what they do not
/// name after what they do.
pub(super) fn arranged(value: &Value, key: Option<&str>, sorted: bool) -> Value {
    match value {
        Value::Mapping(map) => {
            let mut entries: Vec<(&Value, &Value)> = map.iter().collect();
            entries.sort_by_key(|(k, _)| rank(k, of(key), sorted));
            let arrange = |(k, v): (&Value, &Value)| (k.clone(), arranged(v, k.as_str(), sorted));
            Value::Mapping(entries.into_iter().map(arrange).collect::<Mapping>())
        }
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| arranged(item, key, sorted)).collect())
        }
        other => other.clone(),
    }
}

fn rank(key: &Value, order: Order, sorted: bool) -> (usize, String) {
    let name = key.as_str().unwrap_or_default();
    if sorted {
        return (0, name.to_owned());
    }
    (order.iter().position(|known| *known == name).unwrap_or(order.len()), String::new())
}

/// The item with its keys in the order in which its neighbour in a list has them, the others after.
pub(super) fn like(item: Value, neighbour: &[&str]) -> Value {
    let Value::Mapping(map) = item else { return item };
    let mut entries: Vec<(Value, Value)> = map.into_iter().collect();
    entries.sort_by_key(|(key, _)| {
        neighbour.iter().position(|known| Some(*known) == key.as_str()).unwrap_or(neighbour.len())
    });
    Value::Mapping(entries.into_iter().collect())
}
