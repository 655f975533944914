//! The YAML that people and generators write, read line by line: many times faster than by events, and the same.
//!
//! It reads block mappings and lists, collections in brackets on one line, and scalars of every style. Of whatever else
//! it meets (anchors, tags, brackets over several lines, a fault) it says nothing: then the parser of events decides.

mod ahead;
mod flow;
mod line;
mod scalar;
mod text;
mod value;
mod walk;

use std::ops::Range;

pub(super) use scalar::LineScalar;

use super::tree::CollectionLayout;

/// How deep collections may stand in one another, and how many keys, items and comments there may be: well within what
/// the other parser takes.
const MAX_LINE_DEPTH: usize = 100;
const MAX_LINE_NODES: usize = 200_000;
const MAX_LINE_COMMENTS: usize = 10_000;

/// The other parser looks for a key's colon among 1024 characters, blanks before it included.
const MAX_KEY_LENGTH: usize = 1000;

/// What is told of a document while it is read, in the order of its text. Ranges are in the slice; none stops it.
pub(super) trait YamlVisitor<'a> {
    /// A collection begins at its first key, dash or bracket.
    fn on_collection_start(&mut self, is_mapping: bool, layout: CollectionLayout, at: usize) -> Option<()>;

    /// The innermost collection ends: after its bracket, where it has one.
    fn on_collection_end(&mut self, bracket: Option<usize>) -> Option<()>;

    /// A mapping's key as it says and, with its quotes, as it is written.
    fn on_key(&mut self, text: &'a str, range: Range<usize>) -> Option<()>;

    /// A value or an item that is no collection. A null that is not written is empty, after its colon or dash.
    fn on_scalar(&mut self, scalar: &LineScalar<'a>) -> Option<()>;

    /// From its `#` to the end of its line.
    fn on_comment(&mut self, range: Range<usize>) -> Option<()>;
}

/// Reads the text of one document. None where it may have a fault, or is written in a way that only the other parser
/// knows; what the sink was told until then is void.
pub(super) fn visit_lines<'a, S: YamlVisitor<'a>>(slice: &'a str, sink: S) -> Option<S> {
    text::is_ordinary(slice).then(|| walk::LineParser::new(slice, sink).read_document())?
}
