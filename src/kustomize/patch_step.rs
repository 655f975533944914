//! Applies a kustomization's patches: those in files and those in place, strategic and JSON.

use std::sync::Arc;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::built_object::{BuiltObject, objects_of};
use super::folder_reading::FolderReading;
use super::inline_text::InlineText;
use super::json_patch::JsonPatch;
use super::node_loader::{WordReading, load_file, load_inline};
use super::object_selector::ObjectSelector;
use super::object_set::ObjectSet;
use super::strategic_merge::{PatchFreedom, apply_merge_patch};

/// A patch, by its form.
enum LoadedPatch {
    Json(JsonPatch),
    Merge(Vec<BuiltObject>),
}

/// Applies `patchesStrategicMerge`: each entry is a path, or the patch itself.
pub(super) fn apply_merge_patches(
    set: &mut ObjectSet,
    reading: &FolderReading<'_>,
) -> Result<(), BuildFault> {
    merge_named_patches(set, reading.file.items("patchesStrategicMerge"), reading)
}

/// Applies patches that are named or written in place.
pub(super) fn merge_named_patches(
    set: &mut ObjectSet,
    entries: &[BuiltNode],
    reading: &FolderReading<'_>,
) -> Result<(), BuildFault> {
    let patches = load_named_patches(entries, reading)?;
    if patches.is_empty() && !entries.is_empty() {
        return Err(BuildFault::new("`patchesStrategicMerge` names no patch that says anything"));
    }
    patches.iter().try_for_each(|patch| merge_into_one(set, patch, PatchFreedom::default()))
}

fn load_named_patches(
    entries: &[BuiltNode],
    reading: &FolderReading<'_>,
) -> Result<Vec<BuiltObject>, BuildFault> {
    let mut patches = Vec::new();
    for entry in entries {
        let Some(text) = entry.as_text() else { continue };
        let documents =
            match reading.inline_of(entry).filter(|_| text.contains('\n') || text.starts_with('{')) {
                Some(inline) => load_inline(&inline, WordReading::Object, PartOrigin::Patch)?,
                None => load_patch_file(reading, text, PartOrigin::Patch)?,
            };
        patches.extend(objects_of(documents)?);
    }
    Ok(patches)
}

/// Applies `patches`.
pub(super) fn apply_patches(set: &mut ObjectSet, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
    reading.file.items("patches").iter().try_for_each(|entry| apply_patch(set, entry, reading))
}

/// Applies one entry: a patch, and what it is for.
pub(super) fn apply_patch(
    set: &mut ObjectSet,
    entry: &BuiltNode,
    reading: &FolderReading<'_>,
) -> Result<(), BuildFault> {
    let target = entry.get("target").filter(|node| !node.is_null());
    let selector = target.map(ObjectSelector::from_node).transpose()?;
    let allows = |key: &str| match entry.at(&["options", key]).map(|node| &node.value) {
        Some(BuiltValue::Bool(allowed)) => *allowed,
        _ => false,
    };
    let freedom =
        PatchFreedom { renames: allows("allowNameChange"), changes_kind: allows("allowKindChange") };
    match (load_patch(entry, reading)?, selector) {
        (LoadedPatch::Json(_), None) => Err(BuildFault::new("a JSON patch has no target")),
        (LoadedPatch::Json(patch), Some(selector)) => {
            selector.positions(set).into_iter().try_for_each(|at| apply_json(&mut set.objects[at], &patch))
        }
        (LoadedPatch::Merge(patches), None) if patches.is_empty() => {
            Err(BuildFault::new("a patch is empty and has no target"))
        }
        (LoadedPatch::Merge(patches), None) => {
            patches.iter().try_for_each(|patch| merge_into_one(set, patch, freedom))
        }
        (LoadedPatch::Merge(patches), Some(selector)) => match patches.as_slice() {
            [] => Ok(()),
            [patch] => {
                let found = selector.positions(set);
                merge_into(set, &found, patch, freedom)
            }
            _ => Err(BuildFault::new("a patch with a target holds several documents")),
        },
    }
}

/// Applies `patchesJson6902`: each is a list of operations for what its target names, which may be nothing.
pub(super) fn apply_json_patches(set: &mut ObjectSet, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
    for entry in reading.file.items("patchesJson6902") {
        let target =
            entry.get("target").filter(|target| target.text_at(&["name"]).is_some_and(|it| !it.is_empty()));
        let target = target.ok_or_else(|| BuildFault::new("a patch of `patchesJson6902` names no target"))?;
        let LoadedPatch::Json(patch) = load_patch(entry, reading)? else {
            return Err(BuildFault::new("`patchesJson6902` has a patch that is no list of operations"));
        };
        for at in ObjectSelector::from_node(target)?.positions(set) {
            apply_json(&mut set.objects[at], &patch)?;
        }
    }
    Ok(())
}

