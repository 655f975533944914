//! From a document's text to its tree: the one place that knows the event parser, and what its spans leave to be done.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, options};

use super::grow::Growth;
use super::problem::ProblemKind;
use super::tree::{Layout, NodeId, Style, Tree};
use crate::text::Span;

/// How deep collections may stand in one another. The second parser gives up at 128; people at about 20.
pub(super) const MAX_DEPTH: usize = 120;

/// How many keys and values a document may have; a rendered manifest of a whole platform has a tenth of it.
const MAX_NODES: usize = 500_000;

/// Comments in a row that the parser may hold back; it counts them to bound its memory, and the file's size does too.
const MAX_COMMENTS: usize = 100_000;

/// Why a document has no tree.
#[derive(Clone, Debug)]
pub(super) struct BuildError {
    /// Bytes from the start of the file.
    pub(super) offset: usize,
    pub(super) message: String,
    pub(super) kind: ProblemKind,
}

/// The tree of the one document at `at` in its file, which begins there with no byte-order mark.
pub(super) fn build(file: &Arc<str>, at: Span) -> Result<Tree, BuildError> {
    let (slice, base) = (at.of(file), at.start);
    let options = options! {
        emit_anchor_events: true,
        block_scalar_eof_without_line_feed: true,
        max_buffered_comment_events: MAX_COMMENTS,
    };
    let mut builder = Builder { slice, base, growth: Growth::new(file, slice.len()), ..Builder::default() };
    for event in Parser::new_from_str_with_options(slice, options) {
        let (event, span) = event.map_err(|error| failure(&error, base))?;
        let range = span.byte_range().unwrap_or_default();
        let tag = span.tag_span().and_then(|tag| tag.byte_range()).map(|tag| Span::new(tag.start, tag.end));
        builder.take(event, Span::new(range.start, range.end), tag)?;
    }
    Ok(builder.growth.finish())
}

fn failure(error: &ScanError, base: usize) -> BuildError {
    BuildError {
        offset: base + error.marker().byte_offset().unwrap_or_default(),
        message: error.kind().to_string(),
        kind: match error.kind() {
            ErrorKind::RecursionLimitExceeded => ProblemKind::TooDeeplyNested,
            ErrorKind::TooManyComments => ProblemKind::TooLarge,
            _ => ProblemKind::InvalidSyntax,
        },
    }
}

