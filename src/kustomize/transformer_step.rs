//! Applies the transformers that a kustomization configures in files of their own, as far as they are kustomize's.

use super::affix_steps::{add_affix, is_default_subject, set_subjects};
use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::field_spec::{FieldSpec, visit_fields};
use super::folder_reading::FolderReading;
use super::image_step::exchange_image;
use super::label_steps::{add_pairs, set_replica};
use super::object_set::ObjectSet;
use super::patch_step::{apply_patch, merge_named_patches};
use super::replacement_step::replace_entries;

/// Applies one.
pub(super) fn apply_transformer(
    set: &mut ObjectSet,
    config: &BuiltNode,
    reading: &FolderReading<'_>,
) -> Result<(), BuildFault> {
    let kind = config.text_at(&["kind"]).unwrap_or_default();
    if config.text_at(&["apiVersion"]) != Some("builtin") {
        return Err(BuildFault::new(format!("the transformer {kind} is a plug-in")));
    }
    let specs = FieldSpec::list_of(config);
    let items = |key: &str| config.get(key).map(BuiltNode::items).unwrap_or_default();
    match kind {
        "PatchTransformer" => apply_patch(set, config, reading),
        "PatchStrategicMergeTransformer" if config.get("patches").is_none() => {
            merge_named_patches(set, items("paths"), reading)
        }
        "ImageTagTransformer" => match config.get("imageTag") {
            Some(entry) => exchange_image(set, entry, &specs, reading.library),
            None => Ok(()),
        },
        "LabelTransformer" => add_given_pairs(set, config.get("labels"), &specs, PartOrigin::Labels),
        "AnnotationsTransformer" => {
            add_given_pairs(set, config.get("annotations"), &specs, PartOrigin::Annotations)
        }
        "ReplicaCountTransformer" => {
            config.get("replica").map_or(Ok(()), |entry| set_replica(set, entry, &specs))
        }
        "ReplacementTransformer" => replace_entries(set, items("replacements"), reading),
        "PrefixTransformer" => add_given_affix(set, config.get("prefix"), &specs, true),
        "SuffixTransformer" => add_given_affix(set, config.get("suffix"), &specs, false),
        "NamespaceTransformer" => set_given_namespace(set, config, &specs),
        _ => Err(BuildFault::new(format!("the transformer {kind} is not one that is built here"))),
    }
}

fn add_given_pairs(
    set: &mut ObjectSet,
    pairs: Option<&BuiltNode>,
    specs: &[FieldSpec],
    by: PartOrigin,
) -> Result<(), BuildFault> {
    pairs.map_or(Ok(()), |pairs| add_pairs(set, pairs, specs, by))
}

fn add_given_affix(
    set: &mut ObjectSet,
    affix: Option<&BuiltNode>,
    specs: &[FieldSpec],
    is_prefix: bool,
) -> Result<(), BuildFault> {
    let Some((affix, text)) = affix.and_then(|node| Some((node, node.as_text()?))) else { return Ok(()) };
    add_affix(set, (text, &affix.parts), specs, is_prefix)
}

fn set_given_namespace(
    set: &mut ObjectSet,
    config: &BuiltNode,
    specs: &[FieldSpec],
) -> Result<(), BuildFault> {
    let subjects = config.text_at(&["setRoleBindingSubjects"]).unwrap_or("defaultOnly");
    if !matches!(subjects, "" | "defaultOnly" | "allServiceAccounts" | "none") {
        return Err(BuildFault::new(format!(
            "`setRoleBindingSubjects: {subjects}` is none that kustomize knows"
        )));
    }
    let Some(namespace) = config.at(&["metadata", "namespace"]).filter(|node| node.as_text().is_some())
    else {
        return Ok(());
    };
    let value = namespace.clone().brought_by(PartOrigin::Namespace);
    let only_unset = matches!(config.get("unsetOnly").map(|it| &it.value), Some(BuiltValue::Bool(true)));
    let fields: Vec<FieldSpec> = specs.iter().filter(|spec| !spec.is_namespace()).cloned().collect();
    for object in &mut set.objects {
        object.keep_id();
        let id = object.id();
        let may_set = !only_unset || id.namespace.is_empty();
        if may_set
            && !id.is_cluster_scoped()
            && let Some(metadata) = object.root.map_at("metadata")
        {
            metadata.set("namespace", value.clone());
        }
        if matches!(id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding") && subjects != "none" {
            set_subjects(&mut object.root, &|| value.clone(), |subject| {
                let is_meant = match subjects {
                    "allServiceAccounts" => subject.text_at(&["kind"]) == Some("ServiceAccount"),
                    _ => is_default_subject(subject),
                };
                is_meant && !(only_unset && subject.get("namespace").is_some())
            });
        }
        visit_fields(&fields, &id, &mut object.root, &BuiltValue::Null, &mut |node| {
            if matches!(node.value, BuiltValue::Text(_) | BuiltValue::Null) && (node.is_null() || !only_unset)
            {
                *node = value.clone();
            }
            Ok(())
        })?;
    }
    Ok(())
}
