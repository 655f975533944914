//! Adds entries and items to collections in braces or brackets, JSON included, for edits.

use serde_yaml::Value;

use super::EditRefusal;
use super::document_style::DocumentStyle;
use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use super::render_value::{FlowLines, FlowStyle};
use crate::text::{Span, Splice};
use crate::yaml::PathStep;
use crate::yaml::yaml_tree::{NodeId, NodeKind, ScalarForm};

/// Adds an entry to a mapping that has some, before the one at index `slot`.
pub(super) fn insert_flow_entry(
    page: &EditBuffer,
    mapping: NodeId,
    slot: usize,
    key: &str,
    value: &Value,
    path: &[PathStep],
) -> Result<Vec<Splice>, EditRefusal> {
    let hand = DocumentStyle::measure_at(page, mapping);
    let members = member_spans(page, mapping);
    let indentation = page.indent_at(members[0].start);
    let text = with_flow_style(page, mapping, |flow| flow.render_pair(&hand, key, value, indentation));
    insert_member(page, mapping, slot, &text).ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))
}

/// Adds an item at the end of a list that has some.
pub(super) fn insert_flow_item(
    page: &EditBuffer,
    list: NodeId,
    item: &Value,
    path: &[PathStep],
) -> Result<Vec<Splice>, EditRefusal> {
    let hand = DocumentStyle::measure_at(page, list);
    let members = member_spans(page, list);
    let indentation = page.indent_at(members[0].start);
    let key = page.kind_key(list);
    let text = with_flow_style(page, list, |flow| flow.render_nested(&hand, key, item, indentation));
    insert_member(page, list, members.len(), &text)
        .ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))
}

/// The text of a value that takes another's place within braces or brackets.
pub(super) fn render_flow_value(page: &EditBuffer, node: NodeId, value: &Value) -> String {
    let hand = DocumentStyle::measure_at(page, node);
    let parent = page.tree().node(node).parent.unwrap_or(node);
    let indentation = page.indent_at(page.span(node).start);
    with_flow_style(page, parent, |flow| flow.render_nested(&hand, page.kind_key(node), value, indentation))
}

/// Writes in the way of the collection: with its quotes, its spaces, its lines.
fn with_flow_style(
    page: &EditBuffer,
    collection: NodeId,
    write: impl FnOnce(&FlowStyle) -> String,
) -> String {
    let tree = page.tree();
    let json = tree.root().is_some_and(|root| page.is_flow(root));
    let pair =
        tree.entries(collection).first().or_else(|| tree.node_ids().find_map(|id| tree.entries(id).first()));
    let quoted = pair.is_some_and(|(key, _)| {
        page.is_flow(tree.node(*key).parent.unwrap_or(collection))
            && matches!(tree.node(*key).kind, NodeKind::Scalar { style: ScalarForm::DoubleQuoted, .. })
    });
    let between = pair.map(|(key, value)| Span::new(page.span(*key).end, page.span(*value).start));
    let colon = between.map(|between| page.text_of(between)).filter(|_| quoted);
    let colon = colon.filter(|colon| colon.trim_matches(' ') == ":").unwrap_or(": ");
    let comma = if colon == ":" { "," } else { ", " };
    let start = page.span(collection).start;
    let lined = json && has_member_lines(page, collection);
    let unit = lined.then(|| indent_unit(page, collection, start));
    let lines = unit.as_deref().map(|unit| FlowLines { ending: page.line_ending(start), unit });
    write(&FlowStyle { is_quoted: quoted, colon, comma, lines })
}

/// The blanks by which a member stands further in than the line that its collection begins on.
fn indent_unit(page: &EditBuffer, collection: NodeId, start: usize) -> String {
    let own = page.indent_at(start);
    let member = member_spans(page, collection).first().map_or(own, |member| page.indent_at(member.start));
    member.strip_prefix(own).filter(|unit| !unit.is_empty()).unwrap_or("  ").to_owned()
}

/// True when each member begins a line.
fn has_member_lines(page: &EditBuffer, collection: NodeId) -> bool {
    member_spans(page, collection).first().is_some_and(|member| page.begins_line(member.start))
}

pub(super) fn member_spans(page: &EditBuffer, collection: NodeId) -> Vec<Span> {
    let tree = page.tree();
    let entries = tree.entries(collection).iter().map(|(key, value)| page.span(*key).to(page.span(*value)));
    entries.chain(tree.items(collection).iter().map(|item| page.span(*item))).collect()
}

/// The comma after a member, none where the collection's end comes first; comments are skipped.
pub(super) fn comma_after(page: &EditBuffer, member: Span) -> Option<usize> {
    let mut at = member.end;
    loop {
        let rest = &page.text()[at..];
        at += rest.len() - rest.trim_start().len();
        match page.text()[at..].chars().next()? {
            ',' => return Some(at),
            '#' => at = page.line_end(at),
            _ => return None,
        }
    }
}

/// Puts a member before the one at index `slot`, or at the end. None for a pair in a list without braces of its own.
fn insert_member(page: &EditBuffer, collection: NodeId, slot: usize, text: &str) -> Option<Vec<Splice>> {
    let members = member_spans(page, collection);
    let close = page.span(collection).end.checked_sub(1)?;
    if !page.text()[page.span(collection).start..].starts_with(['{', '[']) {
        return None;
    }
    let lined = has_member_lines(page, collection);
    let first = *members.first()?;
    let ending = page.line_ending(first.start);
    let indentation = page.indent_at(first.start);
    let Some(before) = slot.checked_sub(1).and_then(|index| members.get(index)) else {
        let after = if lined { format!(",{ending}{indentation}") } else { member_gap(page, &members) };
        return Some(vec![Splice::insert(first.start, format!("{text}{after}"))]);
    };
    let comma = comma_after(page, *before);
    let after = comma.map_or(before.end, |comma| comma + 1);
    let line_end = page.line_end(after);
    if lined && close > line_end && members.get(slot).is_none_or(|next| next.start > line_end) {
        let trailing = if comma.is_some() { "," } else { "" };
        let added = Splice::insert(line_end, format!("{ending}{indentation}{text}{trailing}"));
        let missing = comma.is_none().then(|| Splice::insert(before.end, ","));
        return Some(missing.into_iter().chain([added]).collect());
    }
    let gap = member_gap(page, &members);
    Some(vec![match comma {
        Some(comma) => Splice::insert(comma + 1, format!("{}{text},", &gap[1..])),
        None => Splice::insert(before.end, format!("{gap}{text}")),
    }])
}

/// The text between two members on a line: here, else elsewhere in the document.
fn member_gap(page: &EditBuffer, members: &[Span]) -> String {
    let between = |members: &[Span]| {
        let gaps = members.windows(2).map(|two| page.text_of(Span::new(two[0].end, two[1].start)));
        gaps.into_iter().find(|gap| gap.trim_matches(' ') == ",").map(|gap| gap.trim_start().to_owned())
    };
    let others = page.tree().node_ids().filter(|id| page.is_flow(*id));
    let elsewhere = || others.into_iter().find_map(|id| between(&self::member_spans(page, id)));
    between(members).or_else(elsewhere).unwrap_or_else(|| ", ".to_owned())
}
