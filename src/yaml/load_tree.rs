//! Loads a document's tree: from its lines where they are enough, else from the events of a parser.

use std::ops::Range;
use std::sync::Arc;

use super::builder::TreeBuilder;
use super::events::TreeError;
use super::lines::{LineScalar, YamlVisitor};
use super::split_documents::BYTE_ORDER_MARK;
use super::yaml_tree::{CollectionLayout, ScalarForm, YamlTree};
use super::{events, lines, split_documents};
use crate::text::Span;

/// The tree of the one document at `at` in its file, which begins there with no byte-order mark.
pub(crate) fn load_tree(file: &Arc<str>, at: Span) -> Result<YamlTree, TreeError> {
    tree_from_lines(file, at).map_or_else(|| events::tree_from_events(file, at), Ok)
}

/// The tree of a text that is one document.
pub(crate) fn load_single_document(text: &Arc<str>) -> Option<YamlTree> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    match split_documents::split_documents(&text[start..]).as_slice() {
        [at] => load_tree(text, at.shift_by(start)).ok(),
        _ => None,
    }
}

/// The trees of every document of a text: from lines, and from events. Where there are both they are alike.
#[must_use]
pub fn parse_with_both(text: &str) -> Vec<(Option<YamlTree>, Option<YamlTree>)> {
    let file = Arc::from(text);
    let documents = split_documents::split_documents(text).into_iter();
    documents.map(|at| (tree_from_lines(&file, at), events::tree_from_events(&file, at).ok())).collect()
}

/// The tree from lines alone.
fn tree_from_lines(file: &Arc<str>, at: Span) -> Option<YamlTree> {
    let slice = at.slice(file);
    let visitor = lines::visit_lines(
        slice,
        TreeVisitor { slice, base: at.start, tree_builder: TreeBuilder::new(file, slice.len()) },
    )?;
    Some(visitor.tree_builder.finish_tree())
}

struct TreeVisitor<'a> {
    slice: &'a str,
    base: usize,
    tree_builder: TreeBuilder,
}

impl TreeVisitor<'_> {
    fn span_in_file(&self, range: Range<usize>) -> Span {
        Span::new(range.start, range.end).shift_by(self.base)
    }
}

impl<'a> YamlVisitor<'a> for TreeVisitor<'a> {
    fn on_collection_start(&mut self, is_mapping: bool, layout: CollectionLayout, at: usize) -> Option<()> {
        let first = at..at + usize::from(layout == CollectionLayout::Flow);
        self.tree_builder.begin_collection(is_mapping, layout, self.span_in_file(first));
        Some(())
    }

    fn on_collection_end(&mut self, bracket: Option<usize>) -> Option<()> {
        let bracket = bracket.map(|after| self.span_in_file(after - 1..after));
        self.tree_builder.end_collection(bracket).map(|_| ())
    }

    fn on_key(&mut self, text: &'a str, range: Range<usize>) -> Option<()> {
        let style = match self.slice.as_bytes().get(range.start)? {
            b'"' => ScalarForm::DoubleQuoted,
            b'\'' => ScalarForm::SingleQuoted,
            _ => ScalarForm::Plain,
        };
        let quotes = usize::from(style != ScalarForm::Plain);
        let written = self.span_in_file(range.start + quotes..range.end - quotes);
        self.tree_builder.add_scalar(style, self.span_in_file(range), written, text);
        Some(())
    }

    fn on_scalar(&mut self, on_scalar: &LineScalar<'a>) -> Option<()> {
        let (text, written) = (on_scalar.full_text()?, self.span_in_file(on_scalar.inner_range()));
        self.tree_builder.add_scalar(
            on_scalar.style,
            self.span_in_file(on_scalar.range.clone()),
            written,
            &text,
        );
        Some(())
    }

    fn on_comment(&mut self, range: Range<usize>) -> Option<()> {
        self.tree_builder.add_comment(self.span_in_file(range));
        Some(())
    }
}
