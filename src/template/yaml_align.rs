//! Finds the bytes of a scalar's meaning in its source: without quotes, escapes, indents and folds.

use std::ops::Range;

use granit_parser::ScalarStyle;

use super::origin_table::{ChainId, PieceSource};
use super::origin_text::{OriginText, TextBuilder};

/// The text of a scalar with the place of each of its bytes. Bytes that stand there otherwise, as an escape or a line's
/// end, get the place of that.
pub(super) fn align_scalar(
    source: &OriginText,
    span: Range<usize>,
    style: ScalarStyle,
    value: &str,
) -> OriginText {
    let span = span.start.min(source.len())..span.end.min(source.len());
    let written = &source.bytes()[span.clone()];
    if written == value.as_bytes() {
        return source.slice(span);
    }
    if written.len() == value.len() + 2 && written[1..written.len() - 1] == *value.as_bytes() {
        return source.slice(span.start + 1..span.end - 1);
    }
    let units = match style {
        ScalarStyle::Literal | ScalarStyle::Folded => block_units(source.bytes(), span.clone()),
        _ => flow_units(source.bytes(), span.clone(), style),
    };
    let fallback = source.source_at(span.start);
    align_units(source, value.as_bytes(), &units, fallback)
}

/// A byte of the source that may be one of the scalar's, or an escape that makes some of them.
#[derive(Clone, Copy, Debug)]
struct SourceUnit {
    at: usize,
    /// The byte as it is meant; none for an escape.
    byte: Option<u8>,
}

/// The bytes of a block scalar without its header and indents.
fn block_units(source: &[u8], span: Range<usize>) -> Vec<SourceUnit> {
    let mut start = span.start;
    if matches!(source.get(start), Some(b'|' | b'>')) {
        start += source[start..span.end]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(span.end - start, |at| at + 1);
    }
    // Its lines begin at a line's start, wherever the span says that the scalar does.
    let start = source[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines: Vec<Range<usize>> = line_ranges(source, start..span.end);
    let spaces = |line: &Range<usize>| source[line.clone()].iter().take_while(|byte| **byte == b' ').count();
    let filled =
        lines.iter().filter(|line| source[(*line).clone()].iter().any(|byte| !byte.is_ascii_whitespace()));
    let indent = filled.map(spaces).min().unwrap_or(0);
    let mut units = Vec::with_capacity(span.len());
    for line in lines {
        let skipped = spaces(&line).min(indent);
        units.extend((line.start + skipped..line.end).map(|at| SourceUnit { at, byte: Some(source[at]) }));
    }
    units
}

/// Lines with their ends.
fn line_ranges(source: &[u8], span: Range<usize>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let next = source[at..span.end]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(span.end, |next| at + next + 1);
        lines.push(at..next);
        at = next;
    }
    lines
}

/// The bytes of a plain or quoted scalar, line by line, without what is folded away.
fn flow_units(source: &[u8], span: Range<usize>, style: ScalarStyle) -> Vec<SourceUnit> {
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let (start, end) =
        if quoted { (span.start + 1, span.end.saturating_sub(1)) } else { (span.start, span.end) };
    let mut units = Vec::with_capacity(span.len());
    let mut at = start;
    while at < end {
        let byte = source[at];
        if style == ScalarStyle::DoubleQuoted && byte == b'\\' {
            units.push(SourceUnit { at, byte: None });
            at += escape_length(source, at);
        } else if style == ScalarStyle::SingleQuoted && byte == b'\'' {
            units.push(SourceUnit { at, byte: Some(byte) });
            at += 2;
        } else {
            units.push(SourceUnit { at, byte: Some(byte) });
            at += 1;
            if byte == b'\n' {
                while at < end && matches!(source[at], b' ' | b'\t') {
                    at += 1;
                }
            }
        }
    }
    units
}

fn escape_length(source: &[u8], at: usize) -> usize {
    match source.get(at + 1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(b'\n') => {
            let rest = source.get(at + 2..).unwrap_or_default();
            2 + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
        }
        _ => 2,
    }
}

fn align_units(
    source: &OriginText,
    value: &[u8],
    units: &[SourceUnit],
    fallback: Option<PieceSource>,
) -> OriginText {
    let mut builder = TextBuilder::default();
    let mut next = 0;
    let mut last = fallback;
    for (index, byte) in value.iter().enumerate() {
        // What cannot be this byte is folded away; a space is what a line's end becomes.
        while let Some(unit) = units.get(next) {
            match unit.byte {
                Some(own) if own == *byte => break,
                Some(b'\n') if *byte == b' ' => break,
                Some(b' ' | b'\t' | b'\n' | b'\r') => next += 1,
                _ => break,
            }
        }
        let unit = units.get(next);
        let place = unit.and_then(|unit| source.source_at(unit.at)).or(last);
        let Some(place) = place else { continue };
        last = Some(place);
        builder.push(&[*byte], ChainId::NONE, place);
        // The further bytes of an escaped character stand at the same escape.
        let inside = value.get(index + 1).is_some_and(|next| next & 0xc0 == 0x80);
        if unit.is_some_and(|unit| unit.byte.is_some() || !inside) {
            next += 1;
        }
    }
    builder.finish()
}
