//! Selects the findings to show: those that the search finds and that are severe enough.

use super::findings_index::FindingsIndex;
use super::query::{FindingQuery, QueryFacts, SearchMiss};
use crate::audit::ListedFinding;
use crate::finding::Severity;

/// The search, and the minimum severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingFilter {
    pub query: FindingQuery,
    /// What a person chose; see [`Self::shown_floor`] for what holds.
    pub min_severity: Severity,
}

impl Default for FindingFilter {
    fn default() -> Self {
        Self { query: FindingQuery::default(), min_severity: Severity::Info }
    }
}

impl FindingFilter {
    /// The search as it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.query.text()
    }

    /// The search that finds what stands behind the row of the first screen that was opened last.
    pub(super) const OPENED_CAUSE: &str = "is:cause";

    /// True where what stands behind a row of the first screen is shown, and nothing else.
    #[must_use]
    pub fn shows_opened_cause(&self) -> bool {
        self.text() == Self::OPENED_CAUSE
    }

    /// The least severity that is shown. What stands behind a row of the first screen is shown whole.
    #[must_use]
    pub fn shown_floor(&self) -> Severity {
        if self.shows_opened_cause() { Severity::Info } else { self.min_severity }
    }

    /// True where something is searched for.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.text().is_empty()
    }

    pub(super) fn set_text(&mut self, text: &str) {
        self.query = FindingQuery::parse(text);
    }

    /// True for a finding that is shown.
    #[must_use]
    pub fn matches_entry(
        &self,
        entry: &ListedFinding,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
    ) -> bool {
        entry.severity >= self.shown_floor() && self.query.matches_entry(entry, index, facts)
    }

    /// Keeps the places of the findings that match.
    pub(super) fn retain_matching(
        &self,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
        places: &mut Vec<usize>,
    ) {
        let floor = self.shown_floor();
        if floor > Severity::Info {
            places.retain(|at| index.entry_at(*at).severity >= floor);
        }
        self.query.retain_matching(index, facts, places);
    }

    /// The places of the matching open findings. `before` is another filter with its matches, and saves a search of the
    /// rest where this one only matches fewer.
    pub(super) fn matching_places(
        &self,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
        before: Option<(Self, Vec<usize>)>,
    ) -> Vec<usize> {
        let before = before.filter(|(other, _)| {
            self.shown_floor() == other.shown_floor()
                && !other.query.depends_on_facts()
                && self.query.narrows(&other.query)
        });
        let mut places = before.map_or_else(|| (0..index.entries.len()).collect(), |(_, places)| places);
        self.retain_matching(index, facts, &mut places);
        places
    }

    /// Why no finding matches.
    pub(super) fn explain_miss(&self, index: &FindingsIndex, facts: &QueryFacts<'_>) -> SearchMiss {
        self.query.explain_miss(index, facts, self.shown_floor())
    }

    /// Raises the minimum severity, and begins again after the highest.
    pub(super) fn raise_min_severity(&mut self) {
        let at = Severity::ALL.iter().position(|severity| *severity == self.min_severity).unwrap_or_default();
        self.min_severity = Severity::ALL[(at + Severity::ALL.len() - 1) % Severity::ALL.len()];
    }
}
