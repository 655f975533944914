//! Adds entries and items to block collections, for edits; comments stay with the lines they belong to.

use serde_yaml::Value;

use super::document_style::DocumentStyle;
use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use super::{EditRefusal, flow_insert, key_order, render_value};
use crate::text::Splice;
use crate::yaml::PathStep;
use crate::yaml::yaml_tree::NodeId;

/// Adds an entry to a mapping that has some and lacks this key. `path` leads to the mapping.
pub(super) fn insert_entry(
    page: &EditBuffer,
    mapping: NodeId,
    key: &str,
    value: &Value,
    path: &[PathStep],
) -> Result<Vec<Splice>, EditRefusal> {
    let hand = DocumentStyle::measure_at(page, mapping);
    let value = hand.arrange_keys(value, Some(key));
    let slot = entry_slot(page, mapping, key, &hand);
    if page.is_flow(mapping) {
        return flow_insert::insert_flow_entry(page, mapping, slot, key, &value, path);
    }
    let entries = page.tree().entries(mapping);
    let first = page.span(entries[0].0).start;
    // A list's item begins with its dash, which stays with the first key.
    let slot = if page.begins_line(first) { slot } else { slot.max(1) };
    let slot = if slot == entries.len() && ends_open(page, mapping) { slot - 1 } else { slot };
    let column = page.column_at(first);
    let lines =
        render_value::indent_lines(&render_value::render_entry(&hand, key, &value), &" ".repeat(column));
    if slot > 0 {
        let ends = slot == entries.len();
        return insert_below(page, entries[slot - 1].1, column, ends, &lines)
            .ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)));
    }
    if !page.begins_line(first) {
        return Err(EditRefusal::UnsupportedLayout(path_label(path)));
    }
    let at = leading_comments(page, page.line_start(first), column);
    Ok(vec![Splice::insert(at, join_lines(&lines, page.line_ending(at)))])
}

/// Adds an item at the end of a list that has some. `path` leads to the list.
pub(super) fn insert_item(
    page: &EditBuffer,
    list: NodeId,
    item: &Value,
    path: &[PathStep],
) -> Result<Vec<Splice>, EditRefusal> {
    let tree = page.tree();
    let last = *tree.items(list).last().ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))?;
    let hand = DocumentStyle::measure_at(page, list);
    let key = page.kind_key(list);
    let keys: Vec<&str> = tree.entries(last).iter().filter_map(|(key, _)| tree.scalar_text(*key)).collect();
    let item = key_order::order_like(hand.arrange_keys(item, key), &keys);
    if page.is_flow(list) {
        return flow_insert::insert_flow_item(page, list, &item, path);
    }
    let start = page.span(list).start;
    let (dash, content) = (page.column_at(start), page.span(last).start);
    let lines = render_value::render_body(&hand, key.unwrap_or_default(), &item);
    // The item before shows how far in items stand, and whether on the line of their dash.
    let further = page.column_at(content).saturating_sub(dash + 1).max(1);
    let alone = page.begins_line(content) && page.text()[..content].trim_end().ends_with('-');
    let lines = if alone {
        let below = render_value::indent_lines(&lines, &" ".repeat(further + 1));
        std::iter::once("-".to_owned()).chain(below).collect()
    } else {
        render_value::prefix_dash(&lines, &format!("-{}", " ".repeat(further)))
    };
    let lines = render_value::indent_lines(&lines, &" ".repeat(dash));
    let own_column = page.key_of(list).is_none_or(|key| page.column_at(page.span(key).start) < dash);
    insert_below(page, last, dash, own_column, &lines)
        .ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))
}

fn entry_slot(page: &EditBuffer, mapping: NodeId, key: &str, hand: &DocumentStyle) -> usize {
    let tree = page.tree();
    let keys: Vec<&str> =
        tree.entries(mapping).iter().map(|(key, _)| tree.scalar_text(*key).unwrap_or_default()).collect();
    if hand.is_sorted && keys.is_sorted() {
        return key_order::alphabetical_slot(&keys, key);
    }
    key_order::ordered_slot((page.conventions().key_order)(page.kind_key(mapping)), &keys, key)
}

/// The lines after the node, its trailing comments included. `ends` means that nothing follows the node in its block,
/// so that comments at the block's own column are the block's too. None where a line more would change the node's
/// value.
fn insert_below(
    page: &EditBuffer,
    node: NodeId,
    column: usize,
    ends: bool,
    lines: &[String],
) -> Option<Vec<Splice>> {
    if ends_open(page, node) {
        return None;
    }
    let end = page.span(node).end;
    if page.block_scalar_header(node).is_some_and(|header| header.contains('+')) {
        let at = page.text()[end..].trim_start_matches(['\r', '\n']).len();
        let at = page.line_start(page.text().len() - at);
        return Some(vec![Splice::insert(at, join_lines(lines, page.line_ending(end)))]);
    }
    let at = trailing_comments(page, end, column, ends);
    let ending = page.line_ending(at);
    let text: String = lines.iter().map(|line| format!("{ending}{line}")).collect();
    Some(vec![Splice::insert(at, text)])
}

/// True when the node ends in a block scalar that a line ending after it would lengthen.
fn ends_open(page: &EditBuffer, node: NodeId) -> bool {
    let at_end = page.line_end(page.span(page.last_descendant(node)).end) == page.text().len();
    at_end && page.block_scalar_header(node).is_some_and(|header| !header.contains('-'))
}

fn join_lines(lines: &[String], ending: &str) -> String {
    lines.iter().map(|line| format!("{line}{ending}")).collect()
}

/// The end of the last line that belongs to what ends at `end`: its own, and those of the comments below that stand
/// further in than `column`, or at it where the block `ends` there and no blank line comes between.
pub(super) fn trailing_comments(page: &EditBuffer, end: usize, column: usize, ends: bool) -> usize {
    let mut last = page.line_end(end);
    let mut apart = false;
    let mut next = page.next_line(end);
    while let Some(line) = next {
        match page.comment_column(line) {
            Some(at) if at > column || (at == column && ends && !apart) => last = page.line_end(line),
            None if page.is_blank_line(line) => apart = true,
            _ => break,
        }
        next = page.next_line(line);
    }
    last
}

/// The start of the first of the comment lines right above a line whose content stands at `column`, or of that line.
pub(super) fn leading_comments(page: &EditBuffer, mut line: usize, column: usize) -> usize {
    while line > 0 {
        let above = page.line_start(line - 1);
        match page.comment_column(above) {
            Some(at) if at <= column => line = above,
            _ => break,
        }
    }
    line
}
