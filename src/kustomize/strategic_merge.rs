//! Merges a patch into an object as kustomize's strategic merge does, its oddities included.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, NodeEntry};
use super::built_object::BuiltObject;
use super::merge_keys::{ListMerge, list_merge};
use super::object_id::ObjectId;

const DIRECTIVE: &str = "$patch";

/// What a patch says of the map or list in which `$patch` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PatchDirective {
    Merge,
    Replace,
    Delete,
}

/// The options of a patch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PatchFreedom {
    pub renames: bool,
    pub changes_kind: bool,
}

/// Applies a patch to one object. False where it deletes the object.
pub(super) fn apply_merge_patch(
    object: &mut BuiltObject,
    patch: &BuiltNode,
    freedom: PatchFreedom,
) -> Result<bool, BuildFault> {
    // Kustomize makes the object anew and keeps the old one.
    if map_directive(patch)? == PatchDirective::Replace {
        return Ok(true);
    }
    let id = object.id();
    let metadata = |key: &str| object.root.at(&["metadata", key]).cloned();
    let own = |key: &str| object.root.get(key).cloned();
    let (api, kind) = (own("apiVersion"), own("kind"));
    let (name, namespace) = (metadata("name"), metadata("namespace"));
    if freedom.renames || freedom.changes_kind {
        object.keep_id();
    }
    let mut merger = ObjectMerger { id, path: Vec::new() };
    let root = std::mem::take(&mut object.root);
    let Some(merged) = merger.merge(Some(root), Some(patch))? else { return Ok(false) };
    object.root = merged;
    if let Some(api) = api {
        object.root.set("apiVersion", api);
    }
    if let (false, Some(kind)) = (freedom.changes_kind, kind) {
        object.root.set("kind", kind);
    }
    if let Some(metadata) = object.root.map_at("metadata") {
        if let (false, Some(name)) = (freedom.renames, name) {
            metadata.set("name", name);
        }
        match namespace {
            Some(namespace) => metadata.set("namespace", namespace),
            None => drop(metadata.remove("namespace")),
        }
    }
    Ok(true)
}

struct ObjectMerger {
    id: ObjectId,
    /// The keys on the way; elements of lists are no part of it.
    path: Vec<String>,
}

impl ObjectMerger {
    /// The value that comes of two; none where nothing is left.
    fn merge(
        &mut self,
        own: Option<BuiltNode>,
        patch: Option<&BuiltNode>,
    ) -> Result<Option<BuiltNode>, BuildFault> {
        let Some(patch) = patch else { return Ok(own) };
        let own = own.filter(|own| !own.is_null());
        match (own, &patch.value) {
            (_, BuiltValue::Null) => Ok(None),
            (own @ (None | Some(BuiltNode { value: BuiltValue::Map(_), .. })), BuiltValue::Map(_)) => {
                self.merge_map(own, patch)
            }
            (own @ (None | Some(BuiltNode { value: BuiltValue::List(_), .. })), BuiltValue::List(_)) => {
                self.merge_list(own, patch)
            }
            (own, BuiltValue::List(_) | BuiltValue::Map(_)) => {
                drop(own);
                Err(self.mismatch())
            }
            (Some(BuiltNode { value: BuiltValue::List(_) | BuiltValue::Map(_), .. }), _) => {
                Err(self.mismatch())
            }
            _ => Ok(Some(patch.clone())),
        }
    }

    fn mismatch(&self) -> BuildFault {
        let path = self.path.join(".");
        BuildFault::new(format!("a patch has another type of value at `{path}` of {}", self.id.display()))
    }

