//! Measures how a document is written (indentation, quotes, order of keys), so that new lines look alike.

use std::collections::HashMap;

use serde_yaml::{Mapping, Value};

use super::edit_buffer::EditBuffer;
use super::{EditConventions, key_order};
use crate::yaml::yaml_tree::{CollectionLayout, NodeId, NodeKind, ScalarForm};

/// The style of the values under one key: the string, or the strings of the list.
#[derive(Clone, Copy)]
pub(super) struct StyleSample {
    pub(super) style: ScalarForm,
    pub(super) is_flow: bool,
}

/// The style at one place of a document.
pub(super) struct DocumentStyle {
    /// Columns that a mapping stands in from its key.
    pub(super) mapping_indent: usize,
    /// Columns that a dash stands in from its list's key: none, or as many as a mapping.
    pub(super) dash_indent: usize,
    /// The quotes of strings that need some.
    pub(super) quote_form: ScalarForm,
    /// True when keys stand in alphabetical order throughout.
    pub(super) is_sorted: bool,
    conventions: EditConventions,
    samples: HashMap<String, StyleSample>,
    /// The keys of the first item of each list of mappings, by the list's key.
    item_keys: HashMap<String, Vec<String>>,
}

impl DocumentStyle {
    pub(super) fn measure_at(page: &EditBuffer, node: NodeId) -> Self {
        let tree = page.tree();
        let styled = |wanted: ScalarForm| {
            tree.node_ids()
                .filter(|id| matches!(tree.node(*id).kind, NodeKind::Scalar { style, .. } if style == wanted))
                .count()
        };
        let single = styled(ScalarForm::SingleQuoted) > styled(ScalarForm::DoubleQuoted);
        Self {
            mapping_indent: nearest_measure(page, node, mapping_offset).unwrap_or(2),
            dash_indent: nearest_measure(page, node, dash_offset).unwrap_or(0),
            quote_form: if single { ScalarForm::SingleQuoted } else { ScalarForm::DoubleQuoted },
            is_sorted: is_sorted(page),
            conventions: page.conventions(),
            samples: collect_samples(page),
            item_keys: collect_item_keys(page),
        }
    }

    /// The style of the values under the key, or under its sibling.
    pub(super) fn sample_for(&self, key: &str) -> Option<StyleSample> {
        let sibling = (self.conventions.sibling_key)(key);
        self.samples.get(key).or_else(|| self.samples.get(sibling)).copied()
    }

    /// The value with its keys in order: alphabetical where all are, else as the tables have it, those of a list's items
    /// as the document writes their like.
    pub(super) fn arrange_keys(&self, value: &Value, key: Option<&str>) -> Value {
        match value {
            Value::Mapping(map) => {
                let mut entries: Vec<(&Value, &Value)> = map.iter().collect();
                let order = (self.conventions.key_order)(key);
                entries.sort_by_key(|(key, _)| match key.as_str().unwrap_or_default() {
                    name if self.is_sorted => (0, name),
                    name => (key_order::key_rank(order, name), ""),
                });
                let arrange = |(k, v): (&Value, &Value)| (k.clone(), self.arrange_keys(v, k.as_str()));
                Value::Mapping(entries.into_iter().map(arrange).collect::<Mapping>())
            }
            Value::Sequence(items) => {
                let like = key.and_then(|key| self.item_keys.get(key)).map(Vec::as_slice).unwrap_or_default();
                let items =
                    items.iter().map(|item| key_order::order_like(self.arrange_keys(item, key), like));
                Value::Sequence(items.collect())
            }
            other => other.clone(),
        }
    }
}