/// What has been read so far. Spans count from the start of the slice until a node is stored.
#[derive(Default)]
struct Builder<'a> {
    slice: &'a str,
    base: usize,
    growth: Growth,
    anchors: HashMap<usize, NodeId>,
    /// Where the last scalar, alias, property or bracket ended: what a block scalar's header is looked for from.
    floor: usize,
    begun: bool,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span, tag: Option<Span>) -> Result<(), BuildError> {
        if self.growth.len() > MAX_NODES {
            let message = format!("the document has more than {MAX_NODES} keys and values");
            return Err(self.error(ProblemKind::TooLarge, span.start, message));
        }
        match event {
            Event::DocumentStart(..) if self.begun => {
                let message = "a second document begins where none can".to_owned();
                return Err(self.error(ProblemKind::InvalidSyntax, span.start, message));
            }
            Event::DocumentStart(..) => self.begun = true,
            Event::Comment(..) => self.growth.comment(span.shifted(self.base)),
            Event::Scalar(text, style, anchor, _) => {
                let style = self::style(style);
                let span = self.scalar_span(span, style, &text);
                let text = if span.is_empty() { "" } else { &*text };
                if span.is_empty() && tag.is_none() && anchor == 0 && self.growth.depth() == 0 {
                    return Ok(());
                }
                self.scalar(style, span, text, tag, anchor);
            }
            Event::Alias(target) => {
                let target = self.anchors.get(&target).copied();
                let whole = self.whole(span, None);
                self.growth.alias(whole, target);
            }
            Event::Anchor(..) => self.anchor(span),
            Event::SequenceStart(style, anchor, _) => {
                self.begin(false, style, self.sequence_span(span, style), tag, anchor)?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.begin(true, style, span, tag, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => {}
        }
        Ok(())
    }

    fn error(&self, kind: ProblemKind, at: usize, message: String) -> BuildError {
        BuildError { offset: self.base + at, message, kind }
    }

    fn scalar(&mut self, style: Style, span: Span, text: &str, tag: Option<Span>, anchor: usize) {
        let quotes =
            usize::from(matches!(style, Style::SingleQuoted | Style::DoubleQuoted) && span.len() > 1);
        let written = Span::new(span.start + quotes, span.end - quotes).shifted(self.base);
        let whole = self.whole(span, tag);
        let node = self.growth.scalar(style, whole, written, text);
        self.property(node, tag, anchor);
    }

    fn begin(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        span: Span,
        tag: Option<Span>,
        anchor: usize,
    ) -> Result<(), BuildError> {
        if self.growth.depth() >= MAX_DEPTH {
            let message = format!("collections stand more than {MAX_DEPTH} deep in one another");
            return Err(self.error(ProblemKind::TooDeeplyNested, span.start, message));
        }
        let whole = self.whole(span, tag);
        let node = self.growth.begin(is_mapping, layout(style), whole);
        self.property(node, tag, anchor);
        Ok(())
    }

    /// A node's span in the file, with its tag.
    fn whole(&mut self, span: Span, tag: Option<Span>) -> Span {
        let whole = tag.map_or(span, |tag| if span.is_empty() { tag } else { tag.to(span) });
        self.floor = self.floor.max(whole.end);
        whole.shifted(self.base)
    }

    fn property(&mut self, node: NodeId, tag: Option<Span>, anchor: usize) {
        if let Some(tag) = tag {
            self.growth.tag(node, tag.shifted(self.base));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    /// An anchor is told after the node it names, and before anything in it.
    fn anchor(&mut self, span: Span) {
        self.floor = self.floor.max(span.end);
        self.growth.anchor(span.shifted(self.base));
    }

    /// Closes the innermost collection. One that has brackets ends on its own; any other spans what stands in it,
    /// since its end is told only at the next token.
    fn end(&mut self, span: Span) {
        let brackets = self.slice[span.start..span.end].ends_with([']', '}']);
        let whole = self.growth.end(brackets.then(|| span.shifted(self.base)));
        self.floor = self.floor.max(whole.map_or(0, |whole| whole.end - self.base));
    }

    /// A sequence at its key's own column is told only after its first dash.
    fn sequence_span(&self, span: Span, style: StructureStyle) -> Span {
        if style == StructureStyle::Block && self.in_mapping() {
            let dash = self.find(|b| b == b'-').unwrap_or(span.start);
            return Span::at(dash.min(span.start));
        }
        span
    }

    fn scalar_span(&self, span: Span, style: Style, text: &str) -> Span {
        match style {
            Style::Literal | Style::Folded => self.block_scalar_span(span, text),
            Style::Plain if span.is_empty() => Span::at(self.null_at().unwrap_or(span.start)),
            _ => span,
        }
    }

    /// Whether the next node is a mapping's key or value.
    fn in_mapping(&self) -> bool {
        self.growth.innermost() == Some((Layout::Block, true))
    }

    /// A null that is not written is told before its colon, or wherever the next token stands.
    fn null_at(&self) -> Option<usize> {
        let indicator = match self.growth.innermost()? {
            (_, true) if self.growth.has_key() => b':',
            (Layout::Block, false) => b'-',
            _ => return None,
        };
        let at = self.find(|b| !b.is_ascii_whitespace())?;
        Some(if self.slice.as_bytes()[at] == indicator { at + 1 } else { self.floor })
    }

    /// A block scalar is told without its header, and with the blank lines and the next line's indentation after it.
    fn block_scalar_span(&self, span: Span, text: &str) -> Span {
        let header = self.find(|b| matches!(b, b'|' | b'>')).unwrap_or(span.start);
        let indicators = self.slice[header..].bytes().take_while(|b| b"|>+-0123456789".contains(b)).count();
        let keeps = self.slice[header..header + indicators].contains('+');
        let body = Span::new(header + indicators, span.end.max(header + indicators)).of(self.slice);
        let body = match body.rsplit_once('\n') {
            Some((lines, rest)) if rest.trim_ascii().is_empty() => lines,
            _ => body,
        };
        let last = text.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        let blanks_count = keeps || (!last.is_empty() && last.trim_ascii().is_empty());
        let body = if blanks_count { body.trim_end_matches('\r') } else { last_line_with_content(body) };
        let header_only = text.is_empty() && !keeps;
        Span::new(header, header + indicators + if header_only { 0 } else { body.len() })
    }

    /// The first byte after the last token that is as wanted, past properties and comments.
    fn find(&self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let bytes = self.slice.as_bytes();
        let length = |at: usize, ends: fn(&u8) -> bool| bytes[at..].iter().take_while(|b| !ends(b)).count();
        let mut at = self.floor;
        loop {
            match *bytes.get(at)? {
                b'#' => at += length(at, |b| matches!(b, b'\n' | b'\r')),
                b'&' | b'!' => at += length(at, u8::is_ascii_whitespace),
                byte if wanted(byte) => return Some(at),
                _ => at += 1,
            }
        }
    }
}

/// The text up to the end of the last line that is more than blanks.
fn last_line_with_content(body: &str) -> &str {
    let content = body.trim_ascii_end().len();
    let end = body[content..].find(['\n', '\r']).map_or(body.len(), |at| content + at);
    &body[..end]
}

const fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

const fn layout(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Block => Layout::Block,
        StructureStyle::Flow => Layout::Flow,
    }
}
