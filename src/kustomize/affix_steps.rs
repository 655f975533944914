//! Sets names and namespaces: prefix, suffix, and the namespace that a kustomization gives.

use std::collections::HashSet;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::built_object::BuiltObject;
use super::field_spec::{FieldSpec, visit_fields};
use super::object_set::ObjectSet;

/// Kinds whose names are never prefixed.
const FIXED_NAMES: [&str; 3] = ["CustomResourceDefinition", "APIService", "Namespace"];

/// Puts a prefix before the fields that the specs name, or a suffix behind them: by itself before every name.
pub(super) fn add_affix(
    set: &mut ObjectSet,
    (text, parts): (&str, &[SourcePart]),
    specs: &[FieldSpec],
    is_prefix: bool,
) -> Result<(), BuildFault> {
    let by = if is_prefix { PartOrigin::NamePrefix } else { PartOrigin::NameSuffix };
    let parts: Vec<SourcePart> = parts.iter().map(|part| part.brought_by(by)).collect();
    for object in &mut set.objects {
        let id = object.first_id();
        if FIXED_NAMES.contains(&id.kind.as_str()) || text.is_empty() {
            continue;
        }
        for spec in specs.iter().filter(|spec| spec.applies_to(&id)) {
            if spec.is_name() {
                object.keep_id();
                let affixes = if is_prefix { &mut object.prefixes } else { &mut object.suffixes };
                affixes.push(text.to_owned());
            }
            spec.visit(&mut object.root, BuiltValue::Null, &mut |node| {
                let own = node.scalar_text().unwrap_or_default();
                *node = if is_prefix {
                    BuiltNode::text_of(format!("{text}{own}"), [&*parts, &node.parts].concat())
                } else {
                    BuiltNode::text_of(format!("{own}{text}"), [&*node.parts, &parts].concat())
                };
                Ok(())
            })?;
        }
    }
    Ok(())
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
            set_subjects(&mut object.root, &value, is_default_subject);
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

/// The subject called `default` is that of the binding's own namespace.
pub(super) fn is_default_subject(subject: &BuiltNode) -> bool {
    subject.text_at(&["name"]) == Some("default")
}

/// Sets the namespace of those subjects of a binding that are meant.
pub(super) fn set_subjects(
    root: &mut BuiltNode,
    value: &dyn Fn() -> BuiltNode,
    is_meant: impl Fn(&BuiltNode) -> bool,
) {
    let Some(BuiltValue::List(subjects)) = root.get_mut("subjects").map(|node| &mut node.value) else {
        return;
    };
    subjects
        .iter_mut()
        .filter(|subject| is_meant(subject))
        .for_each(|subject| subject.set("namespace", value()));
}
