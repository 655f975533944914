//! Removes entries and items with their lines, for edits; a comment is never removed.

use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use super::edit_steps::look_up_path;
use super::{EditRefusal, block_insert, edit_guard, flow_insert};
use crate::text::{Span, Splice};
use crate::yaml::PathStep;
use crate::yaml::yaml_tree::{NodeId, NodeKind};

/// Removes the value at the path, and the parents that it leaves empty and that may go.
pub(super) fn remove_value(page: &EditBuffer, path: &[PathStep]) -> Result<Vec<Splice>, EditRefusal> {
    if path.is_empty() {
        return Err(EditRefusal::UnsupportedLayout(path_label(path)));
    }
    if page.value_at(path).is_none() {
        return Ok(Vec::new());
    }
    let mut path = path;
    loop {
        let (last, parent_path) = path.split_last().ok_or(EditRefusal::EmptyDocument)?;
        let node = look_up_path(page, path)?.node;
        let parent = look_up_path(page, parent_path)?.node;
        let alone = flow_insert::member_spans(page, parent).len() == 1;
        if alone && goes_when_empty(page, parent_path.last(), last) {
            path = parent_path;
            continue;
        }
        let whole = page.key_of(node).map_or(page.span(node), |key| page.span(key).to(page.span(node)));
        edit_guard::check_replaceable(page, whole, path)?;
        let splice = match (alone, page.is_flow(parent)) {
            (true, _) => empty_collection(page, parent),
            (false, true) => flow_removal(page, parent, whole).map(Splice::delete),
            (false, false) => block_removal(page, parent, node, whole).map(Splice::delete),
        };
        let splice = splice.ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))?;
        return if page.has_comment(splice.span) || has_attached_comment(page, parent, node, whole) {
            Err(EditRefusal::AttachedComment(path_label(path)))
        } else {
            Ok(vec![splice])
        };
    }
}

fn goes_when_empty(page: &EditBuffer, parent: Option<&PathStep>, member: &PathStep) -> bool {
    match (parent, member) {
        (Some(PathStep::Key(_)), PathStep::Index(_)) => true,
        (Some(PathStep::Key(key)), PathStep::Key(_)) => {
            page.conventions().empty_is_absent.contains(&key.as_str())
        }
        _ => false,
    }
}

/// The collection that loses its only member, as `{}` or `[]`.
fn empty_collection(page: &EditBuffer, collection: NodeId) -> Option<Splice> {
    let span = page.span(collection);
    let empty =
        if matches!(page.tree().node(collection).kind, NodeKind::Mapping { .. }) { "{}" } else { "[]" };
    match page.key_of(collection) {
        Some(key) if !page.is_flow(collection) => {
            let after = page.span(key).end;
            let colon = after + page.text()[after..].find(':')?;
            Some(Splice::replace(Span::new(colon + 1, span.end), format!(" {empty}")))
        }
        _ => Some(Splice::replace(span, empty)),
    }
}

/// A member with the comma that parts it from its neighbour.
fn flow_removal(page: &EditBuffer, parent: NodeId, whole: Span) -> Option<Span> {
    let members = flow_insert::member_spans(page, parent);
    let index = members.iter().position(|member| member.start == whole.start)?;
    Some(match members.get(index + 1) {
        Some(next) => Span::new(whole.start, next.start),
        None => Span::new(members.get(index.checked_sub(1)?)?.end, whole.end),
    })
}

/// The lines of an entry or item, or what stands beside a dash that stays.
fn block_removal(page: &EditBuffer, parent: NodeId, node: NodeId, whole: Span) -> Option<Span> {
    let start = member_start(page, parent, whole)?;
    if page.begins_line(start) {
        return Some(line_range(page, start, page.line_end(page.span(node).end)));
    }
    let next =
        flow_insert::member_spans(page, parent).into_iter().find(|member| member.start > whole.start)?;
    Some(Span::new(start, next.start))
}

/// True when a comment stands right above a member of a block, on its lines, or below it and further in.
fn has_attached_comment(page: &EditBuffer, parent: NodeId, node: NodeId, whole: Span) -> bool {
    if page.is_flow(parent) {
        return false;
    }
    let start = member_start(page, parent, whole).unwrap_or(whole.start);
    let column = page.column_at(start);
    let first = block_insert::leading_comments(page, page.line_start(start), column);
    let last = block_insert::trailing_comments(page, page.span(node).end, column, false);
    page.has_comment(Span::new(first, last))
}

/// The start of a member of a block: an item's is its dash.
fn member_start(page: &EditBuffer, parent: NodeId, whole: Span) -> Option<usize> {
    if matches!(page.tree().node(parent).kind, NodeKind::Mapping { .. }) {
        return Some(whole.start);
    }
    let before = page.text()[..whole.start].trim_end();
    before.ends_with('-').then(|| before.len() - 1)
}

/// The whole lines from `start` to `end`, with the line ending before them, so that the last line ends as it did.
fn line_range(page: &EditBuffer, start: usize, end: usize) -> Span {
    let first = page.line_start(start);
    match first.checked_sub(1) {
        Some(newline) => Span::new(page.line_end(page.line_start(newline)), end),
        None => Span::new(first, page.next_line(end).unwrap_or(end)),
    }
}
