//! Reads a document's tree from the event parser, and corrects its spans: the one place that knows that parser.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, options};

use super::builder::TreeBuilder;
use super::yaml_problem::YamlProblemKind;
use super::yaml_tree::{CollectionLayout, NodeId, ScalarForm, YamlTree, core_tag};
use crate::text::Span;

/// The deepest that collections may stand in one another. The second parser gives up at 128; people at about 20.
pub(crate) const MAX_TREE_DEPTH: usize = 120;

/// The most keys and values a document may have; a rendered manifest of a whole platform has a tenth of it.
const MAX_TREE_NODES: usize = 500_000;

/// Comments in a row that the parser may hold back; it counts them to bound its memory, and the file's size does too.
const MAX_BUFFERED_COMMENTS: usize = 100_000;

/// The reason why a document has no tree.
#[derive(Clone, Debug)]
pub(crate) struct TreeError {
    /// Bytes from the start of the file.
    pub(crate) offset: usize,
    pub(crate) message: String,
    pub(crate) kind: YamlProblemKind,
}

/// The tree of the one document at `at` in its file, which begins there with no byte-order mark.
pub(crate) fn tree_from_events(file: &Arc<str>, at: Span) -> Result<YamlTree, TreeError> {
    let (slice, base) = (at.slice(file), at.start);
    let options = options! {
        emit_anchor_events: true,
        block_scalar_eof_without_line_feed: true,
        max_buffered_comment_events: MAX_BUFFERED_COMMENTS,
    };
    let mut builder = EventAdapter {
        slice,
        base,
        tree_builder: TreeBuilder::new(file, slice.len()),
        ..EventAdapter::default()
    };
    for event in Parser::new_from_str_with_options(slice, options) {
        let (event, span) = event.map_err(|error| tree_error(&error, base))?;
        let range = span.byte_range().unwrap_or_default();
        let tag = span.tag_span().and_then(|tag| tag.byte_range()).map(|tag| Span::new(tag.start, tag.end));
        builder.on_event(event, Span::new(range.start, range.end), tag)?;
    }
    Ok(builder.tree_builder.finish_tree())
}

/// The text that `!!binary` stands for; none where it is no text.
fn decode_binary(text: &str) -> Option<String> {
    let plain: String = text.split_ascii_whitespace().collect();
    String::from_utf8(BASE64_STANDARD.decode(plain).ok()?).ok()
}

fn tree_error(error: &ScanError, base: usize) -> TreeError {
    TreeError {
        offset: base + error.marker().byte_offset().unwrap_or_default(),
        message: error.kind().to_string(),
        kind: match error.kind() {
            ErrorKind::RecursionLimitExceeded => YamlProblemKind::TooDeeplyNested,
            ErrorKind::TooManyComments => YamlProblemKind::TooLarge,
            _ => YamlProblemKind::InvalidSyntax,
        },
    }
}

/// The nodes read so far. Spans count from the start of the slice until a node is stored.
#[derive(Default)]
struct EventAdapter<'a> {
    slice: &'a str,
    base: usize,
    tree_builder: TreeBuilder,
    anchors: HashMap<usize, NodeId>,
    /// End of the last scalar, alias, property or bracket: a block scalar's header is searched from there.
    last_token_end: usize,
    has_begun: bool,
}

