//! Where an edit could reach further than it shows.

use super::Refusal;
use super::page::Page;
use super::refusal::shown;
use crate::manifest::Step;
use crate::manifest::tree::{Kind, NodeId, Style};
use crate::text::Span;

/// Refuses to pass through or edit a node whose text is not its own alone. `path` leads to it.
pub(super) fn passable(page: &Page, node: NodeId, path: &[Step]) -> Result<(), Refusal> {
    let tree = page.tree();
    let name = || shown(path);
    if matches!(tree.node(node).kind, Kind::Alias) {
        return Err(Refusal::Alias(name()));
    }
    if tree.anchor(node).is_some() && tree.ids().any(|id| matches!(tree.node(id).kind, Kind::Alias)) {
        return Err(Refusal::Anchored(name()));
    }
    if tree.tag(node).is_some() {
        return Err(Refusal::Tag(name()));
    }
    if tree.entries(node).iter().any(|(key, _)| is_complex(page, *key)) {
        return Err(Refusal::ComplexKey(name()));
    }
    if tree.entries(node).iter().any(|(key, _)| tree.scalar(*key) == Some("<<")) {
        return Err(Refusal::Merge(name()));
    }
    Ok(())
}

/// Whether a key is written with `?`, is a collection or carries an anchor or a tag.
fn is_complex(page: &Page, key: NodeId) -> bool {
    let tree = page.tree();
    let node = tree.node(key);
    let word =
        matches!(&node.kind, Kind::Scalar { style, .. } if !matches!(style, Style::Literal | Style::Folded));
    let start = page.before_blanks(node.span().start);
    let explicit = page.text()[..start].ends_with('?') && start < node.span().start;
    !word || explicit || tree.anchor(key).is_some() || tree.tag(key).is_some()
}

/// Refuses to replace or remove what something else needs: an anchor, a tag, a comment within `span`.
pub(super) fn replaceable(page: &Page, span: Span, path: &[Step]) -> Result<(), Refusal> {
    let tree = page.tree();
    if page.has_comment(span) {
        return Err(Refusal::Comment(shown(path)));
    }
    let inside = |at: Option<Span>| at.is_some_and(|at| span.covers(at));
    if tree.ids().any(|id| inside(tree.anchor(id))) {
        return Err(Refusal::Anchored(shown(path)));
    }
    if tree.ids().any(|id| inside(tree.tag(id))) {
        return Err(Refusal::Tag(shown(path)));
    }
    Ok(())
}
