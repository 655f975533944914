//! Tells which findings a search finds, and why it finds none.

use std::collections::BTreeSet;

use super::super::findings_index::FindingsIndex;
use super::finding_query::{FindingQuery, QueryTerm, TermTest};
use super::fix_risk_class::RiskClasses;
use super::query_fault::SearchMiss;
use super::query_field::{FindingState, QueryField};
use super::text_needle::TextNeedle;
use crate::audit::ListedFinding;
use crate::finding::{FindingKey, Severity, SuppressionKind};
use crate::repo::{FileKind, RelPath};
use crate::rules::RuleTheme;

/// What is known of findings beside what they hold themselves.
#[derive(Clone, Copy)]
pub struct QueryFacts<'a> {
    pub new_keys: &'a BTreeSet<FindingKey>,
    /// The files that are others than in git's last commit, or that changed since the program started.
    pub changed_files: &'a BTreeSet<RelPath>,
    /// The revision that was compared last, with the files that are others than in it, once they are known.
    pub compared_revision: Option<&'a (String, Option<BTreeSet<RelPath>>)>,
    pub risk_classes: &'a RiskClasses,
    /// The findings of the row of the first screen that was opened last.
    pub opened_cause: &'a BTreeSet<FindingKey>,
}

/// The kind of a Dockerfile's findings, which have no object.
pub(super) const DOCKERFILE_KIND: &str = "Dockerfile";

impl FindingQuery {
    /// True for a finding for which every term holds.
    #[must_use]
    pub fn matches_entry(
        &self,
        entry: &ListedFinding,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
    ) -> bool {
        self.terms.iter().all(|term| term.lets_pass(entry, index, facts, &mut None))
    }

    /// Keeps the places of the findings for which every term holds.
    pub(in super::super) fn retain_matching(
        &self,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
        places: &mut Vec<usize>,
    ) {
        let mut terms: Vec<&QueryTerm> = self.terms.iter().collect();
        terms.sort_by_key(|term| term.test.cost());
        for term in terms {
            let mut last = None;
            places.retain(|at| term.lets_pass(index.entry_at(*at), index, facts, &mut last));
        }
    }

    /// Why no open finding is found.
    #[must_use]
    pub fn explain_miss(
        &self,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
        min_severity: Severity,
    ) -> SearchMiss {
        let found = index.entries.iter().filter(|entry| self.matches_entry(entry, index, facts));
        let below = found.filter(|entry| entry.severity < min_severity).count();
        if below > 0 {
            return SearchMiss::BelowMinimum(below);
        }
        let nothing_holds = |term: &&QueryTerm| {
            let mut last = None;
            !index.entries.iter().any(|entry| term.lets_pass(entry, index, facts, &mut last))
        };
        let alone = self.terms.iter().find(nothing_holds);
        alone.map_or(SearchMiss::Together, |term| SearchMiss::Term {
            text: self.text()[term.span.clone()].to_owned(),
            suggestion: term.suggest_field(),
        })
    }
}

/// The subject of the finding before, and whether the term holds for it: neighbours mostly have the same.
type LastSubject<'e> = Option<(&'e ListedFinding, bool)>;

impl QueryTerm {
    fn lets_pass<'e>(
        &self,
        entry: &'e ListedFinding,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
        last: &mut LastSubject<'e>,
    ) -> bool {
        let holds = match &self.test {
            TermTest::Unfinished => return true,
            TermTest::Impossible => return false,
            TermTest::Severity(severities) => severities.contains(&entry.severity),
            TermTest::Theme(themes) => entry.theme.is_some_and(|theme| themes.contains(&theme)),
            TermTest::Since(revision) => {
                let compared = facts.compared_revision.filter(|(name, _)| name == revision);
                let files = compared.and_then(|(_, files)| files.as_ref());
                files.is_some_and(|files| files.contains(&entry.key.path))
            }
            TermTest::State(states) => states.iter().any(|state| is_in_state(entry, *state, facts)),
            TermTest::Risk(classes) => facts
                .risk_classes
                .class_of(&entry.key, &entry.finding)
                .is_some_and(|class| classes.contains(&class)),
            TermTest::Text { field: QueryField::Rule, is_exact, values } => {
                values.iter().any(|value| value_fits(value, *is_exact, entry.key.rule))
            }
            TermTest::Text { field, is_exact, values } => on_subject(entry, last, || {
                values.iter().any(|value| field_fits(*field, value, *is_exact, entry, index))
            }),
            TermTest::Word(word) => {
                on_subject(entry, last, || is_in_subject(word, entry)) || is_in_text(word, entry)
            }
        };
        holds != self.is_negated
    }

    /// The field for which this word is a value: `critical` is `sev:critical`.
    fn suggest_field(&self) -> Option<String> {
        let TermTest::Word(word) = &self.test else { return None };
        let sign = if self.is_negated { "!" } else { "" };
        let mut fields = QueryField::ALL.into_iter().filter(|field| *field != QueryField::Risk);
        fields.find_map(|field| {
            let value = field.values()?.into_iter().find(|value| word.equals(value))?;
            Some(format!("{sign}{}:{value}", field.name()))
        })
    }
}

