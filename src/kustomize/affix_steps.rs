//! Sets names and namespaces: prefix, suffix, and the namespace that a kustomization gives.

use std::collections::HashSet;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::built_object::BuiltObject;
use super::field_spec::{FieldSpec, visit_fields};
use super::object_set::ObjectSet;

/// Kinds whose names are never prefixed.
pub(super) const FIXED_NAMES: [&str; 3] = ["CustomResourceDefinition", "APIService", "Namespace"];

/// Puts a prefix before every name, or a suffix behind it.
pub(super) fn add_affix(set: &mut ObjectSet, text: &str, parts: &[SourcePart], is_prefix: bool) {
    if text.is_empty() {
        return;
    }
    let by = if is_prefix { PartOrigin::NamePrefix } else { PartOrigin::NameSuffix };
    let parts: Vec<SourcePart> = parts.iter().map(|part| part.brought_by(by)).collect();
    for object in &mut set.objects {
        if FIXED_NAMES.contains(&object.first_id().kind.as_str()) {
            continue;
        }
        object.keep_id();
        if is_prefix {
            object.prefixes.push(text.to_owned());
        } else {
            object.suffixes.push(text.to_owned());
        }
        object.extend_name(text, &parts, is_prefix);
    }
}

/// Puts every object into one namespace.
pub(super) fn set_namespace(
    set: &mut ObjectSet,
    namespace: &str,
    parts: &[SourcePart],
    specs: &[FieldSpec],
) -> Result<(), BuildFault> {
    let parts: Vec<SourcePart> = parts.iter().map(|part| part.brought_by(PartOrigin::Namespace)).collect();
    let value = || BuiltNode::text_of(namespace.to_owned(), parts.clone());
    for object in &mut set.objects {
        object.keep_id();
        let id = object.id();
        let (kind, is_cluster_scoped) = (id.kind.as_str(), id.is_cluster_scoped());
        if kind == "Namespace" && id.group.is_empty() {
            if let Some(metadata) = object.root.map_at("metadata") {
                metadata.set("name", value());
            }
            continue;
        }
        if !is_cluster_scoped && let Some(metadata) = object.root.map_at("metadata") {
            metadata.set("namespace", value());
        }
        if matches!(kind, "RoleBinding" | "ClusterRoleBinding") {
            set_default_subjects(&mut object.root, &value, false);
        }
        if kind == "APIService"
            && let Some(service) = object.root.get_mut("spec").and_then(|spec| spec.get_mut("service"))
        {
            service.set("namespace", value());
        }
        visit_fields(specs, &id, &mut object.root, &BuiltValue::Null, &mut |node| {
            *node = value();
            Ok(())
        })?;
    }
    // What a kustomization brings together must not become one.
    let mut known = HashSet::new();
    let twice = set.objects.iter().map(BuiltObject::id).find(|id| !known.insert(id.as_key()));
    if let Some(id) = twice {
        return Err(BuildFault::new(format!("two objects become {} in one namespace", id.display())));
    }
    Ok(())
}

/// The account `default` is that of the binding's own namespace.
pub(super) fn set_default_subjects(root: &mut BuiltNode, value: &dyn Fn() -> BuiltNode, only_unset: bool) {
    let Some(BuiltValue::List(subjects)) = root.get_mut("subjects").map(|node| &mut node.value) else {
        return;
    };
    for subject in subjects {
        let is_default = subject.text_at(&["kind"]) == Some("ServiceAccount")
            && subject.text_at(&["name"]) == Some("default");
        if is_default && !(only_unset && subject.get("namespace").is_some()) {
            subject.set("namespace", value());
        }
    }
}
