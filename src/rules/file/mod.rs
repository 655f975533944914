//! Checks the files themselves. These findings never count in the score.

pub(super) mod ambiguous_boolean;
pub(super) mod duplicate_key;
pub(super) mod invalid_syntax;
pub(super) mod suppression_without_reason;
pub(super) mod unaudited_file;
pub(super) mod unused_suppression;

use crate::text::Span;

/// A span that can be shown: where a parser names a place only, the rest of its line, or else of the line's own text.
fn visible_span(text: &str, span: Span) -> Span {
    if !span.is_empty() || text.is_empty() {
        return span;
    }
    let at = span.start.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let shown = |from: usize| {
        let line = &text[from..end];
        let begin = from + line.len() - line.trim_start().len();
        Span::new(begin, (from + line.trim_end().len()).max(begin))
    };
    let rest = shown(at);
    let line = if rest.is_empty() { shown(start) } else { rest };
    if !line.is_empty() {
        return line;
    }
    // On an empty line nothing can be underlined but what comes before it.
    let before = text[..start].trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    Span::new(before.len() - last, before.len())
}
