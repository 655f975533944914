//! Escapes and comments that go-yaml takes otherwise than the event parser, for the reader of YAML.

use std::borrow::Cow;

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
}

impl TextRepair {
    /// The text, as long as before, as the event parser reads it; none where there is nothing to repair.
    pub(super) fn apply(self, text: &str) -> Option<String> {
        match self {
            Self::GluedComment(offset) => without_comment(text, offset),
            Self::Apostrophes(offset) => without_apostrophes(text, offset),
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

/// The meaning of a scalar in double quotes that is written so; go-yaml's refusal where it refuses an escape.
pub(super) fn read_escapes<'v>(written: &[u8], value: &'v str) -> Result<Cow<'v, str>, &'static str> {
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
