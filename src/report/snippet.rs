//! The line that a finding stands on, with a caret under the exact span.

use unicode_width::UnicodeWidthStr;

use super::Paint;
use crate::finding::Severity;
use crate::text::{Source, Span, printable};

/// How many columns of a line are shown before it is cut with a mark.
const WIDTH: usize = 100;
/// How much of a long line stands before the span.
const LEAD: usize = 40;

/// The line and its carets, each with the gutter that `margin` digits of line numbers need. `masked` spans are shown
/// as their first two characters and `…`.
pub(super) fn snippet(
    source: &Source,
    span: Span,
    masked: &[Span],
    severity: Severity,
    margin: usize,
    paint: Paint,
) -> [String; 2] {
    let number = source.line_at(span.start);
    let line = source.line(number);
    let here = Span::new(span.start.max(line.start), span.end.clamp(line.start, line.end.max(line.start)));
    let text = source.text();
    let start = if here.start - line.start > WIDTH { boundary(text, here.start - LEAD) } else { line.start };
    let before = shown(text, Span::new(start, here.start), masked);
    let marked = shown(text, here, masked);
    let after = shown(text, Span::new(here.end, line.end), masked);
    let lead = if start > line.start { "…" } else { "" };
    let indent = lead.width() + before.width();
    let carets = marked.width().max(1).min(WIDTH.max(indent + 1) - indent);
    let whole = cut(&format!("{lead}{before}{marked}{after}"));
    let bar = paint.frame("|");
    [
        format!("{} {bar} {whole}", paint.frame(&format!("{number:>margin$}"))),
        format!(
            "{} {bar} {}{}",
            " ".repeat(margin),
            " ".repeat(indent),
            paint.severity(severity, &"^".repeat(carets))
        ),
    ]
}

/// The text of a span, safe for a terminal, with what is masked in it hidden.
fn shown(text: &str, span: Span, masked: &[Span]) -> String {
    let mut out = String::new();
    let mut at = span.start;
    for mask in masked.iter().filter(|mask| mask.start < span.end && span.start < mask.end) {
        let hidden = Span::new(mask.start.max(at), mask.end.min(span.end));
        out.push_str(&printable(Span::new(at, hidden.start).of(text)));
        if mask.start >= span.start {
            out.push_str(&mask_of(mask.of(text)));
        }
        at = hidden.end.max(at);
    }
    out.push_str(&printable(Span::new(at, span.end).of(text)));
    out
}

/// The first two characters of a secret, and a mark.
fn mask_of(secret: &str) -> String {
    let head: String = secret.trim_start_matches(['"', '\'']).chars().take(2).collect();
    format!("{}…", printable(&head))
}

fn cut(line: &str) -> String {
    if line.width() <= WIDTH {
        return line.to_owned();
    }
    let mut out = String::new();
    for c in line.chars() {
        if out.width() + 1 >= WIDTH {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
