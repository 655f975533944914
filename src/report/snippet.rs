//! The line that a finding stands on, with a caret under the exact span.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::Paint;
use super::paint::{FRAME, severity_code};
use crate::finding::Severity;
use crate::text::{Source, Span, printable};

/// How many columns of a line are shown before it is cut with a mark.
const WIDTH: usize = 100;
/// How much of a long line stands before the span.
const LEAD: usize = 40;

/// What is shown of a line.
pub(super) struct Marked<'m> {
    pub span: Span,
    /// The number of the line on which it begins.
    pub line: usize,
    pub severity: Severity,
    /// Shown as their first two characters and `…`.
    pub masked: &'m [Span],
}

/// Writes the line and its carets, each after its gutter.
pub(super) fn snippet(out: &mut String, source: &Source, marked: &Marked<'_>, paint: Paint) {
    let Marked { span, line: number, severity, masked } = *marked;
    let line = source.line(number);
    let here = Span::new(span.start.max(line.start), span.end.clamp(line.start, line.end.max(line.start)));
    let text = source.text();
    let start = if here.start - line.start > WIDTH { boundary(text, here.start - LEAD) } else { line.start };
    let before = shown(text, Span::new(start, here.start), masked);
    let within = shown(text, here, masked);
    let after = shown(text, Span::new(here.end, line.end), masked);
    let lead = if start > line.start { "…" } else { "" };
    let indent = columns(lead) + columns(&before);
    let carets = columns(&within).max(1).min(WIDTH.max(indent + 1) - indent);
    let number = number.to_string();

    let begin = out.len();
    paint.write(out, FRAME, |out| out.push_str(&number));
    out.push(' ');
    paint.write(out, FRAME, |out| out.push('|'));
    let words = out.len() + 1;
    out.extend([" ", lead, &before, &within, &after]);
    cut(out, words);
    end(out, begin);

    let begin = out.len();
    gutter(out, number.len() + 1, "|", paint);
    out.extend(std::iter::repeat_n(' ', indent + 1));
    paint.write(out, severity_code(severity), |out| out.extend(std::iter::repeat_n('^', carets)));
    end(out, begin);
}

/// What stands before a line without a number: so many blanks, and a sign.
pub(super) fn gutter(out: &mut String, blanks: usize, sign: &str, paint: Paint) {
    out.extend(std::iter::repeat_n(' ', blanks));
    paint.write(out, FRAME, |out| out.push_str(sign));
}

/// Ends the line that began there.
fn end(out: &mut String, begin: usize) {
    out.truncate(begin + out[begin..].trim_end().len());
    out.push('\n');
}

/// How wide a text is that a terminal may show.
fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Cuts off what is written from there where it is too wide, with a mark.
fn cut(out: &mut String, from: usize) {
    if columns(&out[from..]) <= WIDTH {
        return;
    }
    let mut wide = String::new();
    for c in out[from..].chars() {
        if wide.width() + 1 >= WIDTH {
            break;
        }
        wide.push(c);
    }
    out.truncate(from + wide.len());
    out.push('…');
}

/// The text of a span, safe for a terminal, with what is masked in it hidden.
fn shown<'t>(text: &'t str, span: Span, masked: &[Span]) -> Cow<'t, str> {
    let mut masked = masked.iter().filter(|mask| mask.start < span.end && span.start < mask.end).peekable();
    if masked.peek().is_none() {
        return printable(span.of(text));
    }
    let mut out = String::new();
    let mut at = span.start;
    for mask in masked {
        let hidden = Span::new(mask.start.max(at), mask.end.min(span.end));
        out.push_str(&printable(Span::new(at, hidden.start).of(text)));
        if mask.start >= span.start {
            out.push_str(&mask_of(mask.of(text)));
        }
        at = hidden.end.max(at);
    }
    out.push_str(&printable(Span::new(at, span.end).of(text)));
    Cow::Owned(out)
}

/// The first two characters of a secret, and a mark.
fn mask_of(secret: &str) -> String {
    let head: String = secret.trim_start_matches(['"', '\'']).chars().take(2).collect();
    format!("{}…", printable(&head))
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
