//! Refuses edits that could reach further than they show, such as through an alias or a merge key.

use super::EditRefusal;
use super::edit_buffer::EditBuffer;
use super::edit_refusal::path_label;
use crate::text::Span;
use crate::yaml::PathStep;
use crate::yaml::yaml_tree::{NodeId, NodeKind, ScalarForm};

/// Refuses to pass through or edit a node whose text is not its own alone. `path` leads to it.
pub(super) fn check_editable(page: &EditBuffer, node: NodeId, path: &[PathStep]) -> Result<(), EditRefusal> {
    let tree = page.tree();
    let name = || path_label(path);
    if matches!(tree.node(node).kind, NodeKind::Alias) {
        return Err(EditRefusal::AliasValue(name()));
    }
    if tree.anchor_span(node).is_some()
        && tree.node_ids().any(|id| matches!(tree.node(id).kind, NodeKind::Alias))
    {
        return Err(EditRefusal::AnchoredValue(name()));
    }
    if tree.tag_span(node).is_some() {
        return Err(EditRefusal::TaggedValue(name()));
    }
    if tree.entries(node).iter().any(|(key, _)| is_complex_key(page, *key)) {
        return Err(EditRefusal::ComplexKey(name()));
    }
    if tree.entries(node).iter().any(|(key, _)| tree.scalar_text(*key) == Some("<<")) {
        return Err(EditRefusal::MergeKey(name()));
    }
    Ok(())
}

/// True for a key that is written with `?`, is a collection or carries an anchor or a tag.
fn is_complex_key(page: &EditBuffer, key: NodeId) -> bool {
    let tree = page.tree();
    let node = tree.node(key);
    let word = matches!(&node.kind, NodeKind::Scalar { style, .. } if !matches!(style, ScalarForm::Literal | ScalarForm::Folded));
    let start = page.before_blanks(node.span().start);
    let explicit = page.text()[..start].ends_with('?') && start < node.span().start;
    !word || explicit || tree.anchor_span(key).is_some() || tree.tag_span(key).is_some()
}

/// Refuses to replace or remove what something else needs: an anchor, a tag, a comment within `span`.
pub(super) fn check_replaceable(page: &EditBuffer, span: Span, path: &[PathStep]) -> Result<(), EditRefusal> {
    let tree = page.tree();
    if page.has_comment(span) {
        return Err(EditRefusal::AttachedComment(path_label(path)));
    }
    let inside = |at: Option<Span>| at.is_some_and(|at| span.covers(at));
    if tree.node_ids().any(|id| inside(tree.anchor_span(id))) {
        return Err(EditRefusal::AnchoredValue(path_label(path)));
    }
    if tree.node_ids().any(|id| inside(tree.tag_span(id))) {
        return Err(EditRefusal::TaggedValue(path_label(path)));
    }
    Ok(())
}
