//! Finds the suppressions of a manifest, and the entry or list item that each reaches, for the audit.

use super::suppression_comment::parse_comment;
use super::{from_comment, other_tools};
use crate::finding::InlineSuppression;
use crate::kubernetes::{ManifestDocument, ManifestFile};
use crate::text::Span;
use crate::yaml::yaml_tree::{CollectionLayout, NodeId, NodeKind, YamlTree};

/// Every suppression of a manifest, in the order of the file.
///
/// A comment on a line of its own reaches the list item or the mapping's entry that follows; before a document's first
/// key it reaches the document. At the end of a line it reaches the item or entry that begins on the line.
/// `allow-file` reaches the file from before its first content, and nothing from anywhere else.
#[must_use]
pub fn find_in_manifest(text: &str, manifest: &ManifestFile) -> Vec<InlineSuppression> {
    if !other_tools::may_hold_suppressions(text) {
        return Vec::new();
    }
    let all = Span::new(0, text.len());
    let top = content_start(text);
    // What stands above the first document may belong to none.
    let known = |at: usize| {
        let after = manifest.documents.partition_point(|document| document.span.start <= at);
        after.checked_sub(1).is_some_and(|last| manifest.documents[last].span.contains(at))
    };
    let loose = comment_lines(text, top).filter(|comment| !known(comment.start));
    let mut found: Vec<InlineSuppression> = loose
        .filter_map(|comment| parse_comment(text, comment))
        .map(|own| from_comment(own.clone(), own.whole_file.then_some(all)))
        .collect();
    for document in &manifest.documents {
        let page = CommentedDocument { text, tree: &document.tree, ids: document.tree.node_ids().collect() };
        for comment in document.tree.comments() {
            if let Some(own) = parse_comment(text, *comment) {
                let whole = (comment.start < top).then_some(all);
                let reach = if own.whole_file { whole } else { page.reach_of_comment(*comment) };
                found.push(from_comment(own, reach));
            } else {
                let whole = document.tree.root().map(|root| document.tree.span(root));
                found.extend(other_tools::parse_manifest_comment(
                    comment.slice(text),
                    || page.reach_of_comment(*comment),
                    whole,
                ));
            }
        }
        found.extend(find_in_annotations(document));
    }
    found
}

fn find_in_annotations(document: &ManifestDocument) -> impl Iterator<Item = InlineSuppression> + '_ {
    document.objects.iter().flat_map(|object| {
        let reach = document.tree.span(object.root);
        object
            .annotations
            .iter()
            .flat_map(move |(key, value)| other_tools::parse_annotation(key, value, reach))
    })
}

/// A document, with its nodes in the order of the file.
struct CommentedDocument<'a> {
    text: &'a str,
    tree: &'a YamlTree,
    ids: Vec<NodeId>,
}

impl CommentedDocument<'_> {
    fn reach_of_comment(&self, comment: Span) -> Option<Span> {
        let line = self.text[..comment.start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = self.text[line..comment.start].trim_start_matches('\u{feff}').trim();
        // A dash or a document's marker alone is no content yet: what it begins comes after the comment.
        if before.is_empty() || before.bytes().all(|byte| byte == b'-') {
            let node = self.first_node_from(comment.end)?;
            return Some(if Some(node) == self.tree.root() {
                self.tree.span(node)
            } else {
                self.entry_span(node)
            });
        }
        let node = self.first_node_from(line).filter(|node| self.tree.span(*node).start < comment.start)?;
        Some(self.entry_span(node))
    }

    /// The first node that begins at the offset or after it, the outermost of several.
    fn first_node_from(&self, offset: usize) -> Option<NodeId> {
        let at = self.ids.partition_point(|id| self.tree.span(*id).start < offset);
        self.ids.get(at).copied()
    }

    /// The list item or the entry that begins with the node.
    fn entry_span(&self, node: NodeId) -> Span {
        let tree = self.tree;
        let parent = tree.node(node).parent;
        match (&tree.node(node).kind, parent.map(|parent| (parent, &tree.node(parent).kind))) {
            (_, Some((_, NodeKind::Sequence { .. }))) => tree.span(node),
            (NodeKind::Sequence { layout: CollectionLayout::Block, .. }, _)
                if !tree.items(node).is_empty() =>
            {
                tree.span(tree.items(node)[0])
            }
            (NodeKind::Mapping { layout: CollectionLayout::Block, .. }, _)
                if !tree.entries(node).is_empty() =>
            {
                let (key, value) = tree.entries(node)[0];
                tree.span(key).to(tree.span(value))
            }
            (_, Some((parent, NodeKind::Mapping { .. }))) => {
                let entries = tree.entries(parent);
                let after = entries.partition_point(|(key, _)| *key <= node);
                let entry = after.checked_sub(1).and_then(|at| entries.get(at));
                entry.map_or(tree.span(parent), |(key, value)| tree.span(*key).to(tree.span(*value)))
            }
            _ => tree.span(node),
        }
    }
}

/// The start of the file's first content: neither blank nor comment nor a document's marker.
fn content_start(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim();
        let content = content.strip_prefix("---").unwrap_or(content).trim_start();
        if !(content.is_empty() || content.starts_with(['#', '%'])) {
            break;
        }
        at += line.len();
    }
    at
}

/// The comments before the offset, of lines that hold nothing else.
fn comment_lines(text: &str, end: usize) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    text[..end].split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let hash = line.find('#')?;
        Some(Span::new(start + hash, start + line.trim_end().len()))
    })
}
