//! Selects the findings to show: those that match the typed words and are severe enough.

use super::findings_index::FindingsIndex;
use crate::audit::ListedFinding;
use crate::finding::Severity;

/// The words of a filter, and the minimum severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingFilter {
    pub text: String,
    pub min_severity: Severity,
    /// True where letters in order are enough: they are where no finding holds the words as typed. Else `redis` would
    /// match every `missing-readiness-probe`.
    pub is_loose: bool,
}

impl Default for FindingFilter {
    fn default() -> Self {
        Self { text: String::new(), min_severity: Severity::Info, is_loose: false }
    }
}

impl FindingFilter {
    /// True for a finding that matches every word: as typed in any field; or, in a loose filter, letter by letter in a
    /// name. Messages are long enough to hold almost any letters in order, so they only match as typed.
    #[must_use]
    pub fn matches_entry(&self, entry: &ListedFinding) -> bool {
        let mut words = self.filter_words();
        entry.severity >= self.min_severity
            && words.all(|word| word.matches_subject(entry) || word.matches_text(entry))
    }

    fn filter_words(&self) -> impl Iterator<Item = FilterWord<'_>> {
        self.text.split_whitespace().map(|text| FilterWord { text, is_loose: self.is_loose })
    }

    /// Keeps the places of the findings that match.
    pub(super) fn retain_matching(&self, index: &FindingsIndex, places: &mut Vec<usize>) {
        if self.min_severity > Severity::Info {
            places.retain(|at| index.entry_at(*at).severity >= self.min_severity);
        }
        for word in self.filter_words() {
            let mut last = None;
            places.retain(|at| {
                let entry = index.entry_at(*at);
                // Neighbours mostly have the same subject.
                let about = (&entry.key.path, &entry.key.subject);
                let is_about = match last {
                    Some((other, is_about)) if other == about => is_about,
                    _ => word.matches_subject(entry),
                };
                last = Some((about, is_about));
                is_about || word.matches_text(entry)
            });
        }
    }

    /// The places of the matching open findings; it also decides whether letters in order are enough. `before` is
    /// another filter with its matches, and saves a search of the rest where this one only matches fewer.
    pub(super) fn matching_places(
        &mut self,
        index: &FindingsIndex,
        before: Option<(Self, Vec<usize>)>,
    ) -> Vec<usize> {
        let all = || (0..index.entries.len()).collect::<Vec<_>>();
        let before = before.filter(|(other, _)| {
            self.text.starts_with(&other.text) && self.min_severity == other.min_severity
        });
        // Where the words of the shorter filter match nowhere, those of the longer one do not either.
        self.is_loose = before.as_ref().is_some_and(|(other, _)| other.is_loose);
        let mut places = before.map_or_else(all, |(_, places)| places);
        self.retain_matching(index, &mut places);
        if places.is_empty() && !self.is_loose && !self.text.trim().is_empty() {
            self.is_loose = true;
            places = all();
            self.retain_matching(index, &mut places);
        }
        places
    }

    /// The characters of a name that the filter's words match, counted from 0; for marking them.
    #[must_use]
    pub fn matched_letters(&self, name: &str) -> Vec<usize> {
        let mut at: Vec<usize> = self
            .text
            .split_whitespace()
            .filter_map(|word| {
                find_run(name, word).or_else(|| find_letters(name, word).filter(|_| self.is_loose))
            })
            .flatten()
            .collect();
        at.sort_unstable();
        at.dedup();
        at
    }

    /// Raises the minimum severity, and begins again after the highest.
    pub(super) fn raise_min_severity(&mut self) {
        let at = Severity::ALL.iter().position(|severity| *severity == self.min_severity).unwrap_or_default();
        self.min_severity = Severity::ALL[(at + Severity::ALL.len() - 1) % Severity::ALL.len()];
    }
}

/// One word of a filter.
#[derive(Clone, Copy)]
struct FilterWord<'a> {
    text: &'a str,
    is_loose: bool,
}

impl FilterWord<'_> {
    /// True where the word is found in the finding's subject.
    fn matches_subject(self, entry: &ListedFinding) -> bool {
        let subject = &entry.key.subject;
        let names = [subject.object.as_deref(), subject.container.as_deref()];
        self.matches_name(entry.key.path.as_str())
            || names.into_iter().flatten().any(|name| self.matches_name(name))
    }

    /// True where the word is found in the finding's texts.
    fn matches_text(self, entry: &ListedFinding) -> bool {
        self.matches_name(entry.key.rule)
            || self.occurs_in(&entry.finding.message)
            || self.occurs_in(entry.severity.name())
    }

    fn matches_name(self, name: &str) -> bool {
        self.occurs_in(name) || self.is_loose && find_letters(name, self.text).is_some()
    }

    /// True where the word occurs in a text, in any case.
    fn occurs_in(self, text: &str) -> bool {
        let (word, text_bytes) = (self.text.as_bytes(), text.as_bytes());
        let Some(first) = word.first().filter(|_| word.is_ascii() && text.is_ascii()) else {
            return find_run(text, self.text).is_some();
        };
        let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text_bytes);
        let mut runs = starts.filter_map(|at| text_bytes.get(at..at + word.len()));
        runs.any(|run| run.eq_ignore_ascii_case(word))
    }
}

fn to_lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The characters of `text` where `word` occurs, in any case.
fn find_run(text: &str, word: &str) -> Option<Vec<usize>> {
    let starts = text.char_indices().enumerate();
    let found = starts.into_iter().find(|(_, (byte, _))| {
        let mut rest = text[*byte..].chars().map(to_lower);
        word.chars().map(to_lower).all(|wanted| rest.next() == Some(wanted))
    });
    found.map(|(start, _)| (start..start + word.chars().count()).collect())
}

/// The first characters of `name` that are the letters of `word` in their order.
fn find_letters(name: &str, word: &str) -> Option<Vec<usize>> {
    let mut letters = name.chars().map(to_lower).enumerate();
    word.chars()
        .map(to_lower)
        .map(|wanted| letters.find(|(_, letter)| *letter == wanted).map(|(at, _)| at))
        .collect()
}
