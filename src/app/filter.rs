//! Which findings are shown: those that match what was typed and are severe enough.

use super::index::Entry;
use crate::finding::Severity;

/// The words of a filter, and the least severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub floor: Severity,
    /// Whether letters in order are enough. They are where nothing holds the words as they stand: else `redis` would
    /// find every `missing-readiness-probe`.
    pub loose: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), floor: Severity::Info, loose: false }
    }
}

impl Filter {
    /// Every word must be found: as it stands in any field; or, in a loose filter, letter by letter in a name. Messages
    /// are long enough to hold almost any letters in order, so they only match as they stand.
    #[must_use]
    pub fn lets_through(&self, entry: &Entry) -> bool {
        let subject = &entry.key.subject;
        let names = [
            entry.key.rule,
            entry.key.path.as_str(),
            subject.object.as_deref().unwrap_or_default(),
            subject.container.as_deref().unwrap_or_default(),
        ];
        entry.severity >= self.floor
            && self.text.split_whitespace().all(|word| {
                names.iter().any(|name| holds(name, word) || self.loose && letters_of(name, word).is_some())
                    || holds(&entry.message, word)
                    || holds(entry.severity.name(), word)
            })
    }

    /// Which characters of a name the filter's words match, counted from 0; for marking them.
    #[must_use]
    pub fn matched(&self, name: &str) -> Vec<usize> {
        let mut at: Vec<usize> = self
            .text
            .split_whitespace()
            .filter_map(|word| run_of(name, word).or_else(|| letters_of(name, word).filter(|_| self.loose)))
            .flatten()
            .collect();
        at.sort_unstable();
        at.dedup();
        at
    }

    /// Chooses whether letters in order are enough.
    pub(super) fn loosen(&mut self, entries: &[Entry]) {
        self.loose = false;
        self.loose = !self.text.trim().is_empty() && !entries.iter().any(|entry| self.lets_through(entry));
    }

    /// The next floor, round and round.
    pub(super) fn raise(&mut self) {
        let at = Severity::ALL.iter().position(|severity| *severity == self.floor).unwrap_or_default();
        self.floor = Severity::ALL[(at + Severity::ALL.len() - 1) % Severity::ALL.len()];
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn holds(text: &str, word: &str) -> bool {
    run_of(text, word).is_some()
}

/// Where `word` stands in `text`, in whatever case.
fn run_of(text: &str, word: &str) -> Option<Vec<usize>> {
    let starts = text.char_indices().enumerate();
    let found = starts.into_iter().find(|(_, (byte, _))| {
        let mut rest = text[*byte..].chars().map(lower);
        word.chars().map(lower).all(|wanted| rest.next() == Some(wanted))
    });
    found.map(|(start, _)| (start..start + word.chars().count()).collect())
}

/// The first places where the letters of `word` stand in `name` in their order.
fn letters_of(name: &str, word: &str) -> Option<Vec<usize>> {
    let mut letters = name.chars().map(lower).enumerate();
    word.chars()
        .map(lower)
        .map(|wanted| letters.find(|(_, letter)| *letter == wanted).map(|(at, _)| at))
        .collect()
}
