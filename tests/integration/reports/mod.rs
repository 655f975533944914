//! Reports for other programs: the baseline's day, SARIF, annotations.

mod applied;
mod baseline;
mod day;
mod github;
mod sarif;
mod schema;

use serde_json::Value;

/// The place of a region in a text, found anew from its lines and columns; a byte-order mark is no column.
fn place(text: &str, region: &Value) -> std::ops::Range<usize> {
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let start = start + if line == 1 && text.starts_with('\u{feff}') { 3 } else { 0 };
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    offset(number("startLine"), number("startColumn"))..offset(number("endLine"), number("endColumn"))
}
