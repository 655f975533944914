//! Splits a file's text into its documents.

use std::sync::LazyLock;

/// The largest file that is read, in bytes.
pub const MAX_YAML_BYTES: usize = 8 * 1024 * 1024;

pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

use memchr::memmem::Finder;

use crate::text::Span;

static MARKERS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["\n---", "\n..."].map(Finder::new));

/// The slices of a text that hold one document each: its comments and directives before `---`, that marker, its
/// content, and a closing `...`. Comments after the content and before the next `---` belong to it too. What holds
/// nothing but comments and blank lines is no document.
///
/// No parser is needed for this: a marker at the first column ends a document wherever it stands, even in a quoted or a
/// block scalar (YAML 1.2.2, section 9.1.2). So a document that does not parse hides none of the others.
pub(crate) fn split_documents(text: &str) -> Vec<Span> {
    let mut documents = Vec::new();
    let mut start = 0;
    let mut begun = false;
    let mut at = 0;
    let mut markers = MarkerSearch::in_text(text);
    while let Some(line) = next_line(text, at) {
        at = line.end;
        if begun && let Some(marked) = markers.next_after(line) {
            at = marked;
            continue;
        }
        let content = line.slice(text);
        if is_marker(content, "---") {
            if begun {
                documents.push(Span::new(start, line.start));
                start = line.start;
            }
            begun = true;
        } else if is_marker(content, "...") {
            if begun {
                documents.push(Span::new(start, line.end));
            }
            start = line.end;
            begun = false;
        } else {
            begun = begun || !is_prefix(content);
        }
    }
    if begun {
        documents.push(Span::new(start, text.len()));
    }
    documents
}

/// The line at a place, with its end; a lone carriage return ends one too.
fn next_line(text: &str, start: usize) -> Option<Span> {
    let rest = text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
    let length = memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |at| {
        let pair = rest[at..].starts_with(b"\r\n");
        at + if pair { 2 } else { 1 }
    });
    Some(Span::new(start, start + length))
}

/// The search for starts of lines that may be markers.
struct MarkerSearch<'a> {
    text: &'a [u8],
    /// True when a carriage return may end a line, so that each must be examined.
    has_returns: bool,
    /// The next place of each of the markers, once it has been searched.
    next: [usize; 2],
}

impl<'a> MarkerSearch<'a> {
    fn in_text(text: &'a str) -> Self {
        let text = text.as_bytes();
        Self { text, has_returns: memchr::memchr(b'\r', text).is_some(), next: [0; 2] }
    }

    /// The first such line after one that is none.
    fn next_after(&mut self, line: Span) -> Option<usize> {
        if matches!(self.text[line.start], b'-' | b'.') {
            return None;
        }
        if self.has_returns {
            let ends = memchr::memchr2_iter(b'\n', b'\r', &self.text[line.end..]).map(|at| line.end + at + 1);
            let mut starts = std::iter::once(line.end).chain(ends);
            return Some(
                starts.find(|at| matches!(self.text.get(*at), Some(b'-' | b'.'))).unwrap_or(self.text.len()),
            );
        }
        for (next, marker) in self.next.iter_mut().zip(MARKERS.iter()) {
            if *next < line.end {
                let from = line.end - 1;
                *next = marker.find(&self.text[from..]).map_or(self.text.len(), |at| from + at + 1);
            }
        }
        self.next.iter().copied().min()
    }
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// True for a line that may stand before a document's `---` without being part of its content.
fn is_prefix(line: &str) -> bool {
    let content = line.trim_ascii_start();
    content.is_empty() || content.starts_with('#') || line.starts_with('%')
}