    fn merge_map(
        &mut self,
        own: Option<BuiltNode>,
        patch: &BuiltNode,
    ) -> Result<Option<BuiltNode>, BuildFault> {
        let directive = map_directive(patch)?;
        if directive == PatchDirective::Delete {
            return Ok(None);
        }
        let replaced: Vec<String> = match (&own, directive) {
            (Some(own), PatchDirective::Replace) => {
                own.entries().iter().map(|entry| entry.key.clone()).collect()
            }
            _ => Vec::new(),
        };
        let own = own.filter(|_| directive == PatchDirective::Merge);
        // What is new has no directives of its own either.
        let mut merged =
            own.unwrap_or_else(|| BuiltNode::new(BuiltValue::Map(Vec::new()), patch.parts.clone()));
        for entry in patch.entries().iter().filter(|entry| entry.key != DIRECTIVE) {
            self.path.push(entry.key.clone());
            let patched = entry.written.or_else(|| entry.node.first_part());
            let BuiltValue::Map(entries) = &mut merged.value else { return Err(self.mismatch()) };
            let at = entries.iter().position(|own| own.key == entry.key);
            let before = at.map(|at| std::mem::take(&mut entries[at].node));
            let after = self.merge(before, Some(&entry.node))?;
            self.path.pop();
            match (at, after) {
                (Some(at), Some(node)) => entries[at].node = node,
                (Some(at), None) => {
                    entries.remove(at);
                    merged.note_removal(&entry.key, patched);
                }
                (None, Some(node)) => {
                    entries.push(NodeEntry { key: entry.key.clone(), written: entry.written, node });
                }
                (None, None) => {}
            }
        }
        for key in &replaced {
            if merged.get(key).is_none() {
                merged.note_removal(key, patch.get(DIRECTIVE).and_then(BuiltNode::first_part));
            }
        }
        Ok(Some(merged))
    }

    fn merge_list(
        &mut self,
        own: Option<BuiltNode>,
        patch: &BuiltNode,
    ) -> Result<Option<BuiltNode>, BuildFault> {
        let merge = list_merge(&self.id.group, &self.id.kind, &self.path);
        let (key, second) = match merge {
            ListMerge::Whole => return Ok(Some(patch.clone())),
            ListMerge::Union => return Ok(Some(unite(own, patch))),
            ListMerge::ByKey(key) => (key, None),
            ListMerge::ByPair(key, second) => (key, Some(second)),
        };
        let is_directive = |item: &BuiltNode| item.entries().len() == 1 && item.get(DIRECTIVE).is_some();
        let directive =
            patch.items().iter().find(|item| is_directive(item)).map(map_directive).transpose()?;
        if directive == Some(PatchDirective::Delete) {
            return Ok(None);
        }
        let own = own.filter(|_| directive != Some(PatchDirective::Replace));
        let named: Vec<&BuiltNode> = patch.items().iter().filter(|item| !is_directive(item)).collect();
        let parts = own.as_ref().map_or_else(|| patch.parts.clone(), |own| own.parts.clone());
        let own = match own.map(|own| own.value) {
            Some(BuiltValue::List(items)) => items,
            _ => Vec::new(),
        };
        if named.iter().any(|item| item.get(key).is_none()) {
            return Err(BuildFault::new(format!(
                "an element of `{}` in a patch has no `{key}`",
                self.path.join(".")
            )));
        }
        let has =
            |second: &&str| own.iter().chain(named.iter().copied()).any(|item| item.get(second).is_some());
        let items = match second.filter(has) {
            Some(second) => self.merge_pairs(own, &named, [key, second])?,
            None => self.merge_named(own, &named, key)?,
        };
        Ok(Some(BuiltNode::new(BuiltValue::List(items), parts)))
    }

    /// An element of both: its keys are written in both places, and it is one only while they are alike.
    fn merge_element(
        &mut self,
        own: Option<BuiltNode>,
        patch: &BuiltNode,
        keys: &[&str],
    ) -> Result<Option<BuiltNode>, BuildFault> {
        let of_own = |key: &&str| own.as_ref()?.get(key).map(|node| node.parts.clone());
        let written: Vec<_> = keys.iter().map(of_own).collect();
        let mut merged = self.merge(own, Some(patch))?;
        for (key, parts) in keys.iter().zip(written) {
            let node = merged.as_mut().and_then(|merged| merged.get_mut(key));
            if let (Some(node), Some(parts)) = (node, parts) {
                node.parts = [parts, std::mem::take(&mut node.parts)].concat();
            }
        }
        Ok(merged)
    }