fn apply_json(object: &mut BuiltObject, patch: &JsonPatch) -> Result<(), BuildFault> {
    object.keep_id();
    // Kustomize keeps notes of its own among the annotations meanwhile, so there always are some.
    let is_bare = object.root.at(&["metadata", "annotations"]).is_none();
    if let Some(metadata) = object.root.map_at("metadata").filter(|_| is_bare) {
        metadata.map_at("annotations");
    }
    patch.apply(&mut object.root)?;
    if object.kind_text().is_empty() || object.name().is_empty() {
        return Err(BuildFault::new("a JSON patch takes the kind or the name from an object"));
    }
    if let Some(metadata) = object.root.get_mut("metadata").filter(|_| is_bare)
        && metadata.get("annotations").is_some_and(|notes| notes.entries().is_empty())
    {
        metadata.remove("annotations");
    }
    Ok(())
}

fn merge_into_one(set: &mut ObjectSet, patch: &BuiltObject, freedom: PatchFreedom) -> Result<(), BuildFault> {
    let found = set.find_one(&patch.id())?;
    merge_into(set, found.as_slice(), patch, freedom)
}

fn merge_into(
    set: &mut ObjectSet,
    found: &[usize],
    patch: &BuiltObject,
    freedom: PatchFreedom,
) -> Result<(), BuildFault> {
    let mut gone = Vec::new();
    for at in found {
        if !apply_merge_patch(&mut set.objects[*at], &patch.root, freedom)? {
            gone.push(*at);
        }
    }
    let mut at = 0;
    set.objects.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
    Ok(())
}

/// The objects of a patch by their names, as an entry of `patches` or `patchesStrategicMerge` has it; none of one that is a
/// list of operations.
pub(super) fn load_merge_patches(
    entry: &BuiltNode,
    reading: &FolderReading<'_>,
) -> Result<Vec<BuiltObject>, BuildFault> {
    if entry.as_text().is_some() {
        return load_named_patches(std::slice::from_ref(entry), reading);
    }
    match load_patch(entry, reading)? {
        LoadedPatch::Merge(patches) => Ok(patches),
        LoadedPatch::Json(_) => Ok(Vec::new()),
    }
}

fn load_patch(entry: &BuiltNode, reading: &FolderReading<'_>) -> Result<LoadedPatch, BuildFault> {
    let path = entry.text_at(&["path"]).filter(|path| !path.is_empty());
    let inline = entry.get("patch").filter(|node| node.as_text().is_some_and(|text| !text.is_empty()));
    match (path, inline) {
        (Some(path), None) => {
            let resolved = reading.resolve_file(path)?;
            let (id, text) = reading.library.read_text(&resolved)?;
            let load = |reading, by| load_file(&text, id, reading, by);
            patch_of(&text, &load).map_err(|fault| fault.within(&resolved))
        }
        (None, Some(node)) => {
            let inline = reading.inline_of(node).ok_or_else(|| BuildFault::new("a patch is no text"))?;
            let load = |reading, by| load_inline(&inline, reading, by);
            patch_of(&inline.text, &load)
        }
        _ => Err(BuildFault::new("a patch has either `path` or `patch`")),
    }
}

fn patch_of(
    text: &Arc<str>,
    load: &dyn Fn(WordReading, PartOrigin) -> Result<Vec<BuiltNode>, BuildFault>,
) -> Result<LoadedPatch, BuildFault> {
    // What begins with a bracket is read as JSON, and JSON has no bare words.
    if text.starts_with('[') && serde_json::from_str::<serde_json::Value>(text).is_err() {
        return Err(BuildFault::new("a patch in brackets is not JSON"));
    }
    let first = load(WordReading::Older, PartOrigin::JsonPatch)?.into_iter().next().unwrap_or_default();
    let says_nothing = first.is_null() || matches!(&first.value, BuiltValue::List(items) if items.is_empty());
    if !text.is_empty() && (says_nothing || is_first_document_empty(text)) {
        return Err(BuildFault::new("a patch says nothing"));
    }
    if matches!(first.value, BuiltValue::List(_)) {
        return JsonPatch::from_node(first)
            .map(LoadedPatch::Json)
            .ok_or_else(|| BuildFault::new("a patch is neither an object nor a list of operations"));
    }
    let patches = objects_of(load(WordReading::Object, PartOrigin::Patch)?)?;
    if patches.is_empty() && !text.is_empty() {
        return Err(BuildFault::new("a patch says nothing"));
    }
    Ok(LoadedPatch::Merge(patches))
}

/// True where a document ends before anything is said in it: kustomize takes it for a patch of no operations.
fn is_first_document_empty(text: &str) -> bool {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.take(2).filter(|line| *line == "---").count() == 2
}

fn load_patch_file(
    reading: &FolderReading<'_>,
    path: &str,
    by: PartOrigin,
) -> Result<Vec<BuiltNode>, BuildFault> {
    let resolved = reading.resolve_file(path)?;
    let (id, text) = reading.library.read_text(&resolved)?;
    load_file(&text, id, WordReading::Object, by).map_err(|fault| fault.within(&resolved))
}

impl FolderReading<'_> {
    /// The text of a value of the kustomization, with the place of each of its bytes.
    pub(super) fn inline_of(&self, node: &BuiltNode) -> Option<InlineText> {
        let (text, part) = (node.as_text()?, node.parts.first()?);
        Some(InlineText::of_value(text, *part, self.library))
    }
}
