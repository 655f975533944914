//! Defines a change of a stage: what is the same in many places apart from indentation, with those places.

use std::sync::Arc;

use crate::text::SourceText;
use crate::text::diff::ChangedBlock;

/// The lines that go and come in a change, with their signs and without the indentation that they share.
pub type ChangeText = Arc<str>;

/// A change, and everywhere it would be made.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedChange {
    pub text: ChangeText,
    pub title: String,
    /// The titles of all its fixes.
    pub(super) full_title: String,
    /// The line that tells it from others of the same title; none where there is no other.
    pub apart: Option<String>,
    /// True where nothing is known against it.
    pub is_safe: bool,
    pub places: Vec<StagedPlace>,
    /// The number of places where it would be written.
    pub taken: usize,
}

/// A place of a change, by the numbers of its group, of the file in it and of the changed lines there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StagedPlace {
    pub group: usize,
    pub patch: usize,
    pub block: usize,
    /// True where it would be written; else it is what would be written if it were taken.
    pub is_taken: bool,
}

/// The text of a change.
#[must_use]
pub(super) fn text_of_change(before: &SourceText, after: &SourceText, block: &ChangedBlock) -> ChangeText {
    let lines = |source: &SourceText, at: usize| -> String {
        source.line_span(at + 1).slice(source.text()).trim_end_matches(['\n', '\r']).to_owned()
    };
    let removed = block.before.clone().map(|at| ('-', lines(before, at)));
    let added = block.after.clone().map(|at| ('+', lines(after, at)));
    let lines: Vec<(char, String)> = removed.chain(added).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    let shared = filled.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let text: String = lines
        .iter()
        .map(|(sign, line)| format!("{sign}{}\n", line.get(shared..).unwrap_or_else(|| line.trim_start())))
        .collect();
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::diff::changed_blocks;

    #[test]
    fn changes_are_alike_whatever_their_indentation() {
        let text = |before: &str, after: &str| {
            let blocks = changed_blocks(before, after);
            assert_eq!(blocks.len(), 1, "{blocks:?}");
            text_of_change(&SourceText::new(before), &SourceText::new(after), &blocks[0])
        };
        let deep = text("a:\n    b: 1\n", "a:\n    c:\n      d: 2\n    b: 1\n");
        let flat = text("x\n  y\n", "x\n  c:\n    d: 2\n  y\n");
        assert_eq!(&*deep, "+c:\n+  d: 2\n");
        assert_eq!(deep, flat);
        assert_ne!(deep, text("a\n", "a\nc:\n d: 2\n"), "the indentation within differs");
        assert_eq!(&*text("  a: 1\n", "  a: 2\n"), "-a: 1\n+a: 2\n");
        assert_eq!(&*text("a\nb\n", "a\n\n  c\nb\n"), "+\n+c\n");
    }
}
