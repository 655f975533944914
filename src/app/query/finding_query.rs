//! Holds a search as it was read: its terms, what each finds, and what is wrong with it.

use std::ops::Range;

use super::fix_risk_class::FixRiskClass;
use super::query_fault::QueryFault;
use super::query_field::{FindingState, QueryField};
use super::query_parser;
use super::text_needle::TextNeedle;
use crate::finding::Severity;
use crate::rules::RuleTheme;

/// A search for findings: all of its terms must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingQuery {
    text: String,
    pub(super) terms: Vec<QueryTerm>,
    pub(super) faults: Vec<QueryFault>,
}

/// One term, and its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryTerm {
    pub span: Range<usize>,
    pub is_negated: bool,
    pub test: TermTest,
}

/// What a finding must have for a term to hold. Of several values one is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TermTest {
    /// The word occurs somewhere in the finding.
    Word(TextNeedle),
    /// The field's text holds one of these, or is one of them.
    Text {
        field: QueryField,
        is_exact: bool,
        values: Vec<TextNeedle>,
    },
    Severity(Vec<Severity>),
    Theme(Vec<RuleTheme>),
    State(Vec<FindingState>),
    Risk(Vec<FixRiskClass>),
    /// In a file that is another than in this revision of git's.
    Since(String),
    /// Nothing is said yet: every finding passes, negated or not.
    Unfinished,
    /// What is said cannot be: none passes, negated or not.
    Impossible,
}

impl FindingQuery {
    /// Reads a search. Every text is one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (terms, faults) = query_parser::parse_terms(text);
        Self { text: text.to_owned(), terms, faults }
    }

    /// The search as it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn faults(&self) -> &[QueryFault] {
        &self.faults
    }

    /// True where every finding that it finds is found by the other too, so that no more need be looked through.
    #[must_use]
    pub fn narrows(&self, other: &Self) -> bool {
        other.terms.iter().all(|wide| self.terms.iter().any(|narrow| narrow.implies(wide)))
            || other.terms.iter().all(|term| term.test == TermTest::Unfinished)
    }

    /// True where the same findings may give another answer later: what is new, changed or risky is told from outside.
    #[must_use]
    pub fn depends_on_facts(&self) -> bool {
        let facts = |test: &TermTest| match test {
            TermTest::Risk(_) | TermTest::Since(_) => true,
            TermTest::State(states) => {
                let told = [FindingState::New, FindingState::Changed, FindingState::Cause];
                states.iter().any(|state| told.contains(state))
            }
            _ => false,
        };
        self.terms.iter().any(|term| facts(&term.test))
    }

    /// True where it asks for the risk of fixes.
    #[must_use]
    pub fn needs_risk(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, TermTest::Risk(_)))
    }

    /// The revision of git's that it asks for.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        self.terms.iter().find_map(|term| match &term.test {
            TermTest::Since(revision) => Some(revision.as_str()),
            _ => None,
        })
    }

    /// True where it asks for the files that changed.
    #[must_use]
    pub fn seeks_changed(&self) -> bool {
        let is_asked = |test: &TermTest| matches!(test, TermTest::State(states) if states.contains(&FindingState::Changed));
        self.terms.iter().any(|term| is_asked(&term.test))
    }

    /// True where it asks for what is suppressed.
    #[must_use]
    pub fn seeks_suppressed(&self) -> bool {
        let suppressed = [FindingState::Allowed, FindingState::Baseline];
        self.terms.iter().any(|term| match &term.test {
            TermTest::State(states) => !term.is_negated && states.iter().any(|s| suppressed.contains(s)),
            _ => false,
        })
    }

    /// The characters of a name that its words match, counted from 0; for marking them.
    #[must_use]
    pub fn matched_letters(&self, name: &str) -> Vec<usize> {
        let terms = self.terms.iter().filter(|term| !term.is_negated);
        let needles = terms.flat_map(|term| match &term.test {
            TermTest::Word(word) => std::slice::from_ref(word),
            TermTest::Text { values, .. } => values.as_slice(),
            _ => &[],
        });
        let mut at: Vec<usize> = needles.filter_map(|needle| needle.find_in(name)).flatten().collect();
        at.sort_unstable();
        at.dedup();
        at
    }
}

impl QueryTerm {
    /// True where all that this term lets pass, the wider one does too.
    fn implies(&self, wide: &Self) -> bool {
        if wide.test == TermTest::Unfinished || self.test == TermTest::Impossible {
            return true;
        }
        if self.is_negated == wide.is_negated && self.test == wide.test {
            return true;
        }
        let holds = |narrow: &TextNeedle, wide: &TextNeedle| narrow.word().contains(wide.word());
        !self.is_negated
            && !wide.is_negated
            && match (&self.test, &wide.test) {
                (TermTest::Word(narrow), TermTest::Word(wide)) => holds(narrow, wide),
                (
                    TermTest::Text { field, values, .. },
                    TermTest::Text { field: other, is_exact: false, values: wider },
                ) => field == other && values.iter().all(|value| wider.iter().any(|wide| holds(value, wide))),
                (TermTest::Severity(narrow), TermTest::Severity(wide)) => {
                    narrow.iter().all(|severity| wide.contains(severity))
                }
                _ => false,
            }
    }
}
