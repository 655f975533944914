//! Reads the YAML that people and generators write line by line, many times faster than by events, with the same
//! result.
//!
//! Reads block mappings and lists, collections in brackets on one line, and scalars of every style. Of whatever else it
//! meets (anchors, tags, brackets over several lines, a fault) it reports nothing: then the parser of events decides.

mod block_values;
mod byte_scan;
mod flow_brackets;
mod line_parser;
mod line_scalar;
mod lookahead;
mod yaml_line;

use std::ops::Range;

pub(crate) use line_scalar::LineScalar;

use super::yaml_tree::CollectionLayout;

/// The deepest that collections may stand in one another, and the most keys, items and comments there may be: well
/// within the other parser's limits.
const MAX_LINE_DEPTH: usize = 100;
const MAX_LINE_NODES: usize = 450_000;
const MAX_LINE_COMMENTS: usize = 10_000;

/// The longest key: the other parser searches a key's colon among 1024 characters, blanks before it included.
const MAX_KEY_LENGTH: usize = 1000;

/// The visitor of a document's nodes in the order of its text. Ranges are in the slice; none stops it.
pub(crate) trait YamlVisitor<'a> {
    /// A collection begins at its first key, dash or bracket.
    fn on_collection_start(&mut self, is_mapping: bool, layout: CollectionLayout, at: usize) -> Option<()>;

    /// The innermost collection ends: after its bracket, where it has one.
    fn on_collection_end(&mut self, bracket: Option<usize>) -> Option<()>;

    /// A mapping's key: its text and, with its quotes, its range.
    fn on_key(&mut self, text: &'a str, range: Range<usize>) -> Option<()>;

    /// A value or an item that is no collection. A null that is not written is empty, after its colon or dash.
    fn on_scalar(&mut self, scalar: &LineScalar<'a>) -> Option<()>;

    /// From its `#` to the end of its line.
    fn on_comment(&mut self, range: Range<usize>) -> Option<()>;
}

/// Reads the text of one document. None where it may have a fault, or is written in a way that only the other parser
/// knows; what the visitor received until then is void.
pub(crate) fn visit_lines<'a, S: YamlVisitor<'a>>(slice: &'a str, sink: S) -> Option<S> {
    byte_scan::is_ordinary(slice).then(|| line_parser::LineParser::new(slice, sink).read_document())?
}