impl TermTest {
    /// Tests that are made first, since they take little and leave less to the others.
    const fn cost(&self) -> u8 {
        match self {
            Self::Unfinished | Self::Impossible | Self::Severity(_) | Self::Theme(_) => 0,
            Self::Text { .. } => 1,
            Self::Word(_) => 2,
            Self::State(_) | Self::Since(_) => 3,
            Self::Risk(_) => 4,
        }
    }
}

fn on_subject<'e>(
    entry: &'e ListedFinding,
    last: &mut LastSubject<'e>,
    holds: impl FnOnce() -> bool,
) -> bool {
    if let Some((other, held)) = last
        && other.key.path == entry.key.path
        && other.key.subject == entry.key.subject
    {
        return *held;
    }
    let holds = holds();
    *last = Some((entry, holds));
    holds
}

fn is_in_subject(word: &TextNeedle, entry: &ListedFinding) -> bool {
    let subject = &entry.key.subject;
    let names = [subject.object.as_deref(), subject.container.as_deref()];
    word.occurs_in(entry.key.path.as_str()) || names.into_iter().flatten().any(|name| word.occurs_in(name))
}

fn is_in_text(word: &TextNeedle, entry: &ListedFinding) -> bool {
    word.occurs_in(entry.key.rule)
        || word.occurs_in(&entry.finding.message)
        || word.occurs_in(entry.theme.map_or("", RuleTheme::name))
}

fn is_in_state(entry: &ListedFinding, state: FindingState, facts: &QueryFacts<'_>) -> bool {
    match state {
        FindingState::New => facts.new_keys.contains(&entry.key),
        FindingState::Fixable => entry.finding.available_fix().is_some(),
        FindingState::Cause => facts.opened_cause.contains(&entry.key),
        FindingState::Changed => facts.changed_files.contains(&entry.key.path),
        FindingState::Allowed => entry.suppression_kind() == Some(SuppressionKind::Explicit),
        FindingState::Baseline => entry.suppression_kind() == Some(SuppressionKind::Baseline),
    }
}

fn value_fits(value: &TextNeedle, is_exact: bool, text: &str) -> bool {
    if is_exact { value.equals(text) } else { value.occurs_in(text) }
}

fn field_fits(
    field: QueryField,
    value: &TextNeedle,
    is_exact: bool,
    entry: &ListedFinding,
    index: &FindingsIndex,
) -> bool {
    let fits = |text: &str| value_fits(value, is_exact, text);
    match field {
        QueryField::Path => fits(entry.key.path.as_str()),
        QueryField::Kind => kind_of_entry(entry).is_some_and(fits),
        QueryField::App => match index.app_of_finding(&entry.key) {
            Some((_, object)) => fits(object_name(object)) || fits(object),
            // A Dockerfile of several apps is found with each.
            None => index.apps_of_dockerfile(&entry.key.path).any(|object| fits(object_name(object))),
        },
        _ => false,
    }
}

/// The kind of the object that a finding is about.
pub(super) fn kind_of_entry(entry: &ListedFinding) -> Option<&str> {
    match &entry.key.subject.object {
        Some(object) => object.split_once('/').map(|(kind, _)| kind),
        None => is_dockerfile(&entry.key.path).then_some(DOCKERFILE_KIND),
    }
}

fn is_dockerfile(path: &RelPath) -> bool {
    FileKind::of_name(path.file_name()) == Some(FileKind::Dockerfile)
}

/// The name of an object, without its kind.
pub(super) fn object_name(object: &str) -> &str {
    object.split_once('/').map_or(object, |(_, name)| name)
}