/// The measure of the value nearest to the node: within it, else beside it and what holds it, else the commonest. Of
/// neighbours that differ those count that are as most of the document is, else the last.
fn nearest_measure(
    page: &EditBuffer,
    node: NodeId,
    measure: fn(&EditBuffer, NodeId) -> Option<usize>,
) -> Option<usize> {
    let tree = page.tree();
    let within = |id: NodeId| {
        let found: Vec<usize> =
            tree.entries(id).iter().rev().filter_map(|(_, value)| measure(page, *value)).collect();
        let last = *found.first()?;
        let is_agreed = found.iter().all(|own| *own == last);
        let common = || commonest_measure(page, measure).filter(|common| found.contains(common));
        Some(if is_agreed { last } else { common().unwrap_or(last) })
    };
    let mut here = Some(node);
    while let Some(id) = here {
        if let Some(found) = within(id).or_else(|| measure(page, id)) {
            return Some(found);
        }
        here = tree.node(id).parent;
    }
    commonest_measure(page, measure)
}

fn commonest_measure(page: &EditBuffer, measure: fn(&EditBuffer, NodeId) -> Option<usize>) -> Option<usize> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for found in page.tree().node_ids().filter_map(|id| measure(page, id)) {
        *counts.entry(found).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(offset, count)| (*count, usize::MAX - offset)).map(|(offset, _)| offset)
}

fn mapping_offset(page: &EditBuffer, node: NodeId) -> Option<usize> {
    let block =
        matches!(page.tree().node(node).kind, NodeKind::Mapping { layout: CollectionLayout::Block, .. });
    if block { offset_from_key(page, node) } else { None }
}

fn dash_offset(page: &EditBuffer, node: NodeId) -> Option<usize> {
    let block =
        matches!(page.tree().node(node).kind, NodeKind::Sequence { layout: CollectionLayout::Block, .. });
    if block { offset_from_key(page, node) } else { None }
}

fn offset_from_key(page: &EditBuffer, node: NodeId) -> Option<usize> {
    let key = page.span(page.key_of(node)?).start;
    let start = page.span(node).start;
    let below = !page.is_same_line(key, start);
    below.then(|| page.column_at(start).checked_sub(page.column_at(key))).flatten()
}

/// True when every mapping below the document's own is in alphabetical order, and enough of them are long enough to
/// tell.
fn is_sorted(page: &EditBuffer) -> bool {
    let tree = page.tree();
    let mut telling = 0;
    for id in tree.node_ids().filter(|id| Some(*id) != tree.root()) {
        let entries = tree.entries(id);
        if !entries.is_sorted_by_key(|(key, _)| tree.scalar_text(*key)) {
            return false;
        }
        telling += usize::from(entries.len() > 2);
    }
    telling > 2
}

/// The first way each key's strings are written.
fn collect_samples(page: &EditBuffer) -> HashMap<String, StyleSample> {
    let tree = page.tree();
    let mut samples = HashMap::new();
    for (key, value) in tree.node_ids().flat_map(|id| tree.entries(id)) {
        let first = tree.items(*value).first().unwrap_or(value);
        if let (Some(key), NodeKind::Scalar { style, .. }) = (tree.scalar_text(*key), &tree.node(*first).kind)
            && let Some(text) = tree.scalar_text(*first)
            && text.parse::<f64>().is_err_and(|_| !text.is_empty())
        {
            let sample = StyleSample { style: *style, is_flow: page.is_flow(*value) };
            samples.entry(key.to_owned()).or_insert(sample);
        }
    }
    samples
}

fn collect_item_keys(page: &EditBuffer) -> HashMap<String, Vec<String>> {
    let tree = page.tree();
    let mut items = HashMap::new();
    for (key, value) in tree.node_ids().flat_map(|id| tree.entries(id)) {
        let first = tree.items(*value).first().map(|first| tree.entries(*first)).unwrap_or_default();
        if let Some(key) = tree.scalar_text(*key).filter(|_| !first.is_empty()) {
            let keys = first.iter().filter_map(|(key, _)| tree.scalar_text(*key)).map(str::to_owned);
            items.entry(key.to_owned()).or_insert_with(|| keys.collect());
        }
    }
    items
}
