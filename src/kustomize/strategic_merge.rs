//! Merges a patch into an object as kustomize's strategic merge does, its oddities included.

use std::collections::{BTreeSet, HashMap, HashSet};

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
    merger.drop_repeated(&mut object.root);
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
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, own) in merged.entries().iter().enumerate() {
            places.entry(own.key.clone()).or_insert(at);
        }
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for entry in patch.entries().iter().filter(|entry| entry.key != DIRECTIVE) {
            self.path.push(entry.key.clone());
            let patched = entry.written.or_else(|| entry.node.first_part());
            let BuiltValue::Map(entries) = &mut merged.value else { return Err(self.mismatch()) };
            let at = places.get(&entry.key).copied();
            let before = at.map(|at| std::mem::take(&mut entries[at].node));
            let after = self.merge(before, Some(&entry.node))?;
            self.path.pop();
            match (at, after) {
                (Some(at), Some(node)) => entries[at].node = node,
                (Some(at), None) => {
                    gone.insert(at);
                    merged.note_removal(&entry.key, patched);
                }
                (None, Some(node)) => {
                    places.insert(entry.key.clone(), entries.len());
                    entries.push(NodeEntry { key: entry.key.clone(), written: entry.written, node });
                }
                (None, None) => {}
            }
        }
        if let BuiltValue::Map(entries) = &mut merged.value {
            let mut at = 0;
            entries.retain(|_| {
                at += 1;
                !gone.contains(&(at - 1))
            });
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
        let merge = list_merge(&self.id, &self.path);
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
        // A list that is new is compared with itself only, at the end.
        let is_new = own.is_empty();
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
            None if is_new => self.merge_each(&named)?,
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

    /// The elements of a list that was not there.
    fn merge_each(&mut self, named: &[&BuiltNode]) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut items = Vec::new();
        for item in named {
            items.extend(self.merge(None, Some(item))?);
        }
        Ok(items)
    }

    /// The elements that the patch names come first, in its order. Of those that it names twice the first one counts; of
    /// those that are there twice the last one stays, as it was.
    fn merge_named(
        &mut self,
        own: Vec<BuiltNode>,
        named: &[&BuiltNode],
        key: &str,
    ) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut own: Vec<Option<BuiltNode>> = own.into_iter().map(Some).collect();
        let mut items: Vec<BuiltNode> = Vec::new();
        for (at, item) in named.iter().enumerate() {
            let is_same = |other: &BuiltNode| same_at(other, item, key);
            if named[..at].iter().any(|earlier| is_same(earlier)) {
                continue;
            }
            let mut found: Vec<BuiltNode> =
                own.iter_mut().filter_map(|other| other.take_if(|other| is_same(other))).collect();
            let is_repeated = found.len() > 1;
            let before = found.pop();
            if map_directive(item)? == PatchDirective::Replace || is_repeated {
                if map_directive(item)? == PatchDirective::Delete {
                    continue;
                }
                // Kustomize puts the element that was there over the one that should take its place.
                if let Some(mut kept) = before {
                    tie_key(&mut kept, item, key);
                    items.push(kept);
                    continue;
                }
            }
            items.extend(self.merge_element(before, item, &[key])?);
        }
        items.retain(|item| !item.is_null());
        items.extend(own.into_iter().flatten());
        Ok(items)
    }

    /// New elements come first; the others keep their order. Two with one first key are one where both have the second,
    /// too, or where both have none and no other has that first key; else the patch's is lost.
    fn merge_pairs(
        &mut self,
        own: Vec<BuiltNode>,
        named: &[&BuiltNode],
        keys @ [key, second]: [&str; 2],
    ) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut old: Vec<Option<BuiltNode>> = own.into_iter().map(Some).collect();
        let mut new: Vec<BuiltNode> = Vec::new();
        for item in named {
            let is_near = |other: &BuiltNode| same_at(other, item, key);
            let is_whole = has_both(item, keys);
            let fits = |other: &BuiltNode| is_near(other) && same_at(other, item, second);
            let near = old.iter().flatten().filter(|other| is_near(other)).count();
            let is_alone = near == 1 && named.iter().filter(|other| is_near(other)).count() == 1;
            let found: Vec<usize> = (0..old.len()).filter(|at| old[*at].as_ref().is_some_and(fits)).collect();
            match found.as_slice() {
                [at] if is_whole || is_alone => {
                    let before = old[*at].take();
                    old[*at] = self.merge_element(before, item, &keys)?;
                    continue;
                }
                [_, ..] if is_whole => continue,
                _ => {}
            }
            let is_lost = |other: &&mut BuiltNode| is_near(other) && !(is_whole && has_both(other, keys));
            let is_known = |other: &BuiltNode| fits(other) || is_near(other) && !is_whole;
            if let Some(kept) = old.iter_mut().flatten().find(is_lost) {
                tie_key(kept, item, key);
            } else if !new.iter().any(is_known) {
                new.extend(self.merge(None, Some(item))?);
            }
        }
        new.extend(old.into_iter().flatten());
        Ok(new)
    }

    /// Leaves one of the elements with one key in each list of an object, whether the patch names the list or not: the last
    /// one, of lists with one key in the place of the first.
    fn drop_repeated(&mut self, node: &mut BuiltNode) {
        match &mut node.value {
            BuiltValue::Map(entries) => {
                for entry in entries {
                    self.path.push(entry.key.clone());
                    self.drop_repeated(&mut entry.node);
                    self.path.pop();
                }
            }
            BuiltValue::List(items) => {
                match list_merge(&self.id, &self.path) {
                    ListMerge::ByKey(key) => keep_last(items, key),
                    ListMerge::ByPair(key, second) if items.iter().all(|item| item.get(second).is_none()) => {
                        keep_last(items, key);
                    }
                    ListMerge::ByPair(key, second) => keep_last_pair(items, [key, second]),
                    ListMerge::Whole | ListMerge::Union => {}
                }
                items.iter_mut().for_each(|item| self.drop_repeated(item));
            }
            _ => {}
        }
    }
}

fn has_both(item: &BuiltNode, keys: [&str; 2]) -> bool {
    keys.iter().all(|key| item.get(key).is_some())
}

/// Of elements with one key, leaves the last one in the place of the first.
fn keep_last(items: &mut Vec<BuiltNode>, key: &str) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<BuiltNode> = Vec::new();
    for item in std::mem::take(items) {
        let value = item.get(key).and_then(BuiltNode::scalar_text);
        match value.as_ref().and_then(|value| places.get(value)) {
            Some(at) => kept[*at] = item,
            None => {
                places.extend(value.map(|value| (value, kept.len())));
                kept.push(item);
            }
        }
    }
    *items = kept;
}

/// Of elements with one pair of keys, leaves the last one in its own place. One without the second key leaves none before
/// it that has its first.
fn keep_last_pair(items: &mut Vec<BuiltNode>, keys: [&str; 2]) {
    let mut known: HashSet<(String, Option<String>)> = HashSet::new();
    items.reverse();
    items.retain(|item| {
        let [first, second] = keys.map(|key| item.get(key).and_then(BuiltNode::scalar_text));
        let Some(first) = first else { return true };
        !known.contains(&(first.clone(), None)) && known.insert((first, second))
    });
    items.reverse();
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