    /// The elements that the patch names come first, in its order.
    fn merge_named(
        &mut self,
        own: Vec<BuiltNode>,
        named: &[&BuiltNode],
        key: &str,
    ) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut own: Vec<Option<BuiltNode>> = own.into_iter().map(Some).collect();
        let mut items: Vec<BuiltNode> = Vec::new();
        for item in named {
            let is_same = |other: &BuiltNode| same_at(other, item, key);
            if let Some(known) = items.iter_mut().find(|other| is_same(other)) {
                let before = std::mem::take(known);
                *known = self.merge_element(Some(before), item, &[key])?.unwrap_or_default();
                continue;
            }
            let found = own.iter().position(|other| other.as_ref().is_some_and(is_same));
            let mut before = found.and_then(|at| own[at].take());
            if map_directive(item)? == PatchDirective::Replace
                && let Some(kept) = &mut before
            {
                // Kustomize puts the element that was there over the one that should take its place.
                tie_key(kept, item, key);
                items.extend(before);
                continue;
            }
            items.extend(self.merge_element(before, item, &[key])?);
        }
        items.retain(|item| !item.is_null());
        items.extend(own.into_iter().flatten());
        Ok(items)
    }

    /// New elements come first; the others keep their order. Of two with one first key, of which one alone has the
    /// second, the patch's is lost.
    fn merge_pairs(
        &mut self,
        own: Vec<BuiltNode>,
        named: &[&BuiltNode],
        [key, second]: [&str; 2],
    ) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut old: Vec<Option<BuiltNode>> = own.into_iter().map(Some).collect();
        let mut new: Vec<BuiltNode> = Vec::new();
        for item in named {
            let fits = |other: &BuiltNode| same_at(other, item, key) && same_at(other, item, second);
            if let Some(at) = old.iter().position(|other| other.as_ref().is_some_and(fits)) {
                let before = old[at].take();
                old[at] = self.merge_element(before, item, &[key, second])?;
                continue;
            }
            let has_second = item.get(second).is_some();
            let is_lost = |other: &&mut BuiltNode| {
                same_at(other, item, key) && has_second != other.get(second).is_some()
            };
            match old.iter_mut().flatten().find(is_lost) {
                Some(kept) => tie_key(kept, item, key),
                None => new.extend(self.merge(None, Some(item))?),
            }
        }
        new.extend(old.into_iter().flatten());
        Ok(new)
    }
}

/// Says of an element's key that it is written in an element of the patch too: were it another there, the patch's element
/// would stand beside this one.
fn tie_key(kept: &mut BuiltNode, item: &BuiltNode, key: &str) {
    if let (Some(own), Some(other)) = (kept.get_mut(key), item.get(key)) {
        own.parts.extend_from_slice(&other.parts);
    }
}

fn same_at(a: &BuiltNode, b: &BuiltNode, key: &str) -> bool {
    let text = |node: &BuiltNode| node.get(key).and_then(BuiltNode::scalar_text);
    text(a) == text(b)
}

/// A set's texts: those of the patch first.
fn unite(own: Option<BuiltNode>, patch: &BuiltNode) -> BuiltNode {
    let mut items = patch.items().to_vec();
    let own = own.map(|own| own.items().to_vec()).unwrap_or_default();
    for item in own {
        if !items.iter().any(|known| known.equals(&item)) {
            items.push(item);
        }
    }
    BuiltNode::new(BuiltValue::List(items), patch.parts.clone())
}

fn map_directive(node: &BuiltNode) -> Result<PatchDirective, BuildFault> {
    match node.get(DIRECTIVE).and_then(BuiltNode::scalar_text).as_deref() {
        None | Some("merge") => Ok(PatchDirective::Merge),
        Some("replace") => Ok(PatchDirective::Replace),
        Some("delete") => Ok(PatchDirective::Delete),
        Some(other) => Err(BuildFault::new(format!("a patch says `$patch: {other}`, which is no directive"))),
    }
}
