//! Where one document of a file ends and the next begins.

use crate::text::Span;

/// The slices of a text that hold one document each: its comments and directives before `---`, that marker, its
/// content, and a closing `...`. Comments after the content and before the next `---` belong to it too. What holds
/// nothing but comments and blank lines is no document.
///
/// No parser is needed for this: a marker at the first column ends a document wherever it stands, even in a quoted or a
/// block scalar (YAML 1.2.2, section 9.1.2). So a document that does not parse hides none of the others.
pub(super) fn split(text: &str) -> Vec<Span> {
    let mut documents = Vec::new();
    let mut start = 0;
    let mut begun = false;
    for line in lines(text) {
        let content = line.of(text);
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

/// The lines of a text with their ends; a lone carriage return ends one too.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let rest = &bytes[start..];
        let length = memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |at| {
            let pair = rest[at..].starts_with(b"\r\n");
            at + if pair { 2 } else { 1 }
        });
        let line = Span::new(start, start + length);
        start = line.end;
        Some(line)
    })
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// Whether a line may stand before a document's `---` without being part of its content.
fn is_prefix(line: &str) -> bool {
    let content = line.trim_ascii_start();
    content.is_empty() || content.starts_with('#') || line.starts_with('%')
}
