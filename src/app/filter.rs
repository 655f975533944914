//! Which findings are shown: those that match what was typed and are severe enough.

use super::index::{Entry, Index};
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
        let mut words = self.words();
        entry.severity >= self.floor && words.all(|word| word.is_about(entry) || word.is_said_of(entry))
    }

    fn words(&self) -> impl Iterator<Item = Word<'_>> {
        self.text.split_whitespace().map(|text| Word { text, loose: self.loose })
    }

    /// Keeps the places of those findings that it lets through.
    pub(super) fn sift(&self, index: &Index, places: &mut Vec<usize>) {
        if self.floor > Severity::Info {
            places.retain(|at| index.at(*at).severity >= self.floor);
        }
        for word in self.words() {
            let mut last = None;
            places.retain(|at| {
                let entry = index.at(*at);
                // Neighbours are mostly about the same.
                let about = (&entry.key.path, &entry.key.subject);
                let is_about = match last {
                    Some((other, is_about)) if other == about => is_about,
                    _ => word.is_about(entry),
                };
                last = Some((about, is_about));
                is_about || word.is_said_of(entry)
            });
        }
    }

    /// The places of the open findings that it lets through, of which it chooses whether letters in order are enough.
    /// `before` is another filter with those that it let through, and spares a look at the rest where this one only
    /// lets through fewer.
    pub(super) fn pick(&mut self, index: &Index, before: Option<(Self, Vec<usize>)>) -> Vec<usize> {
        let all = || (0..index.entries.len()).collect::<Vec<_>>();
        let before =
            before.filter(|(other, _)| self.text.starts_with(&other.text) && self.floor == other.floor);
        // Where the words of the shorter one stand nowhere, those of the longer one do not either.
        self.loose = before.as_ref().is_some_and(|(other, _)| other.loose);
        let mut places = before.map_or_else(all, |(_, places)| places);
        self.sift(index, &mut places);
        if places.is_empty() && !self.loose && !self.text.trim().is_empty() {
            self.loose = true;
            places = all();
            self.sift(index, &mut places);
        }
        places
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

    /// The next floor, round and round.
    pub(super) fn raise(&mut self) {
        let at = Severity::ALL.iter().position(|severity| *severity == self.floor).unwrap_or_default();
        self.floor = Severity::ALL[(at + Severity::ALL.len() - 1) % Severity::ALL.len()];
    }
}

/// One word of a filter.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    loose: bool,
}

impl Word<'_> {
    /// Whether it is found in what the finding is about.
    fn is_about(self, entry: &Entry) -> bool {
        let subject = &entry.key.subject;
        let names = [subject.object.as_deref(), subject.container.as_deref()];
        self.names(entry.key.path.as_str()) || names.into_iter().flatten().any(|name| self.names(name))
    }

    /// Whether it is found in what is said.
    fn is_said_of(self, entry: &Entry) -> bool {
        self.names(entry.key.rule) || self.is_in(&entry.message) || self.is_in(entry.severity.name())
    }

    fn names(self, name: &str) -> bool {
        self.is_in(name) || self.loose && letters_of(name, self.text).is_some()
    }

    /// Whether it stands in a text, in whatever case.
    fn is_in(self, text: &str) -> bool {
        let (word, text_bytes) = (self.text.as_bytes(), text.as_bytes());
        let Some(first) = word.first().filter(|_| word.is_ascii() && text.is_ascii()) else {
            return run_of(text, self.text).is_some();
        };
        let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text_bytes);
        let mut runs = starts.filter_map(|at| text_bytes.get(at..at + word.len()));
        runs.any(|run| run.eq_ignore_ascii_case(word))
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
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
