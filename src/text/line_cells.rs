//! Lays a line of a file in cells, for all that shows it: tabs, wide characters, and where it wraps.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// Cells between tab stops.
pub const TAB_WIDTH: usize = 4;

/// True for a character that would act on the terminal or on the order of the text instead of being shown. Each is
/// shown as one sign.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The cells of a character that stands in a column of its line.
#[must_use]
pub fn cell_width(c: char, column: usize) -> usize {
    match c {
        '\t' => TAB_WIDTH - column % TAB_WIDTH,
        // After some characters it makes them wider: never too few cells are counted.
        '\u{fe0f}' => 1,
        c if is_unsafe(c) => 1,
        c => c.width().unwrap_or(0),
    }
}

/// One row of a wrapped line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSegment {
    /// The bytes of the line in this row. The blanks between two rows are in neither.
    pub bytes: Range<usize>,
    /// The column of the first of them in the line, for its tabs.
    pub column: usize,
    /// The empty cells before them: a row after the first hangs under the line's own indentation.
    pub indent: usize,
}

/// The rows of a line in so many cells: broken at blanks, or within a word that is longer than a row. Never empty.
#[must_use]
pub fn wrap_line(text: &str, cells: usize) -> Vec<LineSegment> {
    wrap_rows(text, cells, usize::MAX)
}

/// The first rows of a line, at most so many: a line may be very long.
#[must_use]
pub fn wrap_rows(text: &str, cells: usize, most: usize) -> Vec<LineSegment> {
    let cells = cells.max(2);
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte);
    if text.len() <= cells && text.bytes().all(is_plain) {
        return vec![LineSegment { bytes: 0..text.len(), column: 0, indent: 0 }];
    }
    let own = text.chars().take_while(|c| matches!(c, ' ' | '\t')).fold(0, |at, c| at + cell_width(c, at));
    let hanging = (own + 2).min(cells / 2);
    let mut rows = Vec::new();
    let (mut start, mut column) = (0, 0);
    loop {
        let indent = if rows.is_empty() { 0 } else { hanging };
        let row = fill_row(&text[start..], column, cells - indent);
        rows.push(LineSegment { bytes: start..start + row.len, column, indent });
        let Some((skip, next)) = row.next.filter(|_| rows.len() < most) else { return rows };
        (start, column) = (start + skip, next);
    }
}

/// The part of a text that one row has room for.
struct FilledRow {
    len: usize,
    /// Where the next row begins, in bytes of this text, and its column in the line; none at the end.
    next: Option<(usize, usize)>,
}

fn fill_row(text: &str, column: usize, room: usize) -> FilledRow {
    let mut at = column;
    let mut has_word = false;
    // Where the blanks begin that stand after the last word so far.
    let mut blanks = None;
    // The last break between two words: the end of one, the start of the other, and that one's column.
    let mut word_break = None;
    for (i, c) in text.char_indices() {
        if matches!(c, ' ' | '\t') {
            blanks = blanks.or(Some(i).filter(|_| has_word));
        } else {
            word_break = blanks.take().map(|end| (end, i, at)).or(word_break);
            has_word = true;
        }
        let width = cell_width(c, at);
        if at + width > column + room && i > 0 {
            return match (blanks, word_break) {
                (Some(end), _) => FilledRow { len: end, next: skip_blanks(text, i, at) },
                (None, Some((end, start, column))) => FilledRow { len: end, next: Some((start, column)) },
                (None, None) => FilledRow { len: i, next: Some((i, at)) },
            };
        }
        at += width;
    }
    FilledRow { len: text.len(), next: None }
}

/// The first character from a place on that is no blank, and its column.
fn skip_blanks(text: &str, from: usize, mut column: usize) -> Option<(usize, usize)> {
    for (i, c) in text[from..].char_indices() {
        if !matches!(c, ' ' | '\t') {
            return Some((from + i, column));
        }
        column += cell_width(c, column);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, cells: usize) -> Vec<String> {
        let row = |row: LineSegment| format!("{}{}", " ".repeat(row.indent), &text[row.bytes]);
        wrap_line(text, cells).into_iter().map(row).collect()
    }

    #[test]
    fn a_line_that_fits_is_one_row() {
        assert_eq!(rows("", 10), [""]);
        assert_eq!(rows("  name: a", 9), ["  name: a"]);
        assert_eq!(rows("größe: 10", 9), ["größe: 10"]);
    }

    #[test]
    fn a_longer_one_breaks_at_blanks_and_hangs_under_its_indentation() {
        assert_eq!(rows("  automount: false", 14), ["  automount:", "    false"]);
        assert_eq!(rows("COPY a b c", 8), ["COPY a b", "  c"]);
        assert_eq!(rows("one two   ", 7), ["one two"]);
        assert_eq!(rows("one   two", 4), ["one", "  tw", "  o"]);
    }

    #[test]
    fn a_word_longer_than_a_row_is_broken_where_the_row_ends() {
        assert_eq!(rows("abcdefghij", 4), ["abcd", "  ef", "  gh", "  ij"]);
        assert_eq!(rows("      deep", 6), ["      ", "   dee", "   p"]);
        assert_eq!(rows("船船船", 5), ["船船", "  船"], "a wide character is never cut in two");
    }

    #[test]
    fn tabs_count_from_their_column_in_the_line() {
        let rows = wrap_line("ab\tcd ef\tgh", 8);
        assert_eq!((rows[0].bytes.clone(), rows[1].bytes.clone()), (0..5, 6..8), "{rows:?}");
        assert_eq!((rows[1].column, rows[1].indent), (7, 2));
    }
}
