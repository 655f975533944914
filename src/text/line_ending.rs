//! Tells how the lines of a text end, for edits that add some.

/// The line ending of the text.
#[must_use]
pub fn line_ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
