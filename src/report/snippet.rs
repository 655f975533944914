//! Draws the line that a finding stands on, with a caret under the exact span, for the text report.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::TextPaint;
use super::text_paint::{FRAME, severity_code};
use crate::finding::Severity;
use crate::text::{SourceText, Span, make_printable};

/// The columns of a line that are shown before it is cut with a mark.
const MAX_LINE_WIDTH: usize = 100;
/// The columns of a long line that stand before the span.
const LEADING_WIDTH: usize = 40;
/// The bytes of a line that are looked at from the span on; a column has at most four, but for marks without a width.
const MAX_SHOWN_BYTES: usize = 8 * MAX_LINE_WIDTH;

/// The part of a line to mark.
pub(super) struct SnippetMark<'m> {
    pub span: Span,
    /// The number of the line on which it begins.
    pub line: usize,
    pub severity: Severity,
    /// Shown as their first two characters and `…`; in the order of the file, none within another.
    pub masked_spans: &'m [Span],
}

/// Writes the line and its carets, each after its gutter.
pub(super) fn write_snippet(
    out: &mut String,
    source: &SourceText,
    marked: &SnippetMark<'_>,
    paint: TextPaint,
) {
    let SnippetMark { span, line: number, severity, masked_spans: masked } = *marked;
    let line = source.line_span(number);
    let here = Span::new(span.start.max(line.start), span.end.clamp(line.start, line.end.max(line.start)));
    let text = source.text();
    let start = if here.start - line.start > MAX_LINE_WIDTH {
        char_boundary(text, here.start - LEADING_WIDTH)
    } else {
        line.start
    };
    // No more of a very long line than can be shown.
    let shown_end = line.end.min(char_boundary(text, text.len().min(here.start + MAX_SHOWN_BYTES)));
    let here = Span::new(here.start, here.end.min(shown_end));
    let before = masked_text(text, Span::new(start, here.start), masked);
    let within = masked_text(text, here, masked);
    let after = masked_text(text, Span::new(here.end, shown_end), masked);
    let lead = if start > line.start { "…" } else { "" };
    let indent = display_width(lead) + display_width(&before);
    let carets = display_width(&within).max(1).min(MAX_LINE_WIDTH.max(indent + 1) - indent);
    let number = number.to_string();

    let begin = out.len();
    paint.write_painted(out, FRAME, |out| out.push_str(&number));
    out.push(' ');
    paint.write_painted(out, FRAME, |out| out.push('|'));
    let words = out.len() + 1;
    out.extend([" ", lead, &before, &within, &after]);
    if !cut_line(out, words) && shown_end < line.end {
        out.push('…');
    }
    end_line(out, begin);

    let begin = out.len();
    write_gutter(out, number.len() + 1, "|", paint);
    out.extend(std::iter::repeat_n(' ', indent + 1));
    paint.write_painted(out, severity_code(severity), |out| out.extend(std::iter::repeat_n('^', carets)));
    end_line(out, begin);
}

/// Writes the start of a line without a number: so many blanks, and a sign.
pub(super) fn write_gutter(out: &mut String, blanks: usize, sign: &str, paint: TextPaint) {
    out.extend(std::iter::repeat_n(' ', blanks));
    paint.write_painted(out, FRAME, |out| out.push_str(sign));
}

/// Ends the line that began there.
fn end_line(out: &mut String, begin: usize) {
    out.truncate(begin + out[begin..].trim_end().len());
    out.push('\n');
}

/// The width in columns of a text that a terminal may show.
fn display_width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Cuts off what is written from there where it is too wide, with a mark; true where it is.
fn cut_line(out: &mut String, from: usize) -> bool {
    if display_width(&out[from..]) <= MAX_LINE_WIDTH {
        return false;
    }
    let mut wide = String::new();
    for c in out[from..].chars() {
        if wide.width() + 1 >= MAX_LINE_WIDTH {
            break;
        }
        wide.push(c);
    }
    out.truncate(from + wide.len());
    out.push('…');
    true
}

/// The text of a span, safe for a terminal, with what is masked in it hidden.
fn masked_text<'t>(text: &'t str, span: Span, masked: &[Span]) -> Cow<'t, str> {
    let first = masked.partition_point(|mask| mask.end <= span.start);
    let mut masked = masked[first..].iter().take_while(|mask| mask.start < span.end).peekable();
    if masked.peek().is_none() {
        return make_printable(span.slice(text));
    }
    let mut out = String::new();
    let mut at = span.start;
    for mask in masked {
        let hidden = Span::new(mask.start.max(at), mask.end.min(span.end));
        out.push_str(&make_printable(Span::new(at, hidden.start).slice(text)));
        if mask.start >= span.start {
            out.push_str(&mask_secret(mask.slice(text)));
        }
        at = hidden.end.max(at);
    }
    out.push_str(&make_printable(Span::new(at, span.end).slice(text)));
    Cow::Owned(out)
}

/// The same spans in the order of the file, those that overlap as one.
pub(super) fn merge_overlapping(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The first two characters of a secret, and a mark.
fn mask_secret(secret: &str) -> String {
    let head: String = secret.trim_start_matches(['"', '\'']).chars().take(2).collect();
    format!("{}…", make_printable(&head))
}

fn char_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
