//! A tree while it grows: nodes come in the order of the file, and a collection takes in what stands in it as it closes.

use std::sync::Arc;

use super::tree::{Children, Kind, Layout, Node, NodeId, Style, Text, Tree, small};
use crate::text::Span;

/// A node has about so many bytes in the manifests that people write, and no room is made for more nodes than so many
/// before they come.
const BYTES_A_NODE: usize = 16;
const MOST_AT_ONCE: usize = 4096;

/// A collection that is still open.
struct Open {
    node: NodeId,
    layout: Layout,
    is_mapping: bool,
    /// Where its children begin among all that wait for theirs to close.
    from: usize,
}

/// All spans are in the file.
#[derive(Default)]
pub(super) struct Growth {
    tree: Tree,
    open: Vec<Open>,
    /// The children of what is open, keys and values by turns in a mapping.
    waiting: Vec<NodeId>,
}

impl Growth {
    /// For a document of so many bytes.
    pub(super) fn new(source: &Arc<str>, bytes: usize) -> Self {
        let nodes = Vec::with_capacity((bytes / BYTES_A_NODE).min(MOST_AT_ONCE));
        Self { tree: Tree { source: Arc::clone(source), nodes, ..Tree::default() }, ..Self::default() }
    }

    pub(super) const fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    pub(super) const fn depth(&self) -> usize {
        self.open.len()
    }

    /// The layout of the innermost open collection, and whether it is a mapping.
    pub(super) fn innermost(&self) -> Option<(Layout, bool)> {
        self.open.last().map(|open| (open.layout, open.is_mapping))
    }

    /// Whether the next node is the value of a key.
    pub(super) fn has_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_mapping && (self.waiting.len() - open.from) % 2 == 1)
    }

    pub(super) fn comment(&mut self, span: Span) {
        self.tree.comments.push(span);
    }

    /// A scalar that says `text`, which nearly always stands at `written`.
    pub(super) fn scalar(&mut self, style: Style, span: Span, written: Span, text: &str) -> NodeId {
        let stands = self.tree.source.get(written.start..written.end) == Some(text);
        let text = if stands {
            Text::Written(small(written.start), small(written.end))
        } else {
            self.tree.made.push(text.into());
            Text::Made(small(self.tree.made.len() - 1))
        };
        self.add(Kind::Scalar { style, text }, span)
    }

    pub(super) fn alias(&mut self, span: Span, target: Option<NodeId>) -> NodeId {
        let node = self.add(Kind::Alias, span);
        self.tree.targets.extend(target.map(|target| (node, target)));
        node
    }

    pub(super) fn begin(&mut self, is_mapping: bool, layout: Layout, span: Span) -> NodeId {
        let nothing = Children::default();
        let node = self.add(
            if is_mapping {
                Kind::Mapping { layout, entries: nothing }
            } else {
                Kind::Sequence { layout, items: nothing }
            },
            span,
        );
        self.open.push(Open { node, layout, is_mapping, from: self.waiting.len() });
        node
    }

    /// Stores a node, and hands it to the collection it stands in.
    fn add(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = NodeId(small(self.tree.nodes.len()));
        let parent = self.open.last().map(|open| open.node);
        self.tree.nodes.push(Node::new(kind, span, parent));
        match parent {
            Some(_) => self.waiting.push(id),
            None => self.tree.root = Some(id),
        }
        id
    }

    pub(super) fn tag(&mut self, node: NodeId, tag: Span) {
        self.tree.properties.entry(node).or_default().tag = Some(tag);
    }

    /// An anchor of the node that came last.
    pub(super) fn anchor(&mut self, anchor: Span) {
        let Some(node) = self.tree.nodes.last_mut() else { return };
        let own = node.span();
        node.set_span(if own.is_empty() { anchor } else { own.to(anchor) });
        let id = NodeId(small(self.tree.nodes.len() - 1));
        self.tree.properties.entry(id).or_default().anchor = Some(anchor);
    }

    /// Closes the innermost collection: with its bracket, or after the last node in it. Gives its whole span.
    pub(super) fn end(&mut self, bracket: Option<Span>) -> Option<Span> {
        let Open { node: id, layout, is_mapping, from } = self.open.pop()?;
        let within = self.waiting.drain(from..);
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
            Kind::Mapping { layout, entries: Children::new(&(start..self.tree.entries.len())) }
        } else {
            let start = self.tree.items.len();
            self.tree.items.extend(within);
            Kind::Sequence { layout, items: Children::new(&(start..self.tree.items.len())) }
        };
        let node = &mut self.tree.nodes[id.index()];
        node.kind = kind;
        node.set_span(span);
        Some(span)
    }

    pub(super) fn finish(mut self) -> Tree {
        self.tree.nodes.shrink_to_fit();
        self.tree.entries.shrink_to_fit();
        self.tree.items.shrink_to_fit();
        self.tree.comments.shrink_to_fit();
        self.tree
    }
}
