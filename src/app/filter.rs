//! Which findings are shown: those that match what was typed and are severe enough.

use super::index::Entry;
use crate::finding::Severity;

/// The words of a filter, and the least severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub floor: Severity,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: String::new(), floor: Severity::Info }
    }
}

impl Filter {
    /// Every word must be found: anywhere in a field as it stands, or letter by letter in a rule's, file's or object's
    /// name. Messages are long enough to hold almost any letters in order, so they only match as they stand.
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
                names.iter().any(|name| holds_letters(name, word))
                    || holds(&entry.message, word)
                    || holds(entry.severity.name(), word)
            })
    }

    /// The next floor, round and round.
    pub(super) fn raise(&mut self) {
        let at = Severity::ALL.iter().position(|severity| *severity == self.floor).unwrap_or_default();
        self.floor = Severity::ALL[(at + Severity::ALL.len() - 1) % Severity::ALL.len()];
    }
}

fn holds(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

/// Whether the letters of `word` stand in `name` in this order.
fn holds_letters(name: &str, word: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    word.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}