impl EventAdapter<'_> {
    fn on_event(&mut self, event: Event<'_>, span: Span, tag: Option<Span>) -> Result<(), TreeError> {
        if self.tree_builder.len() > MAX_TREE_NODES {
            let message = format!("the document has more than {MAX_TREE_NODES} keys and values");
            return Err(self.error_at(YamlProblemKind::TooLarge, span.start, message));
        }
        match event {
            Event::DocumentStart(..) if self.has_begun => {
                let message = "a second document begins where none can".to_owned();
                return Err(self.error_at(YamlProblemKind::InvalidSyntax, span.start, message));
            }
            Event::DocumentStart(..) => self.has_begun = true,
            Event::Comment(..) => self.tree_builder.add_comment(span.shift_by(self.base)),
            Event::Scalar(text, style, anchor, _) => {
                let style = self::scalar_form(style);
                let span = self.scalar_span(span, style, &text);
                let text = if span.is_empty() { "" } else { &*text };
                if span.is_empty() && tag.is_none() && anchor == 0 && self.tree_builder.depth() == 0 {
                    return Ok(());
                }
                self.add_scalar(style, span, text, tag, anchor);
            }
            Event::Alias(target) => {
                let target = self.anchors.get(&target).copied();
                let whole = self.node_span(span, None);
                self.tree_builder.add_alias(whole, target);
            }
            Event::Anchor(..) => self.add_anchor(span),
            Event::SequenceStart(style, anchor, _) => {
                self.begin_collection(false, style, self.sequence_span(span, style), tag, anchor)?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.begin_collection(true, style, span, tag, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(span),
            _ => {}
        }
        Ok(())
    }

    fn error_at(&self, kind: YamlProblemKind, at: usize, message: String) -> TreeError {
        TreeError { offset: self.base + at, message, kind }
    }

    fn add_scalar(&mut self, style: ScalarForm, span: Span, text: &str, tag: Option<Span>, anchor: usize) {
        let quotes = usize::from(
            matches!(style, ScalarForm::SingleQuoted | ScalarForm::DoubleQuoted) && span.len() > 1,
        );
        let written = Span::new(span.start + quotes, span.end - quotes).shift_by(self.base);
        let whole = self.node_span(span, tag);
        let is_binary = tag.is_some_and(|tag| core_tag(tag.slice(self.slice)) == Some("binary"));
        let decoded = is_binary.then(|| decode_binary(text)).flatten();
        let node = self.tree_builder.add_scalar(style, whole, written, decoded.as_deref().unwrap_or(text));
        self.add_properties(node, tag, anchor);
    }

    fn begin_collection(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        span: Span,
        tag: Option<Span>,
        anchor: usize,
    ) -> Result<(), TreeError> {
        if self.tree_builder.depth() >= MAX_TREE_DEPTH {
            let message = format!("collections stand more than {MAX_TREE_DEPTH} deep in one another");
            return Err(self.error_at(YamlProblemKind::TooDeeplyNested, span.start, message));
        }
        let whole = self.node_span(span, tag);
        let node = self.tree_builder.begin_collection(is_mapping, collection_layout(style), whole);
        self.add_properties(node, tag, anchor);
        Ok(())
    }

    /// A node's span in the file, with its tag.
    fn node_span(&mut self, span: Span, tag: Option<Span>) -> Span {
        let whole = tag.map_or(span, |tag| if span.is_empty() { tag } else { tag.to(span) });
        self.last_token_end = self.last_token_end.max(whole.end);
        whole.shift_by(self.base)
    }

    fn add_properties(&mut self, node: NodeId, tag: Option<Span>, anchor: usize) {
        if let Some(tag) = tag {
            self.tree_builder.set_tag(node, tag.shift_by(self.base));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    /// An anchor's event comes after that of the node it names, and before anything in it.
    fn add_anchor(&mut self, span: Span) {
        self.last_token_end = self.last_token_end.max(span.end);
        self.tree_builder.set_anchor(span.shift_by(self.base));
    }

    /// Closes the innermost collection. One that has brackets ends on its own; any other spans its members, since the
    /// event of its end comes only at the next token.
    fn end_collection(&mut self, span: Span) {
        let brackets = self.slice[span.start..span.end].ends_with([']', '}']);
        let whole = self.tree_builder.end_collection(brackets.then(|| span.shift_by(self.base)));
        self.last_token_end = self.last_token_end.max(whole.map_or(0, |whole| whole.end - self.base));
    }

    /// The event of a sequence at its key's own column comes only after its first dash.
    fn sequence_span(&self, span: Span, style: StructureStyle) -> Span {
        if style == StructureStyle::Block && self.in_mapping() {
            let dash = self.find(|b| b == b'-').unwrap_or(span.start);
            return Span::empty_at(dash.min(span.start));
        }
        span
    }

    fn scalar_span(&self, span: Span, style: ScalarForm, text: &str) -> Span {
        match style {
            ScalarForm::Literal | ScalarForm::Folded => self.block_scalar_span(span, text),
            ScalarForm::Plain if span.is_empty() => Span::empty_at(self.null_at().unwrap_or(span.start)),
            _ => span,
        }
    }

    /// True when the next node is a mapping's key or value.
    fn in_mapping(&self) -> bool {
        self.tree_builder.innermost() == Some((CollectionLayout::Block, true))
    }

    /// The event of a null that is not written comes before its colon, or wherever the next token stands.
    fn null_at(&self) -> Option<usize> {
        let indicator = match self.tree_builder.innermost()? {
            (_, true) if self.tree_builder.has_key() => b':',
            (CollectionLayout::Block, false) => b'-',
            _ => return None,
        };
        let at = self.find(|b| !b.is_ascii_whitespace())?;
        Some(if self.slice.as_bytes()[at] == indicator { at + 1 } else { self.last_token_end })
    }

    /// The event of a block scalar lacks its header, and has the blank lines and the next line's indentation after it.
    fn block_scalar_span(&self, span: Span, text: &str) -> Span {
        let header = self.find(|b| matches!(b, b'|' | b'>')).unwrap_or(span.start);
        let indicators = self.slice[header..].bytes().take_while(|b| b"|>+-0123456789".contains(b)).count();
        let keeps = self.slice[header..header + indicators].contains('+');
        let body = Span::new(header + indicators, span.end.max(header + indicators)).slice(self.slice);
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

    /// The first byte after the last token that passes the test, past properties and comments.
    fn find(&self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let bytes = self.slice.as_bytes();
        let length = |at: usize, ends: fn(&u8) -> bool| bytes[at..].iter().take_while(|b| !ends(b)).count();
        let mut at = self.last_token_end;
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

const fn scalar_form(style: ScalarStyle) -> ScalarForm {
    match style {
        ScalarStyle::Plain => ScalarForm::Plain,
        ScalarStyle::SingleQuoted => ScalarForm::SingleQuoted,
        ScalarStyle::DoubleQuoted => ScalarForm::DoubleQuoted,
        ScalarStyle::Literal => ScalarForm::Literal,
        ScalarStyle::Folded => ScalarForm::Folded,
    }
}

const fn collection_layout(style: StructureStyle) -> CollectionLayout {
    match style {
        StructureStyle::Block => CollectionLayout::Block,
        StructureStyle::Flow => CollectionLayout::Flow,
    }
}
