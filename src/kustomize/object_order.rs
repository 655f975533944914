//! Brings the objects of a build into the order in which kubectl prints them.

use std::collections::HashMap;

use super::build_fault::BuildFault;
use super::built_node::BuiltNode;
use super::built_object::BuiltObject;
use super::kustomization_file::KustomizationFile;
use super::object_id::ObjectId;

/// The kinds that others need come first, and what may stop others comes last.
const FIRST_KINDS: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST_KINDS: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Sorts the objects of a root as its own kustomization says, or as kubectl does by itself.
pub(super) fn sort_objects(objects: &mut [BuiltObject], file: &KustomizationFile) -> Result<(), BuildFault> {
    let Some(options) = file.field("sortOptions") else {
        sort_by_kinds(objects, &FIRST_KINDS, &LAST_KINDS);
        return Ok(());
    };
    let lists = options.get("legacySortOptions").filter(|lists| !lists.is_null());
    match (options.text_at(&["order"]), lists) {
        (Some("fifo"), None) => {}
        (Some("fifo"), Some(_)) => {
            return Err(BuildFault::new("`sortOptions` has lists of kinds for an order that has none"));
        }
        (Some("legacy"), None) => sort_by_kinds(objects, &FIRST_KINDS, &LAST_KINDS),
        (Some("legacy"), Some(lists)) => {
            let kinds = |key: &str| {
                let items = lists.get(key).map(BuiltNode::items).unwrap_or_default();
                items.iter().filter_map(BuiltNode::as_text).collect::<Vec<_>>()
            };
            sort_by_kinds(objects, &kinds("orderFirst"), &kinds("orderLast"));
        }
        _ => return Err(BuildFault::new("`sortOptions` has an order that is neither fifo nor legacy")),
    }
    Ok(())
}

fn sort_by_kinds(objects: &mut [BuiltObject], first: &[&str], last: &[&str]) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    places.extend(first.iter().enumerate().map(|(at, kind)| (*kind, at)));
    places.extend(last.iter().enumerate().map(|(at, kind)| (*kind, first.len() + 1 + at)));
    let place = |object: &BuiltObject| places.get(object.kind()).copied().unwrap_or(first.len());
    objects.sort_by_cached_key(|object| (place(object), sort_texts(&object.id())));
}

/// What objects are ordered by: group, version and kind, then namespace and name. What is not there comes behind all
/// letters.
fn sort_texts(id: &ObjectId) -> (String, String) {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let kind = format!("{}_{}_{}", or(&id.group, "~G"), or(&id.version, "~V"), or(&id.kind, "~K"));
    (kind, format!("{}|{}", or(&id.namespace, "~X"), or(&id.name, "~N")))
}
