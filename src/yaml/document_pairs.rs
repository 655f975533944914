//! Pairs the documents of two texts of one file, to find which documents an edit touches.

use super::split_documents;
use super::split_documents::{BYTE_ORDER_MARK, MAX_YAML_BYTES};
use crate::text::Span;

/// A document as it was and as it is, by its place in either text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPair {
    pub before: Span,
    pub after: Span,
    /// True when a byte of it changed.
    pub differs: bool,
}

/// The documents of both texts, in their order. None where they cannot be paired: one has more than the other, what
/// stands between them differs, or a text is too large to be read.
#[must_use]
pub fn pair_documents(before: &str, after: &str) -> Option<Vec<DocumentPair>> {
    if before.len().max(after.len()) > MAX_YAML_BYTES {
        return None;
    }
    let (olds, news) = (document_spans(before), document_spans(after));
    if olds.len() != news.len() {
        return None;
    }
    let (mut pairs, mut ends) = (Vec::with_capacity(olds.len()), (0, 0));
    for (old, new) in olds.into_iter().zip(news) {
        if before[ends.0..old.start] != after[ends.1..new.start] {
            return None;
        }
        ends = (old.end, new.end);
        let differs = old.slice(before) != new.slice(after);
        pairs.push(DocumentPair { before: old, after: new, differs });
    }
    (before[ends.0..] == after[ends.1..]).then_some(pairs)
}

fn document_spans(text: &str) -> Vec<Span> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    split_documents::split_documents(&text[start..]).into_iter().map(|slice| slice.shift_by(start)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\u{feff}# head\na: 1\n---\nb: 2\n...\n# between\n---\nc: 3\n";

    #[test]
    fn an_edit_touches_its_own_document_and_moves_those_behind_it() {
        let after = FILE.replace("b: 2", "b: 2000");
        let pairs = pair_documents(FILE, &after).expect("both hold three");
        assert_eq!(pairs.iter().map(|pair| pair.differs).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(pairs[2].after, pairs[2].before.shift_by(3));
        assert_eq!(pairs[2].before.slice(FILE), pairs[2].after.slice(&after));
    }

    #[test]
    fn what_makes_or_takes_a_document_cannot_be_paired() {
        assert_eq!(pair_documents(FILE, &FILE.replace("b: 2", "b: 2\n---\nd: 4")), None);
        assert_eq!(pair_documents(FILE, &FILE.replace("\n---\nb: 2", "")), None);
        assert_eq!(pair_documents("a: 1\n...\n# tail\n", "a: 1\n...\n# other\n"), None);
    }
}
