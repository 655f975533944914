//! Finds where a line begins, for what puts text before it.

/// The start of the line that holds the byte at `at`; after a byte order mark, where the text begins with one.
#[must_use]
pub fn line_start(text: &str, at: usize) -> usize {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start }
}
