//! A value in the place of a single value, a null or an empty collection.

use serde_yaml::Value;

use super::page::Page;
use super::refusal::shown;
use super::render::{self, Flow};
use super::style::Hand;
use super::{Refusal, flow, guard, insert};
use crate::manifest::Step;
use crate::manifest::tree::{Kind, NodeId, Style};
use crate::text::{Span, Splice};

/// Replaces the node, which holds nothing that must be kept. `path` leads to it.
pub(super) fn put(page: &Page, node: NodeId, path: &[Step], to: &Value) -> Result<Vec<Splice>, Refusal> {
    let span = page.span(node);
    guard::replaceable(page, span, path)?;
    let tree = page.tree();
    if tree.node(node).parent.is_none() {
        return Err(Refusal::Layout(shown(path)));
    }
    let hand = Hand::at(page, node);
    let key = page.kind_key(node);
    let to = hand.arranged(to, key);
    let large = match &to {
        Value::Mapping(map) => !map.is_empty(),
        Value::Sequence(items) => !items.is_empty(),
        _ => false,
    };
    if page.in_flow(node) {
        return written(page, span, &flow::value(page, node, &to))
            .ok_or_else(|| Refusal::Layout(shown(path)));
    }
    if large {
        return block(page, node, &hand, &to).ok_or_else(|| Refusal::Layout(shown(path)));
    }
    let text = match (&tree.node(node).kind, &to) {
        (
            Kind::Scalar { style: style @ (Style::SingleQuoted | Style::DoubleQuoted), .. },
            Value::String(text),
        ) => render::quoted(text, *style),
        // A plain value stays plain where it can, whatever quotes its like has elsewhere.
        (Kind::Scalar { style: Style::Plain, .. }, Value::String(text))
            if tree.scalar(node) != Some("") && render::is_plain(text) =>
        {
            text.clone()
        }
        _ => Flow::YAML.value(&hand, key, &to),
    };
    written(page, span, &text).ok_or_else(|| Refusal::Layout(shown(path)))
}

/// The text in the span's place; with a blank before it where nothing was written. None for a key without its colon.
fn written(page: &Page, span: Span, text: &str) -> Option<Vec<Splice>> {
    if !span.is_empty() {
        return Some(vec![Splice::replace(span, text)]);
    }
    let before = page.text()[..span.start].chars().next_back();
    matches!(before, Some(':' | '-')).then(|| vec![Splice::insert(span.start, format!(" {text}"))])
}

/// A block in the place of a small value.
fn block(page: &Page, node: NodeId, hand: &Hand, to: &Value) -> Option<Vec<Splice>> {
    let span = page.span(node);
    let Some(key) = page.key_of(node) else {
        return item(page, span, hand, page.kind_key(node)?, to);
    };
    let name = page.tree().scalar(key)?;
    let column = page.column(page.span(key).start);
    let entry = render::entry(hand, name, to);
    // What fits beside its key, as `drop: ["ALL"]`, does not begin a block.
    let [_, lines @ ..] = entry.as_slice() else { return None };
    if lines.is_empty() {
        let (_, value) = entry[0].split_once(": ")?;
        return written(page, span, value);
    }
    if !page.same_line(page.span(key).start, span.start) {
        return None;
    }
    let at = insert::trailing_comments(page, span.end, column, false);
    let offset = comment_offset(page, span.end, at, column).filter(|_| to.is_mapping());
    let ending = page.line_ending(at);
    let text: String = match offset {
        Some(offset) => render::body(hand, name, to)
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

/// How far in from the key the comments stand that are all its value so far.
fn comment_offset(page: &Page, end: usize, at: usize, column: usize) -> Option<usize> {
    if at == page.line_end(end) {
        return None;
    }
    page.comment_line(page.next_line(end)?)?.checked_sub(column)
}

/// A mapping in the place of a list's item.
fn item(page: &Page, span: Span, hand: &Hand, key: &str, to: &Value) -> Option<Vec<Splice>> {
    if span.is_empty() {
        return None;
    }
    let lines = render::body(hand, key, to);
    let further = " ".repeat(page.column(span.start));
    written(page, span, &lines.join(&format!("{}{further}", page.line_ending(span.end))))
}
