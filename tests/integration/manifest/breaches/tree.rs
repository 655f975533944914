//! What holds of every tree, whatever the text.

use seaworthy::kubernetes::{ManifestDocument, ManifestFile, parse_manifest};
use seaworthy::text::Span;
use seaworthy::yaml::yaml_tree::{CollectionLayout, NodeId, NodeKind, ScalarForm, YamlTree};
use seaworthy::yaml::{ScalarTyping, value_of};

/// What of that is not so, in words.
pub(super) fn breaches(text: &str) -> Vec<String> {
    let ManifestFile { documents, problems, .. } = parse_manifest(text);
    let mut breaches = Vec::new();
    for problem in problems {
        check(&mut breaches, text, problem.span, "a problem lies in the text");
    }
    let mut end = 0;
    for document in &documents {
        if document.span.start < end {
            breaches.push(format!("{:?} begins in the document before", document.span));
        }
        end = document.span.end;
        of_document(&mut breaches, text, document);
    }
    breaches
}

fn check(breaches: &mut Vec<String>, text: &str, span: Span, what: &str) {
    if span.end < span.start || text.get(span.start..span.end).is_none() {
        breaches.push(format!("{what}: {span:?} in {} bytes", text.len()));
    }
}

fn of_document(breaches: &mut Vec<String>, text: &str, document: &ManifestDocument) {
    let tree = &document.tree;
    for comment in tree.comments() {
        check(breaches, text, *comment, "a comment lies in the text");
        if !comment.slice(text).starts_with('#') {
            breaches.push(format!("no comment: {:?}", comment.slice(text)));
        }
    }
    for id in tree.node_ids() {
        of_node(breaches, text, document, id);
    }
    let value = tree.root().and_then(|root| value_of(tree, root, ScalarTyping::CoreSchema));
    if document.read_only().is_none() && value.unwrap_or_default() != *document.value() {
        breaches.push("the tree's value is not the document's".to_owned());
    }
}

fn of_node(breaches: &mut Vec<String>, text: &str, document: &ManifestDocument, id: NodeId) {
    let tree = &document.tree;
    let node = tree.node(id);
    check(breaches, text, node.span(), "a node lies in the text");
    if !document.span.covers(node.span()) {
        breaches.push(format!("outside its document: {:?}", node.span().slice(text)));
    }
    for part in [tree.anchor_span(id), tree.tag_span(id), children(tree, id)].into_iter().flatten() {
        if !node.span().covers(part) {
            let (whole, part) = (node.span().slice(text), part.slice(text));
            breaches.push(format!("{part:?} is not within {whole:?}"));
        }
    }
    let written = written(text, tree, id);
    // Where the parsers differ on what is text, nothing is edited.
    if document.read_only().is_none() && !is_exact(tree, id, written) {
        breaches.push(format!("{:?} is written {written:?}", node.kind));
    }
}

/// The span from the first to the last child, whose order is checked on the way by their being within each other.
fn children(tree: &YamlTree, id: NodeId) -> Option<Span> {
    let first = tree.entries(id).first().map(|(key, _)| *key).or_else(|| tree.items(id).first().copied())?;
    let last = tree.entries(id).last().map(|(_, value)| *value).or_else(|| tree.items(id).last().copied())?;
    Some(Span::new(tree.span(first).start, tree.span(last).end))
}

/// A node's own bytes, without anchor and tag and the comments that may follow them.
fn written<'a>(text: &'a str, tree: &YamlTree, id: NodeId) -> &'a str {
    let node = tree.node(id);
    let Some(properties) =
        [tree.anchor_span(id), tree.tag_span(id)].into_iter().flatten().map(|span| span.end).max()
    else {
        return node.span().slice(text);
    };
    let mut own = Span::new(properties.min(node.span().end), node.span().end).slice(text).trim_ascii_start();
    while own.starts_with('#') {
        own = own.trim_start_matches(|c| !matches!(c, '\n' | '\r')).trim_ascii_start();
    }
    own
}

fn is_exact(tree: &YamlTree, id: NodeId, written: &str) -> bool {
    let text = tree.scalar_text(id).unwrap_or_default();
    let framed = |open: char, close: char| written.starts_with(open) && written.ends_with(close);
    match tree.node(id).kind {
        NodeKind::Scalar { style: ScalarForm::Plain, .. } => is_plain(text, written),
        NodeKind::Scalar { style: ScalarForm::SingleQuoted, .. } => framed('\'', '\''),
        NodeKind::Scalar { style: ScalarForm::DoubleQuoted, .. } => framed('"', '"'),
        NodeKind::Scalar { style: ScalarForm::Literal, .. } => {
            written.starts_with('|') && is_block(text, written)
        }
        NodeKind::Scalar { style: ScalarForm::Folded, .. } => {
            written.starts_with('>') && is_block(text, written)
        }
        NodeKind::Sequence { layout: CollectionLayout::Flow, .. } => framed('[', ']'),
        // A single pair within brackets has no braces of its own.
        NodeKind::Mapping { layout: CollectionLayout::Flow, .. } => {
            framed('{', '}') || tree.entries(id).len() == 1
        }
        NodeKind::Sequence { layout: CollectionLayout::Block, .. } => written.starts_with('-'),
        NodeKind::Mapping { layout: CollectionLayout::Block, .. } => {
            !written.starts_with(|c: char| c.is_ascii_whitespace())
        }
        NodeKind::Alias => written.starts_with('*'),
    }
}

fn is_plain(text: &str, written: &str) -> bool {
    // Folding makes one blank of each line break.
    text == written || written.contains(['\n', '\r']) && words(text) == words(written)
}

/// The last line of a block scalar is its last line of content, and none of the next key's indentation.
fn is_block(text: &str, written: &str) -> bool {
    let last = text.split_ascii_whitespace().last().unwrap_or_default();
    let header_only = !written.contains(['\n', '\r']);
    (text.trim_ascii().is_empty() || written.trim_ascii_end().ends_with(last))
        && (header_only || !text.is_empty())
}

fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}
