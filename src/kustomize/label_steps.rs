//! Adds labels and annotations, sets replicas.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::field_spec::{FieldSpec, visit_fields};
use super::field_tables::FieldTables;
use super::kustomization_file::KustomizationFile;
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
        let specs = match (is_on("includeSelectors"), is_on("includeTemplates")) {
            (true, _) => &tables.labels,
            (false, true) => &tables.template_labels,
            (false, false) => &plain,
        };
        add_pairs(set, pairs, &[specs.as_slice(), &own].concat(), PartOrigin::Labels)?;
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
            for pair in pairs.entries() {
                node.set(&pair.key, pair.node.clone());
            }
            Ok(())
        })?;
    }
    Ok(())
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
