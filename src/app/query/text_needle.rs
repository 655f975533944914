//! Finds a word in names and messages, in any case, for the search and for marking what it found.

use std::ops::Range;

/// A word to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextNeedle {
    /// In lower case.
    word: String,
}

impl TextNeedle {
    pub(super) fn new(word: &str) -> Self {
        Self { word: word.chars().map(to_lower).collect() }
    }

    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// True where the word occurs in a text.
    pub(super) fn occurs_in(&self, text: &str) -> bool {
        let (word, text_bytes) = (self.word.as_bytes(), text.as_bytes());
        let Some(first) = word.first().filter(|_| self.word.is_ascii() && text.is_ascii()) else {
            return self.find_in(text).is_some();
        };
        let mut starts = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text_bytes);
        starts.any(|at| text_bytes.get(at..at + word.len()).is_some_and(|run| run.eq_ignore_ascii_case(word)))
    }

    /// True where the text is the word.
    pub(super) fn equals(&self, text: &str) -> bool {
        text.chars().map(to_lower).eq(self.word.chars())
    }

    /// The characters of a text where the word first occurs.
    pub(super) fn find_in(&self, text: &str) -> Option<Range<usize>> {
        let mut starts = text.char_indices().enumerate();
        let (start, _) = starts.find(|(_, (byte, _))| {
            let mut rest = text[*byte..].chars().map(to_lower);
            self.word.chars().all(|wanted| rest.next() == Some(wanted))
        })?;
        Some(start..start + self.word.chars().count())
    }
}

fn to_lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case_and_never_letter_by_letter() {
        let needle = TextNeedle::new("Priv");
        assert!(
            needle.occurs_in("missing-PRIVilege") && needle.occurs_in("priv") && !needle.occurs_in("p-riv")
        );
        assert_eq!(needle.find_in("a PRIVATE key"), Some(2..6));
        assert!(TextNeedle::new("ÄPFEL").occurs_in("zwei äpfel") && TextNeedle::new("端").occurs_in("終端"));
        assert!(TextNeedle::new("a").equals("A") && !TextNeedle::new("a").equals("ab"));
    }
}
