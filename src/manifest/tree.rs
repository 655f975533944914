//! A YAML document with the byte ranges of everything in it.

use std::collections::HashMap;

use super::{Path, Step};
use crate::text::Span;

/// The key whose value's entries count as the mapping's own (YAML 1.1, type `merge`).
const MERGE: &str = "<<";

/// How many merged mappings are looked through for a key.
const MAX_MERGED: usize = 64;

/// A node's place in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// By indentation.
    Block,
    /// In braces or brackets; JSON is this throughout. A mapping that is a single pair within brackets, `[a: b]`, has no
    /// braces of its own.
    Flow,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its text, unquoted and unescaped.
    Scalar {
        style: Style,
        text: String,
    },
    /// Its keys with their values, in the order of the file; keys may repeat.
    Mapping {
        layout: Layout,
        entries: Vec<(NodeId, NodeId)>,
    },
    Sequence {
        layout: Layout,
        items: Vec<NodeId>,
    },
    /// `*name`; what it stands for is not followed.
    Alias,
}

/// One value or key. Spans are in the file, not in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: Kind,
    /// From the first to after the last of its own bytes: quotes, braces and a block scalar's header and indentation
    /// included, anchor and tag, trailing blanks and comments not. A null that is not written is empty, after its colon.
    pub span: Span,
    pub parent: Option<NodeId>,
    /// Of `&name`.
    pub anchor: Option<Span>,
    /// Of `!tag`.
    pub tag: Option<Span>,
}

/// The nodes of one document, and its comments.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    /// Each comment, from its `#` to the end of its line, in the order of the file.
    pub(super) comments: Vec<Span>,
    /// What each alias stands for.
    pub(super) targets: HashMap<NodeId, NodeId>,
    /// Whether it is known that what it says is what is written: no alias, no merge and no repeated key.
    pub(super) is_direct: bool,
}

impl Tree {
    /// The document's one value; none where the document is empty.
    #[must_use]
    pub const fn root(&self) -> Option<NodeId> {
        self.root
    }

    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Every node of the document, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The node itself, or what it stands for where it is an alias.
    #[must_use]
    pub fn resolve(&self, id: NodeId) -> NodeId {
        self.targets.get(&id).copied().unwrap_or(id)
    }

    /// Whether anything in it stands for something else.
    pub(super) fn has_aliases(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.kind, Kind::Alias))
    }

    /// A mapping's entries; empty for anything else.
    #[must_use]
    pub fn entries(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match &self.node(id).kind {
            Kind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// A sequence's items; empty for anything else.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// A scalar's text.
    #[must_use]
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entry of a mapping's key, key and value; the last where the key repeats, as the cluster reads it.
    #[must_use]
    pub fn entry(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        self.entries(id).iter().copied().rfind(|(k, _)| self.scalar(*k) == Some(key))
    }

    /// The value of a mapping's key.
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|(_, value)| value)
    }

    /// The node at the end of a path that starts at `from`.
    #[must_use]
    pub fn at(&self, from: NodeId, path: &[Step]) -> Option<NodeId> {
        path.iter().try_fold(from, |node, step| match step {
            Step::Key(key) => self.get(node, key),
            Step::Index(index) => self.items(node).get(*index).copied(),
        })
    }

    /// The way from the root to a node. A key leads where its value does; one that is no scalar has an empty name.
    #[must_use]
    pub fn path(&self, id: NodeId) -> Path {
        let mut path = Path::new();
        let mut child = id;
        while let Some(parent) = self.node(child).parent {
            // Nodes are numbered as they stand in the file, so children are found by bisection.
            let step = match &self.node(parent).kind {
                Kind::Sequence { items, .. } => items.binary_search(&child).ok().map(Step::Index),
                Kind::Mapping { entries, .. } => {
                    let after = entries.partition_point(|(key, _)| *key <= child);
                    let entry = after.checked_sub(1).and_then(|at| entries.get(at));
                    entry.map(|(key, _)| Step::Key(self.scalar(*key).unwrap_or_default().to_owned()))
                }
                Kind::Scalar { .. } | Kind::Alias => None,
            };
            path.extend(step);
            child = parent;
        }
        path.reverse();
        path
    }

    /// The value of a mapping's key, with aliases and merge keys followed.
    #[must_use]
    pub fn look(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let id = self.resolve(id);
        let own = self.get(id, key);
        let value = own.or_else(|| self.get(self.merged(id, key)?.1, key))?;
        Some(self.resolve(value))
    }

    /// Where the value at the end of a path is written. Where an alias or a merge key brings it in, that is the alias
    /// or the merged value.
    #[must_use]
    pub fn locate(&self, from: NodeId, path: &[Step]) -> Option<Span> {
        let mut node = self.resolve(from);
        let mut brought = None;
        for step in path {
            let merged = match step {
                Step::Key(key) if self.get(node, key).is_none() => self.merged(node, key),
                _ => None,
            };
            let next = self.at(merged.map_or(node, |(_, source)| source), std::slice::from_ref(step))?;
            let here = merged.map(|(merge, _)| self.span(merge));
            let alias = matches!(self.node(next).kind, Kind::Alias).then(|| self.span(next));
            brought = brought.or(here).or(alias);
            node = self.resolve(next);
        }
        Some(brought.unwrap_or_else(|| self.span(node)))
    }

    /// The value of a mapping's merge key, and the mapping in it, or merged into it, that has `key`.
    fn merged(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let merge = self.get(id, MERGE)?;
        let mut open = vec![merge];
        for _ in 0..MAX_MERGED {
            let source = self.resolve(open.pop()?);
            if self.get(source, key).is_some() {
                return Some((merge, source));
            }
            open.extend(self.get(source, MERGE));
            open.extend(self.items(source).iter().rev());
        }
        None
    }

    /// Whether a key is a merge key.
    #[must_use]
    pub fn is_merge(&self, key: NodeId) -> bool {
        matches!(&self.node(key).kind, Kind::Scalar { style: Style::Plain, text } if text == MERGE)
    }

    #[must_use]
    pub fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Mapping { .. })
    }

    #[must_use]
    pub fn is_collection(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Mapping { .. } | Kind::Sequence { .. })
    }

    /// Whether a node is a null, written or not.
    #[must_use]
    pub fn is_null(&self, id: NodeId) -> bool {
        let node = self.node(id);
        let null = |text: &str| matches!(text, "" | "~" | "null" | "Null" | "NULL");
        node.tag.is_none() && matches!(&node.kind, Kind::Scalar { style: Style::Plain, text } if null(text))
    }
}
