//! Holds a YAML document as a tree with the byte ranges of everything in it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{PathStep, YamlPath};
use crate::text::Span;

/// The tags by which a scalar is no text.
const TYPED_TAGS: [&str; 4] = ["bool", "int", "float", "null"];

/// The key whose value's entries count as the mapping's own (YAML 1.1, type `merge`).
const MERGE_KEY: &str = "<<";

/// The most merged mappings that are searched for a key.
const MAX_MERGED_MAPPINGS: usize = 64;

/// A node's place in its [`YamlTree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The style of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionLayout {
    /// By indentation.
    Block,
    /// In braces or brackets; JSON is this throughout. A mapping that is a single pair within brackets, `[a: b]`, has no
    /// braces of its own.
    Flow,
}

/// The style of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarForm {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The kind of a node. A collection's members are found in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Scalar {
        style: ScalarForm,
        text: ScalarText,
    },
    Mapping {
        layout: CollectionLayout,
        entries: ChildRange,
    },
    Sequence {
        layout: CollectionLayout,
        items: ChildRange,
    },
    /// `*name`; what it stands for is not followed.
    Alias,
}

/// The place of a scalar's text, unquoted and unescaped: nearly always it stands in the file as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarText {
    /// Bytes of the file, from and to.
    InSource(u32, u32),
    /// One of the tree's own.
    Owned(u32),
}

/// The range of the tree's entries or items that a collection holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChildRange {
    start: u32,
    end: u32,
}

impl ChildRange {
    pub(super) fn new(range: &Range<usize>) -> Self {
        Self { start: saturate_u32(range.start), end: saturate_u32(range.end) }
    }

    const fn index_range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One value or key. Spans are in the file, not in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YamlNode {
    pub kind: NodeKind,
    pub parent: Option<NodeId>,
    /// No file that is read is larger than these can count.
    start: u32,
    end: u32,
}

impl YamlNode {
    pub(super) fn new(kind: NodeKind, span: Span, parent: Option<NodeId>) -> Self {
        Self { kind, parent, start: saturate_u32(span.start), end: saturate_u32(span.end) }
    }

    /// From the first to after the last of its own bytes: quotes, braces and a block scalar's header and indentation
    /// included, anchor and tag, trailing blanks and comments not. A null that is not written is empty, after its colon.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    pub(super) fn set_span(&mut self, span: Span) {
        (self.start, self.end) = (saturate_u32(span.start), saturate_u32(span.end));
    }
}

