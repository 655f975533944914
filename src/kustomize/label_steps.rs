//! Adds labels and annotations, sets replicas.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::field_spec::{FieldSpec, visit_fields};
use super::field_tables::FieldTables;
use super::kustomization_file::KustomizationFile;
use super::node_loader::is_text_word;
use super::object_set::ObjectSet;

/// Adds `labels`, `commonLabels` and `commonAnnotations`.
pub(super) fn add_labels(
    set: &mut ObjectSet,
    file: &KustomizationFile,
    tables: &FieldTables,
) -> Result<(), BuildFault> {
    for label in file.items("labels") {
        let Some(pairs) = label.get("pairs") else { continue };
        let is_on = |key: &str| matches!(label.get(key).map(|it| &it.value), Some(BuiltValue::Bool(true)));
        let own: Vec<FieldSpec> = label
            .get("fields")
            .map(BuiltNode::items)
            .unwrap_or_default()
            .iter()
            .filter_map(FieldSpec::from_node)
            .collect();
        let plain = FieldSpec::table("* metadata/labels create");
        let known = match (is_on("includeSelectors"), is_on("includeTemplates")) {
            (true, _) => &tables.labels,
            (false, true) => &tables.template_labels,
            (false, false) => &plain,
        };
        let mut specs = own;
        known.iter().try_for_each(|spec| spec.clone().add_to(&mut specs))?;
        add_pairs(set, pairs, &specs, PartOrigin::Labels)?;
    }
    if let Some(pairs) = file.field("commonLabels") {
        add_pairs(set, pairs, &tables.labels, PartOrigin::Labels)?;
    }
    if let Some(pairs) = file.field("commonAnnotations") {
        add_pairs(set, pairs, &tables.annotations, PartOrigin::Annotations)?;
    }
    Ok(())
}

/// Adds labels or annotations to the fields that the specs name.
pub(super) fn add_pairs(
    set: &mut ObjectSet,
    pairs: &BuiltNode,
    specs: &[FieldSpec],
    by: PartOrigin,
) -> Result<(), BuildFault> {
    let pairs = pairs.clone().brought_by(by);
    if pairs.entries().is_empty() {
        return Ok(());
    }
    for object in &mut set.objects {
        let id = object.id();
        visit_fields(specs, &id, &mut object.root, &BuiltValue::Map(Vec::new()), &mut |node| {
            if !matches!(node.value, BuiltValue::Map(_)) {
                let is = id.display();
                return Err(BuildFault::new(format!("{is} has no mapping where a label is to be added")));
            }
            for pair in pairs.entries() {
                if node.get(&pair.key).is_none() {
                    check_added_key(&pair.key)?;
                }
                node.set(&pair.key, pair.node.clone());
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Refuses the name of a label or an annotation that kustomize writes without quotes, and reads again as no text.
pub(super) fn check_added_key(key: &str) -> Result<(), BuildFault> {
    if is_text_word(key) {
        return Ok(());
    }
    Err(BuildFault::new(format!("`{key}` is added as a key, and is no text")))
}

/// Adds the label that `buildMetadata: [managedByLabel]` asks for, as kubectl words it.
pub(super) fn add_manager_label(set: &mut ObjectSet) {
    let value = BuiltNode::text_of("kustomize-(devel)".to_owned(), Vec::new());
    for object in &mut set.objects {
        if let Some(labels) = object.root.map_at("metadata").and_then(|metadata| metadata.map_at("labels")) {
            labels.set("app.kubernetes.io/managed-by", value.clone());
        }
    }
}

/// Sets `replicas`.
pub(super) fn set_replicas(
    set: &mut ObjectSet,
    file: &KustomizationFile,
    tables: &FieldTables,
) -> Result<(), BuildFault> {
    file.items("replicas").iter().try_for_each(|entry| set_replica(set, entry, &tables.replicas))
}

/// Applies one entry of `replicas`.
pub(super) fn set_replica(
    set: &mut ObjectSet,
    entry: &BuiltNode,
    specs: &[FieldSpec],
) -> Result<(), BuildFault> {
    let name = entry.text_at(&["name"]).unwrap_or_default();
    let count = entry.get("count").cloned().unwrap_or_default().brought_by(PartOrigin::Replicas);
    // Of a part, the one that has replicas may be another of that name.
    let mut found = set.is_part;
    for at in set.positions(|id| id.name == name) {
        let object = &mut set.objects[at];
        let id = object.id();
        visit_fields(specs, &id, &mut object.root, &BuiltValue::Null, &mut |node| {
            node.clone_from(&count);
            found = true;
            Ok(())
        })?;
    }
    if found {
        return Ok(());
    }
    Err(BuildFault::new(format!("`replicas` names {name}, which nothing is called")))
}
