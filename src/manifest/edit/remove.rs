//! What goes, with its lines; a comment never does.

use super::page::Page;
use super::plan::reach;
use super::refusal::shown;
use super::{Refusal, flow, guard, insert};
use crate::manifest::Step;
use crate::manifest::tree::{Kind, NodeId};
use crate::text::{Span, Splice};

/// Removes the value at the path, and the parents that it leaves empty and that may go.
pub(super) fn remove(page: &Page, path: &[Step]) -> Result<Vec<Splice>, Refusal> {
    if path.is_empty() {
        return Err(Refusal::Layout(shown(path)));
    }
    if page.value_at(path).is_none() {
        return Ok(Vec::new());
    }
    let mut path = path;
    loop {
        let (last, parent_path) = path.split_last().ok_or(Refusal::Empty)?;
        let node = reach(page, path)?.node;
        let parent = reach(page, parent_path)?.node;
        let alone = flow::members(page, parent).len() == 1;
        if alone && goes_when_empty(page, parent_path.last(), last) {
            path = parent_path;
            continue;
        }
        let whole = page.key_of(node).map_or(page.span(node), |key| page.span(key).to(page.span(node)));
        guard::replaceable(page, whole, path)?;
        let splice = match (alone, page.is_flow(parent)) {
            (true, _) => emptied(page, parent),
            (false, true) => from_flow(page, parent, whole).map(Splice::delete),
            (false, false) => from_block(page, parent, node, whole).map(Splice::delete),
        };
        let splice = splice.ok_or_else(|| Refusal::Layout(shown(path)))?;
        return if page.has_comment(splice.span) || stands_commented(page, parent, node, whole) {
            Err(Refusal::Comment(shown(path)))
        } else {
            Ok(vec![splice])
        };
    }
}

fn goes_when_empty(page: &Page, parent: Option<&Step>, member: &Step) -> bool {
    match (parent, member) {
        (Some(Step::Key(_)), Step::Index(_)) => true,
        (Some(Step::Key(key)), Step::Key(_)) => page.conventions().empty_is_absent.contains(&key.as_str()),
        _ => false,
    }
}

/// The collection that loses its only member, as `{}` or `[]`.
fn emptied(page: &Page, collection: NodeId) -> Option<Splice> {
    let span = page.span(collection);
    let empty = if matches!(page.tree().node(collection).kind, Kind::Mapping { .. }) { "{}" } else { "[]" };
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
fn from_flow(page: &Page, parent: NodeId, whole: Span) -> Option<Span> {
    let members = flow::members(page, parent);
    let index = members.iter().position(|member| member.start == whole.start)?;
    Some(match members.get(index + 1) {
        Some(next) => Span::new(whole.start, next.start),
        None => Span::new(members.get(index.checked_sub(1)?)?.end, whole.end),
    })
}

/// The lines of an entry or item, or what stands beside a dash that stays.
fn from_block(page: &Page, parent: NodeId, node: NodeId, whole: Span) -> Option<Span> {
    let start = start(page, parent, whole)?;
    if page.begins_line(start) {
        return Some(lines(page, start, page.line_end(page.span(node).end)));
    }
    let next = flow::members(page, parent).into_iter().find(|member| member.start > whole.start)?;
    Some(Span::new(start, next.start))
}

/// Whether a comment stands right above a member of a block, on its lines, or below it and further in.
fn stands_commented(page: &Page, parent: NodeId, node: NodeId, whole: Span) -> bool {
    if page.is_flow(parent) {
        return false;
    }
    let start = start(page, parent, whole).unwrap_or(whole.start);
    let column = page.column(start);
    let first = insert::own_comments(page, page.line_start(start), column);
    let last = insert::trailing_comments(page, page.span(node).end, column, false);
    page.has_comment(Span::new(first, last))
}

/// Where a member of a block begins: an item at its dash.
fn start(page: &Page, parent: NodeId, whole: Span) -> Option<usize> {
    if matches!(page.tree().node(parent).kind, Kind::Mapping { .. }) {
        return Some(whole.start);
    }
    let before = page.text()[..whole.start].trim_end();
    before.ends_with('-').then(|| before.len() - 1)
}

/// The whole lines from `start` to `end`, with the line ending before them, so that the last line ends as it did.
fn lines(page: &Page, start: usize, end: usize) -> Span {
    let first = page.line_start(start);
    match first.checked_sub(1) {
        Some(newline) => Span::new(page.line_end(page.line_start(newline)), end),
        None => Span::new(first, page.next_line(end).unwrap_or(end)),
    }
}