/// A place in a file or in a tree, in less room.
pub(super) fn saturate_u32(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The properties that may stand before a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NodeProperties {
    /// `&name`
    pub(super) anchor: Option<Span>,
    /// `!tag`
    pub(super) tag: Option<Span>,
}

/// The nodes of one document, and its comments.
#[derive(Clone, Debug, Default)]
pub struct YamlTree {
    /// The whole file.
    pub(super) source: Arc<str>,
    pub(super) nodes: Vec<YamlNode>,
    pub(super) root: Option<NodeId>,
    /// The entries of the mappings, each mapping's keys with their values together, in the order of the file; keys may
    /// repeat.
    pub(super) entries: Vec<(NodeId, NodeId)>,
    /// The items of the sequences, likewise.
    pub(super) items: Vec<NodeId>,
    /// The texts of scalars that are not written as they are.
    pub(super) owned_texts: Vec<Box<str>>,
    /// Of the few nodes that have any.
    pub(super) properties: HashMap<NodeId, NodeProperties>,
    /// Each comment, from its `#` to the end of its line, in the order of the file.
    pub(super) comments: Vec<Span>,
    /// The target of each alias.
    pub(super) alias_targets: HashMap<NodeId, NodeId>,
    /// True when its value is known to be what is written: no alias, no merge and no repeated key.
    pub(super) is_direct: bool,
}

impl YamlTree {
    /// The document's one value; none where the document is empty.
    #[must_use]
    pub const fn root(&self) -> Option<NodeId> {
        self.root
    }

    #[must_use]
    pub fn node(&self, id: NodeId) -> &YamlNode {
        &self.nodes[id.index()]
    }

    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span()
    }

    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Every node of the document, in the order of the file.
    pub fn node_ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The node itself, or what it stands for where it is an alias.
    #[must_use]
    pub fn resolve_alias(&self, id: NodeId) -> NodeId {
        self.alias_targets.get(&id).copied().unwrap_or(id)
    }

    /// True when anything in it stands for something else.
    pub(super) fn has_aliases(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.kind, NodeKind::Alias))
    }

    /// A mapping's entries; empty for anything else.
    #[must_use]
    pub fn entries(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match self.node(id).kind {
            NodeKind::Mapping { entries, .. } => &self.entries[entries.index_range()],
            _ => &[],
        }
    }

    /// A sequence's items; empty for anything else.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match self.node(id).kind {
            NodeKind::Sequence { items, .. } => &self.items[items.index_range()],
            _ => &[],
        }
    }

    /// A scalar's text.
    #[must_use]
    pub fn scalar_text(&self, id: NodeId) -> Option<&str> {
        match self.node(id).kind {
            NodeKind::Scalar { text, .. } => Some(self.text_of(text)),
            _ => None,
        }
    }

    /// The text of a scalar that may be more than text: a plain one without a tag, or any that is tagged as a boolean, a
    /// number or a null, which kubectl's parser reads as if it were plain.
    #[must_use]
    pub fn plain_text(&self, id: NodeId) -> Option<&str> {
        let NodeKind::Scalar { style, text } = self.node(id).kind else { return None };
        let is_typed = match self.tag_span(id) {
            None => style == ScalarForm::Plain,
            Some(tag) => core_tag(tag.slice(&self.source)).is_some_and(|name| TYPED_TAGS.contains(&name)),
        };
        is_typed.then(|| self.text_of(text))
    }

    /// The bytes of a scalar's text within its span, where they stand in the file as they are.
    #[must_use]
    pub fn written_text(&self, id: NodeId) -> Option<Span> {
        match self.node(id).kind {
            NodeKind::Scalar { text: ScalarText::InSource(start, end), .. } => {
                Some(Span::new(start as usize, end as usize))
            }
            _ => None,
        }
    }

    /// The whole file's text.
    #[must_use]
    pub(crate) fn file_text(&self) -> &str {
        &self.source
    }

    fn text_of(&self, text: ScalarText) -> &str {
        match text {
            ScalarText::InSource(start, end) => {
                self.source.get(start as usize..end as usize).unwrap_or_default()
            }
            ScalarText::Owned(nth) => {
                self.owned_texts.get(nth as usize).map(AsRef::as_ref).unwrap_or_default()
            }
        }
    }

    /// The span of `&name` before a node.
    #[must_use]
    pub fn anchor_span(&self, id: NodeId) -> Option<Span> {
        self.properties.get(&id)?.anchor
    }

    /// The span of `!tag` before a node.
    #[must_use]
    pub fn tag_span(&self, id: NodeId) -> Option<Span> {
        self.properties.get(&id)?.tag
    }

    /// The entry of a mapping's key, key and value; the last where the key repeats, as the cluster reads it.
    #[must_use]
    pub fn find_entry(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        self.entries(id).iter().copied().rfind(|(own, _)| self.key_text(*own) == Some(key))
    }

    /// A key's text; of an alias that of what it stands for.
    fn key_text(&self, key: NodeId) -> Option<&str> {
        match self.node(key).kind {
            NodeKind::Alias => self.scalar_text(self.resolve_alias(key)),
            _ => self.scalar_text(key),
        }
    }

    /// The value of a mapping's key.
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.find_entry(id, key).map(|(_, value)| value)
    }

    /// The node at the end of a path that starts at `from`.
    #[must_use]
    pub fn node_at(&self, from: NodeId, path: &[PathStep]) -> Option<NodeId> {
        path.iter().try_fold(from, |node, step| match step {
            PathStep::Key(key) => self.get(node, key),
            PathStep::Index(index) => self.items(node).get(*index).copied(),
        })
    }

    /// The way from the root to a node. A key leads where its value does; one that is no scalar has an empty name.
    #[must_use]
    pub fn path_to(&self, id: NodeId) -> YamlPath {
        let mut path = YamlPath::new();
        let mut child = id;
        while let Some(parent) = self.node(child).parent {
            // Nodes are numbered as they stand in the file, so children are found by bisection.
            let entries = self.entries(parent);
            let step = match self.node(parent).kind {
                NodeKind::Sequence { .. } => {
                    self.items(parent).binary_search(&child).ok().map(PathStep::Index)
                }
                NodeKind::Mapping { .. } => {
                    let after = entries.partition_point(|(key, _)| *key <= child);
                    let entry = after.checked_sub(1).and_then(|at| entries.get(at));
                    entry.map(|(key, _)| PathStep::Key(self.scalar_text(*key).unwrap_or_default().to_owned()))
                }
                NodeKind::Scalar { .. } | NodeKind::Alias => None,
            };
            path.extend(step);
            child = parent;
        }
        path.reverse();
        path
    }

    /// The value of a mapping's key, with aliases and merge keys followed.
    #[must_use]
    pub fn get_resolved(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.find_resolved(self.resolve_alias(id), key).map(|(_, value)| self.resolve_alias(value))
    }

    /// The value that a key of a mapping has in effect, and the merge key's that brings it in. The last of both kinds in
    /// the order of the file counts, as kubectl's parser has it.
    fn find_resolved(&self, id: NodeId, key: &str) -> Option<(Option<NodeId>, NodeId)> {
        self.entries(id).iter().rev().find_map(|(own, value)| {
            if self.key_text(*own) == Some(key) {
                return Some((None, *value));
            }
            let source = self.is_merge(*own).then(|| self.find_merged(*value, key))??;
            Some((Some(*value), self.get(source, key)?))
        })
    }

    /// The span of the value at the end of a path. Where an alias or a merge key brings it in, that is the alias or the
    /// merged value.
    #[must_use]
    pub fn locate_value(&self, from: NodeId, path: &[PathStep]) -> Option<Span> {
        let mut node = self.resolve_alias(from);
        let mut brought = None;
        for step in path {
            let (merge, next) = match step {
                PathStep::Key(key) => self.find_resolved(node, key)?,
                PathStep::Index(index) => (None, self.items(node).get(*index).copied()?),
            };
            let here = merge.map(|merge| self.span(merge));
            let alias = matches!(self.node(next).kind, NodeKind::Alias).then(|| self.span(next));
            brought = brought.or(here).or(alias);
            node = self.resolve_alias(next);
        }
        Some(brought.unwrap_or_else(|| self.span(node)))
    }

    /// The mapping in a merge key's value, or merged into it, that has `key`.
    fn find_merged(&self, merge: NodeId, key: &str) -> Option<NodeId> {
        let mut open = vec![merge];
        for _ in 0..MAX_MERGED_MAPPINGS {
            let source = self.resolve_alias(open.pop()?);
            if self.get(source, key).is_some() {
                return Some(source);
            }
            open.extend(self.get(source, MERGE_KEY));
            open.extend(self.items(source).iter().rev());
        }
        None
    }

    /// True for a merge key.
    #[must_use]
    pub fn is_merge(&self, key: NodeId) -> bool {
        let NodeKind::Scalar { style, text } = self.node(key).kind else { return false };
        let may_be = match self.tag_span(key) {
            None => style == ScalarForm::Plain,
            Some(tag) => core_tag(tag.slice(&self.source)) == Some("merge"),
        };
        may_be && self.text_of(text) == MERGE_KEY
    }

    #[must_use]
    pub fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Mapping { .. })
    }

    #[must_use]
    pub fn is_collection(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Mapping { .. } | NodeKind::Sequence { .. })
    }

    /// True for a node that is a null, written or not.
    #[must_use]
    pub fn is_null(&self, id: NodeId) -> bool {
        matches!(self.plain_text(id), Some("" | "~" | "null" | "Null" | "NULL"))
    }
}

/// The name of a tag of YAML's own: `!!bool`, or written out.
pub(super) fn core_tag(tag: &str) -> Option<&str> {
    let long = || tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>');
    tag.strip_prefix("!!").or_else(long)
}
