//! Holds the text and tree of the document that is edited, and answers how its lines lie, for edits.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_yaml::Value;

use super::{EditConventions, EditRefusal};
use crate::text::{Span, Splice, apply_splices};
use crate::yaml::load_tree::load_single_document;
use crate::yaml::yaml_tree::{CollectionLayout, NodeId, NodeKind, ScalarForm, YamlTree};
use crate::yaml::{PathStep, ScalarTyping, value_of};

const BLANKS: [char; 2] = [' ', '\t'];

/// One document's text and tree. Spans count from the start of that text.
pub(super) struct EditBuffer {
    text: Arc<str>,
    tree: YamlTree,
    value: OnceCell<Value>,
    conventions: EditConventions,
}

impl EditBuffer {
    /// The buffer of one document, read by one parser alone: the result is verified in the end.
    pub(super) fn from_text(
        conventions: EditConventions,
        text: impl Into<Arc<str>>,
    ) -> Result<Self, EditRefusal> {
        let text = text.into();
        let tree = load_single_document(&text).ok_or(EditRefusal::ProofFailed("it can no longer be read"))?;
        Ok(Self { text, tree, value: OnceCell::new(), conventions })
    }

    /// Makes the splices and reads the text again.
    pub(super) fn apply_splices(&mut self, splices: &[Splice]) -> Result<(), EditRefusal> {
        let text =
            apply_splices(&self.text, splices).map_err(|_| EditRefusal::ProofFailed("its edits overlap"))?;
        *self = Self::from_text(self.conventions, text)?;
        Ok(())
    }

    pub(super) const fn conventions(&self) -> EditConventions {
        self.conventions
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn tree(&self) -> &YamlTree {
        &self.tree
    }

    pub(super) fn value(&self) -> &Value {
        self.value.get_or_init(|| {
            let root = self.tree.root().and_then(|root| value_of(&self.tree, root, ScalarTyping::CoreSchema));
            root.unwrap_or_default()
        })
    }

    /// The same of one node as kubectl reads it, for whom a plain `y` is no text; none where it holds too much.
    pub(super) fn kubectl_value_of(&self, node: NodeId) -> Option<Value> {
        value_of(&self.tree, node, ScalarTyping::GoYaml)
    }

    pub(super) fn span(&self, node: NodeId) -> Span {
        self.tree().span(node)
    }

    pub(super) fn text_of(&self, span: Span) -> &str {
        span.slice(&self.text)
    }

    /// The value at the end of a path; absent where the path leads nowhere.
    pub(super) fn value_at(&self, path: &[PathStep]) -> Option<&Value> {
        path.iter().try_fold(self.value(), |value, step| match step {
            PathStep::Key(key) => value.as_mapping()?.get(key.as_str()),
            PathStep::Index(index) => value.as_sequence()?.get(*index),
        })
    }

    pub(super) fn is_flow(&self, node: NodeId) -> bool {
        matches!(
            self.tree().node(node).kind,
            NodeKind::Mapping { layout: CollectionLayout::Flow, .. }
                | NodeKind::Sequence { layout: CollectionLayout::Flow, .. }
        )
    }

    /// True when the node stands in braces or brackets.
    pub(super) fn in_flow(&self, node: NodeId) -> bool {
        self.tree().node(node).parent.is_some_and(|parent| self.is_flow(parent))
    }

    /// The key whose value the node is.
    pub(super) fn key_of(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.tree().node(node).parent?;
        self.tree().entries(parent).iter().find(|(_, value)| *value == node).map(|(key, _)| *key)
    }

    /// The key that names the node's kind: its own, or for a list's item the list's.
    pub(super) fn kind_key(&self, mut node: NodeId) -> Option<&str> {
        loop {
            if let Some(key) = self.key_of(node) {
                return self.tree().scalar_text(key);
            }
            node = self.tree().node(node).parent?;
        }
    }

    pub(super) fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// The end of the line's content: before its line ending.
    pub(super) fn line_end(&self, offset: usize) -> usize {
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        if end > offset && self.text[..end].ends_with('\r') { end - 1 } else { end }
    }

    /// The start of the next line; none after the last.
    pub(super) fn next_line(&self, offset: usize) -> Option<usize> {
        self.text[offset..].find('\n').map(|at| offset + at + 1)
    }

    /// The column of the byte, in columns of block indentation, which are bytes: only blanks and dashes precede.
    pub(super) fn column_at(&self, offset: usize) -> usize {
        offset - self.line_start(offset)
    }

    /// True when only blanks stand before the byte on its line.
    pub(super) fn begins_line(&self, offset: usize) -> bool {
        self.text[self.line_start(offset)..offset].trim_matches(BLANKS).is_empty()
    }

    /// The blanks that the line of the byte begins with.
    pub(super) fn indent_at(&self, offset: usize) -> &str {
        let line = &self.text[self.line_start(offset)..];
        &line[..line.len() - line.trim_start_matches(BLANKS).len()]
    }

    /// The offset without the blanks before it on its line.
    pub(super) fn before_blanks(&self, offset: usize) -> usize {
        self.text[..offset].trim_end_matches(BLANKS).len()
    }

    pub(super) fn is_same_line(&self, a: usize, b: usize) -> bool {
        self.line_start(a) == self.line_start(b)
    }

    /// The line ending that is used at the byte, else in the document, else `\n`.
    pub(super) fn line_ending(&self, offset: usize) -> &'static str {
        let at = self.text[offset..].find('\n').map(|at| offset + at).or_else(|| self.text.find('\n'));
        if at.is_some_and(|at| self.text[..at].ends_with('\r')) { "\r\n" } else { "\n" }
    }

    pub(super) fn has_comment(&self, span: Span) -> bool {
        let comments = self.tree().comments();
        let first = comments.partition_point(|comment| comment.end <= span.start);
        comments.get(first).is_some_and(|comment| comment.start < span.end)
    }

    /// The column of the comment that fills the line on its own.
    pub(super) fn comment_column(&self, line_start: usize) -> Option<usize> {
        let start = line_start + self.indent_at(line_start).len();
        self.tree().comments().binary_search_by_key(&start, |c| c.start).is_ok().then(|| start - line_start)
    }

    pub(super) fn is_blank_line(&self, line_start: usize) -> bool {
        self.text[line_start..self.line_end(line_start)].trim().is_empty()
    }

    /// The node that ends last within this one, itself for a scalar.
    pub(super) fn last_descendant(&self, mut node: NodeId) -> NodeId {
        loop {
            let tree = self.tree();
            let last =
                tree.entries(node).last().map(|(_, value)| *value).or(tree.items(node).last().copied());
            match last {
                Some(last) if !self.is_flow(node) => node = last,
                _ => return node,
            }
        }
    }

    /// The header of the block scalar that the node ends in; it decides about the lines after the scalar.
    pub(super) fn block_scalar_header(&self, node: NodeId) -> Option<&str> {
        let last = self.last_descendant(node);
        let NodeKind::Scalar { style: ScalarForm::Literal | ScalarForm::Folded, .. } =
            self.tree().node(last).kind
        else {
            return None;
        };
        self.text_of(self.span(last)).lines().next()
    }
}
