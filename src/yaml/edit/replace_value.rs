//! Puts a value in the place of a single value, a null or an empty collection, for edits.

use serde_yaml::Value;

use super::document_style::DocumentStyle;
use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use super::render_value::FlowStyle;
use super::{EditRefusal, block_insert, edit_guard, flow_insert, render_value};
use crate::text::{Span, Splice};
use crate::yaml::PathStep;
use crate::yaml::yaml_tree::{NodeId, NodeKind, ScalarForm};

/// Replaces the node, which holds nothing that must be kept. `path` leads to it.
pub(super) fn replace_value(
    page: &EditBuffer,
    node: NodeId,
    path: &[PathStep],
    to: &Value,
) -> Result<Vec<Splice>, EditRefusal> {
    let span = page.span(node);
    edit_guard::check_replaceable(page, span, path)?;
    let tree = page.tree();
    if tree.node(node).parent.is_none() {
        return Err(EditRefusal::UnsupportedLayout(path_label(path)));
    }
    let hand = DocumentStyle::measure_at(page, node);
    let key = page.kind_key(node);
    let to = hand.arrange_keys(to, key);
    let large = match &to {
        Value::Mapping(map) => !map.is_empty(),
        Value::Sequence(items) => !items.is_empty(),
        _ => false,
    };
    if page.in_flow(node) {
        return replace_text(page, span, &flow_insert::render_flow_value(page, node, &to))
            .ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)));
    }
    if large {
        return replace_with_block(page, node, &hand, &to)
            .ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)));
    }
    let text = match (&tree.node(node).kind, &to) {
        (
            NodeKind::Scalar { style: style @ (ScalarForm::SingleQuoted | ScalarForm::DoubleQuoted), .. },
            Value::String(text),
        ) => render_value::quote_text(text, *style),
        // A plain value stays plain where it can, whatever quotes its like has elsewhere.
        (NodeKind::Scalar { style: ScalarForm::Plain, .. }, Value::String(text))
            if tree.scalar_text(node) != Some("") && render_value::is_plain_text(text) =>
        {
            text.clone()
        }
        _ => FlowStyle::YAML.render_value(&hand, key, &to),
    };
    replace_text(page, span, &text).ok_or_else(|| EditRefusal::UnsupportedLayout(path_label(path)))
}

/// The text in the span's place; with a blank before it where nothing was written. None for a key without its colon.
fn replace_text(page: &EditBuffer, span: Span, text: &str) -> Option<Vec<Splice>> {
    if !span.is_empty() {
        return Some(vec![Splice::replace(span, text)]);
    }
    let before = page.text()[..span.start].chars().next_back();
    matches!(before, Some(':' | '-')).then(|| vec![Splice::insert(span.start, format!(" {text}"))])
}

/// A block in the place of a small value.
fn replace_with_block(
    page: &EditBuffer,
    node: NodeId,
    hand: &DocumentStyle,
    to: &Value,
) -> Option<Vec<Splice>> {
    let span = page.span(node);
    let Some(key) = page.key_of(node) else {
        return replace_item(page, span, hand, page.kind_key(node)?, to);
    };
    let name = page.tree().scalar_text(key)?;
    let column = page.column_at(page.span(key).start);
    let entry = render_value::render_entry(hand, name, to);
    // What fits beside its key, as `drop: ["ALL"]`, does not begin a block.
    let [_, lines @ ..] = entry.as_slice() else { return None };
    if lines.is_empty() {
        let (_, value) = entry[0].split_once(": ")?;
        return replace_text(page, span, value);
    }
    if !page.is_same_line(page.span(key).start, span.start) {
        return replace_below_key(page, span, column, &render_value::render_body(hand, name, to));
    }
    let at = block_insert::trailing_comments(page, span.end, column, false);
    let offset = comment_offset(page, span.end, at, column).filter(|_| to.is_mapping());
    let ending = page.line_ending(at);
    let text: String = match offset {
        Some(offset) => render_value::render_body(hand, name, to)
            .iter()
            .map(|line| format!("{ending}{}{line}", " ".repeat(column + offset)))
            .collect(),
        None => lines.iter().map(|line| format!("{ending}{}{line}", " ".repeat(column))).collect(),
    };
    let mut gone = Span::new(page.before_blanks(span.start), span.end);
    if page.text()[span.end..page.line_end(span.end)].trim().is_empty() {
        gone.end = page.line_end(span.end);
    }
    if gone.is_empty() {
        return Some(vec![Splice::insert(at, text)]);
    }
    if at == gone.end {
        return Some(vec![Splice::replace(gone, text)]);
    }
    Some(vec![Splice::delete(gone), Splice::insert(at, text)])
}

/// A block in the place of a value that stands on a line of its own, below its key at `column`: its lines begin where
/// the value does. A comment after the value stays on that line.
fn replace_below_key(page: &EditBuffer, span: Span, column: usize, lines: &[String]) -> Option<Vec<Splice>> {
    let own_column = page.column_at(span.start);
    let [first, rest @ ..] = lines else { return None };
    if !page.begins_line(span.start) || own_column <= column || span.is_empty() {
        return None;
    }
    let at = page.line_end(span.end);
    let ending = page.line_ending(at);
    let below: String = rest.iter().map(|line| format!("{ending}{}{line}", " ".repeat(own_column))).collect();
    if page.text()[span.end..at].trim().is_empty() {
        return Some(vec![Splice::replace(Span::new(span.start, at), format!("{first}{below}"))]);
    }
    Some(vec![Splice::replace(span, first.clone()), Splice::insert(at, below)])
}

/// The indentation from the key of the comments that are all its value so far.
fn comment_offset(page: &EditBuffer, end: usize, at: usize, column: usize) -> Option<usize> {
    if at == page.line_end(end) {
        return None;
    }
    page.comment_column(page.next_line(end)?)?.checked_sub(column)
}

/// A mapping in the place of a list's item.
fn replace_item(
    page: &EditBuffer,
    span: Span,
    hand: &DocumentStyle,
    key: &str,
    to: &Value,
) -> Option<Vec<Splice>> {
    if span.is_empty() {
        return None;
    }
    let lines = render_value::render_body(hand, key, to);
    let further = " ".repeat(page.column_at(span.start));
    replace_text(page, span, &lines.join(&format!("{}{further}", page.line_ending(span.end))))
}
