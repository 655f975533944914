//! Escapes and comments that go-yaml takes otherwise than the event parser, for the reader of YAML.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::ScalarStyle;

/// How many places of a text may be read otherwise than the event parser reads them.
pub(super) const MAX_REPAIRS: usize = 200;

/// What stands for an apostrophe while the text is parsed: a control character of which no text is made.
const APOSTROPHE: char = '\u{7}';

/// A place that go-yaml reads and the event parser refuses.
#[derive(Clone, Copy, Debug)]
pub(super) enum TextRepair {
    /// A comment that stands right behind a value, at its `#`.
    GluedComment(usize),
    /// A scalar in double quotes, from the first on, with an escaped apostrophe.
    Apostrophes(usize),
    /// Characters that end a line in YAML 1.1 only, from the first one that is outside quotes on.
    LineEnds(usize),
}

/// The characters that end a line for go-yaml and not for the event parser.
const LINE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

pub(super) const NEXT_LINE: char = '\u{85}';

/// The text in quotes as go-yaml reads it: a next-line character ends a line, and lines are folded, one end to a space, of
/// several all but one to a line's end.
pub(super) fn fold_next_lines(text: &str) -> String {
    let mut folded = String::new();
    let mut ends = 0_usize;
    for (index, part) in text.split(NEXT_LINE).enumerate() {
        ends += usize::from(index > 0);
        let part = if index > 0 { part.trim_start_matches(' ') } else { part };
        if part.is_empty() && index > 0 {
            continue;
        }
        push_folded(&mut folded, ends);
        ends = 0;
        folded.push_str(part);
    }
    push_folded(&mut folded, ends);
    folded
}

fn push_folded(text: &mut String, ends: usize) {
    if ends > 0 {
        text.truncate(text.trim_end_matches(' ').len());
        text.push_str(&if ends == 1 { " ".to_owned() } else { "\n".repeat(ends - 1) });
    }
}

/// The meaning of a scalar in quotes in which next lines are written; none where it has others that are escaped.
fn fold_written_lines(written: &[u8], value: &str) -> Option<String> {
    let written = std::str::from_utf8(written).ok()?.matches(NEXT_LINE).count();
    (written > 0 && value.matches(NEXT_LINE).count() == written).then(|| fold_next_lines(value))
}

/// Where the first such character stands that is in none of the scalars that keep it. Both are in the order of the text.
pub(super) fn find_line_end(text: &str, kept: &[Range<usize>]) -> Option<usize> {
    if text.is_ascii() {
        return None;
    }
    let mut ends = text.match_indices(LINE_ENDS).map(|(at, _)| at);
    let mut kept = kept.iter().peekable();
    ends.find(|at| {
        while kept.next_if(|span| span.end <= *at).is_some() {}
        !kept.peek().is_some_and(|span| span.contains(at))
    })
}

/// True for a scalar in which such characters are no ends: in quotes they are folded there, and a block scalar keeps the
/// separators.
pub(super) fn keeps_line_ends(written: &[u8], value: &str, style: ScalarStyle) -> bool {
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => !written.is_ascii(),
        ScalarStyle::Literal | ScalarStyle::Folded => value.contains(&LINE_ENDS[1..]),
        _ => false,
    }
}

/// Why a text with such an end is refused.
const KEPT_LINE_END: &str = "a line separator in a block scalar is not read here";

impl TextRepair {
    /// The text, as long as before, as the event parser reads it; none where there is nothing to repair.
    pub(super) fn apply(self, text: &str) -> Option<String> {
        match self {
            Self::GluedComment(offset) => without_comment(text, offset),
            Self::Apostrophes(offset) => without_apostrophes(text, offset),
            Self::LineEnds(offset) => with_line_ends(text, offset),
        }
    }
}

/// The text with blanks in the place of the comment at an offset.
fn without_comment(text: &str, offset: usize) -> Option<String> {
    let (before, comment) = text.split_at_checked(offset)?;
    let length = comment.find(['\n', '\r']).unwrap_or(comment.len());
    let blanks = " ".repeat(length);
    comment.starts_with('#').then(|| [before, &blanks, &comment[length..]].concat())
}

/// The text with ends of lines, as long as they, in the place of the character at an offset and of those behind it before
/// anything that could begin a scalar which keeps them.
fn with_line_ends(text: &str, offset: usize) -> Option<String> {
    let (before, rest) = text.split_at_checked(offset)?;
    let (open, after) = rest.split_at(rest.find(['\'', '"', '|', '>']).unwrap_or(rest.len()));
    let open = open.replace(NEXT_LINE, "\r\n").replace(['\u{2028}', '\u{2029}'], " \r\n");
    Some([before, &open, after].concat())
}

/// The text with another escape in the place of each `\'` of the scalar at an offset.
fn without_apostrophes(text: &str, offset: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut found = false;
    for at in escapes_of(text.as_bytes(), offset).collect::<Vec<_>>() {
        if bytes.get(at + 1) == Some(&b'\'') {
            bytes[at + 1] = b'a';
            found = true;
        }
    }
    String::from_utf8(bytes).ok().filter(|_| found)
}

/// The meaning of a scalar as go-yaml has it, or its refusal.
pub(super) fn read_meaning<'v>(
    written: &[u8],
    value: &'v str,
    style: ScalarStyle,
) -> Result<Cow<'v, str>, &'static str> {
    let meaning = match style {
        ScalarStyle::DoubleQuoted => read_escapes(written, value)?,
        // Such an end is kept in the text of a block scalar, where the event parser sees none.
        ScalarStyle::Literal | ScalarStyle::Folded if value.contains(&LINE_ENDS[1..]) => {
            return Err(KEPT_LINE_END);
        }
        _ => value.into(),
    };
    let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let folded = is_quoted.then(|| fold_written_lines(written, &meaning)).flatten();
    Ok(folded.map_or(meaning, Cow::Owned))
}

/// The meaning of a scalar in double quotes that is written so; go-yaml's refusal where it refuses an escape.
fn read_escapes<'v>(written: &[u8], value: &'v str) -> Result<Cow<'v, str>, &'static str> {
    let mut has_apostrophe = false;
    for at in escapes_of(written, 0) {
        match &written[at + 1..] {
            [b'\'', ..] => has_apostrophe = true,
            [b'/', ..] => return Err("found unknown escape character"),
            [b'u', b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..] => {
                return Err("found invalid Unicode character escape code");
            }
            _ => {}
        }
    }
    Ok(if has_apostrophe { value.replace(APOSTROPHE, "'").into() } else { value.into() })
}

/// Where each backslash of the scalar stands whose opening quote is at an offset.
fn escapes_of(text: &[u8], offset: usize) -> impl Iterator<Item = usize> {
    let mut at = offset + 1;
    std::iter::from_fn(move || {
        loop {
            match text.get(at)? {
                b'"' => return None,
                b'\\' if at + 1 < text.len() => {
                    at += 2;
                    return Some(at - 2);
                }
                _ => at += 1,
            }
        }
    })
}
