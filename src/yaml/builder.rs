//! Builds a document's tree from nodes in the order of the file, for the parser of lines and the parser of events.

use std::sync::Arc;

use super::yaml_tree::{
    ChildRange, CollectionLayout, NodeId, NodeKind, ScalarForm, ScalarText, YamlNode, YamlTree, saturate_u32,
};
use crate::text::Span;

/// A node has about so many bytes in the manifests that people write, and no room is made for more nodes than so many
/// before they come.
const BYTES_PER_NODE: usize = 16;
const MAX_PREALLOCATED_NODES: usize = 4096;

/// A collection that is still open.
struct OpenCollection {
    node: NodeId,
    layout: CollectionLayout,
    is_mapping: bool,
    /// Index of its first child among all that wait for theirs to close.
    first_child: usize,
}

/// All spans are in the file.
#[derive(Default)]
pub(super) struct TreeBuilder {
    tree: YamlTree,
    open_collections: Vec<OpenCollection>,
    /// The children of what is open, keys and values by turns in a mapping.
    pending_children: Vec<NodeId>,
}

impl TreeBuilder {
    /// A builder for a document of so many bytes.
    pub(super) fn new(source: &Arc<str>, bytes: usize) -> Self {
        let nodes = Vec::with_capacity((bytes / BYTES_PER_NODE).min(MAX_PREALLOCATED_NODES));
        Self {
            tree: YamlTree { source: Arc::clone(source), nodes, ..YamlTree::default() },
            ..Self::default()
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    pub(super) const fn depth(&self) -> usize {
        self.open_collections.len()
    }

    /// The layout of the innermost open collection, and whether it is a mapping.
    pub(super) fn innermost(&self) -> Option<(CollectionLayout, bool)> {
        self.open_collections.last().map(|open| (open.layout, open.is_mapping))
    }

    /// True when the next node is the value of a key.
    pub(super) fn has_key(&self) -> bool {
        self.open_collections
            .last()
            .is_some_and(|open| open.is_mapping && (self.pending_children.len() - open.first_child) % 2 == 1)
    }

    pub(super) fn add_comment(&mut self, span: Span) {
        self.tree.comments.push(span);
    }

    /// Adds a scalar with the value `text`, which nearly always stands at `written`.
    pub(super) fn add_scalar(&mut self, style: ScalarForm, span: Span, written: Span, text: &str) -> NodeId {
        let stands = self.tree.source.get(written.start..written.end) == Some(text);
        let text = if stands {
            ScalarText::InSource(saturate_u32(written.start), saturate_u32(written.end))
        } else {
            self.tree.owned_texts.push(text.into());
            ScalarText::Owned(saturate_u32(self.tree.owned_texts.len() - 1))
        };
        self.add_node(NodeKind::Scalar { style, text }, span)
    }

    pub(super) fn add_alias(&mut self, span: Span, target: Option<NodeId>) -> NodeId {
        let node = self.add_node(NodeKind::Alias, span);
        self.tree.alias_targets.extend(target.map(|target| (node, target)));
        node
    }

    pub(super) fn begin_collection(
        &mut self,
        is_mapping: bool,
        layout: CollectionLayout,
        span: Span,
    ) -> NodeId {
        let nothing = ChildRange::default();
        let node = self.add_node(
            if is_mapping {
                NodeKind::Mapping { layout, entries: nothing }
            } else {
                NodeKind::Sequence { layout, items: nothing }
            },
            span,
        );
        self.open_collections.push(OpenCollection {
            node,
            layout,
            is_mapping,
            first_child: self.pending_children.len(),
        });
        node
    }

    /// Stores a node, and hands it to the collection it stands in.
    fn add_node(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = NodeId(saturate_u32(self.tree.nodes.len()));
        let parent = self.open_collections.last().map(|open| open.node);
        self.tree.nodes.push(YamlNode::new(kind, span, parent));
        match parent {
            Some(_) => self.pending_children.push(id),
            None => self.tree.root = Some(id),
        }
        id
    }

    pub(super) fn set_tag(&mut self, node: NodeId, tag: Span) {
        self.tree.properties.entry(node).or_default().tag = Some(tag);
    }

    /// An anchor of the node that came last.
    pub(super) fn set_anchor(&mut self, anchor: Span) {
        let Some(node) = self.tree.nodes.last_mut() else { return };
        let own = node.span();
        node.set_span(if own.is_empty() { anchor } else { own.to(anchor) });
        let id = NodeId(saturate_u32(self.tree.nodes.len() - 1));
        self.tree.properties.entry(id).or_default().anchor = Some(anchor);
    }

    /// Closes the innermost collection: with its bracket, or after the last node in it. Gives its whole span.
    pub(super) fn end_collection(&mut self, bracket: Option<Span>) -> Option<Span> {
        let OpenCollection { node: id, layout, is_mapping, first_child: from } =
            self.open_collections.pop()?;
        let within = self.pending_children.drain(from..);
        let (first, last) = (within.as_slice().first(), within.as_slice().last());
        let nodes = &self.tree.nodes;
        let inside =
            first.zip(last).map(|(first, last)| nodes[first.index()].span().to(nodes[last.index()].span()));
        let own = nodes[id.index()].span();
        let span = match (bracket, inside) {
            (Some(bracket), _) => own.to(bracket),
            (None, Some(inside)) => inside.to(Span::new(own.start, inside.end)),
            (None, None) => own,
        };
        let kind = if is_mapping {
            let start = self.tree.entries.len();
            let pairs = within.as_slice().chunks_exact(2).map(|pair| (pair[0], pair[1]));
            self.tree.entries.extend(pairs);
            NodeKind::Mapping { layout, entries: ChildRange::new(&(start..self.tree.entries.len())) }
        } else {
            let start = self.tree.items.len();
            self.tree.items.extend(within);
            NodeKind::Sequence { layout, items: ChildRange::new(&(start..self.tree.items.len())) }
        };
        let node = &mut self.tree.nodes[id.index()];
        node.kind = kind;
        node.set_span(span);
        Some(span)
    }

    pub(super) fn finish_tree(mut self) -> YamlTree {
        self.tree.nodes.shrink_to_fit();
        self.tree.entries.shrink_to_fit();
        self.tree.items.shrink_to_fit();
        self.tree.comments.shrink_to_fit();
        self.tree
    }
}
