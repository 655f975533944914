//! Completes the term that is typed: fields, and the values that findings here really have.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::super::findings_index::FindingsIndex;
use super::finding_query::FindingQuery;
use super::query_evaluator::{QueryFacts, kind_of_entry, object_name};
use super::query_field::QueryField;
use super::query_parser::{RawTerm, split_terms};
use super::text_needle::TextNeedle;
use crate::rules::RuleTheme;

/// A term that may be taken for the one under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryCandidate {
    /// The whole term.
    pub text: String,
    /// True where nothing more belongs to it: a blank may follow.
    pub is_whole: bool,
}

/// The revision that every repository of git's has.
const LAST_COMMIT: &str = "HEAD";
/// The most candidates that are kept; more would not be read.
const MAX_CANDIDATES: usize = 24;

/// The candidates for the term that ends at the cursor, and the place of what they replace.
pub(super) fn find_candidates(
    before_cursor: &str,
    index: &FindingsIndex,
    facts: &QueryFacts<'_>,
) -> (Range<usize>, Vec<QueryCandidate>) {
    let terms = split_terms(before_cursor);
    let term = terms.last().filter(|term| term.span.end == before_cursor.len());
    let span = term.map_or(before_cursor.len()..before_cursor.len(), |term| term.span.clone());
    let sign = if term.is_some_and(|term| term.is_negated) { "!" } else { "" };
    let mut found = match term.and_then(RawTerm::split_field) {
        Some((name, operator, value)) => QueryField::of_name(&name)
            .map(|field| value_candidates(field, operator, &value, index, facts))
            .unwrap_or_default(),
        None => {
            let word = term.map(RawTerm::plain_text).unwrap_or_default();
            let lower = word.to_ascii_lowercase();
            word_candidates(&lower)
        }
    };
    for candidate in &mut found {
        candidate.text.insert_str(0, sign);
    }
    let typed = &before_cursor[span.clone()];
    found.retain(|candidate| candidate.text != typed);
    found.truncate(MAX_CANDIDATES);
    (span, found)
}

/// The fields that begin like a word, and the fields of which it begins a value.
fn word_candidates(word: &str) -> Vec<QueryCandidate> {
    let fields = QueryField::ALL.into_iter().filter(|field| field.name().starts_with(word));
    let fields = fields.map(|field| QueryCandidate { text: format!("{}:", field.name()), is_whole: false });
    let with_value = QueryField::ALL.into_iter().filter(|field| *field != QueryField::Risk);
    let values = with_value.flat_map(|field| {
        let values = field.values().unwrap_or_default().into_iter();
        values.map(move |value| (field, value))
    });
    // One letter begins too much.
    let values = values.filter(|(_, value)| word.len() > 1 && value.starts_with(word));
    let values = values
        .map(|(field, value)| QueryCandidate { text: format!("{}:{value}", field.name()), is_whole: true });
    fields.chain(values).collect()
}

fn value_candidates(
    field: QueryField,
    operator: &str,
    typed: &str,
    index: &FindingsIndex,
    facts: &QueryFacts<'_>,
) -> Vec<QueryCandidate> {
    // Of several values the last one is being typed.
    let (given, typed) =
        typed.rsplit_once(',').map_or(("", typed), |(_, last)| (&typed[..typed.len() - last.len()], last));
    let values: Vec<String> = match field.values() {
        Some(values) => {
            let typed = typed.to_ascii_lowercase();
            let begins = values.into_iter().filter(|value| value.starts_with(&typed));
            begins.filter(|value| is_present(field, value, index, facts)).map(str::to_owned).collect()
        }
        // Which revisions there are only git knows.
        None if field == QueryField::Since => {
            Some(LAST_COMMIT).filter(|head| head.starts_with(typed)).map(str::to_owned).into_iter().collect()
        }
        None => text_values(field, typed, index),
    };
    let whole = |value: String| {
        let needs_quotes = value.contains(|c: char| c.is_whitespace() || c == ',' || c == '"');
        let value = if needs_quotes { format!("\"{value}\"") } else { value };
        QueryCandidate { text: format!("{}{operator}{given}{value}", field.name()), is_whole: true }
    };
    values.into_iter().map(whole).collect()
}

/// True where some finding has that value. What is not known yet may be there.
fn is_present(field: QueryField, value: &str, index: &FindingsIndex, facts: &QueryFacts<'_>) -> bool {
    let mut all = index.entries.iter().chain(&index.suppressed);
    match field {
        QueryField::Severity => all.any(|entry| entry.severity.name() == value),
        QueryField::Theme => all.any(|entry| entry.theme.map(RuleTheme::name) == Some(value)),
        QueryField::State => {
            let query = FindingQuery::parse(&format!("{}:{value}", field.name()));
            all.any(|entry| query.matches_entry(entry, index, facts))
        }
        _ => true,
    }
}

/// The values of a field that hold what was typed, those that begin with it first.
fn text_values(field: QueryField, typed: &str, index: &FindingsIndex) -> Vec<String> {
    let needle = TextNeedle::new(typed);
    let mut known: HashSet<&str> = HashSet::new();
    let mut found: BTreeSet<(bool, &str)> = BTreeSet::new();
    for entry in index.entries.iter().chain(&index.suppressed) {
        let value = match field {
            QueryField::Rule => Some(entry.key.rule),
            QueryField::Kind => kind_of_entry(entry),
            QueryField::Path => Some(entry.key.path.as_str()),
            _ => index.app_of_finding(&entry.key).map(|(_, object)| object_name(object)),
        };
        let Some(value) = value.filter(|value| known.insert(value)) else { continue };
        if let Some(at) = needle.find_in(value) {
            found.insert((at.start > 0, value));
        }
    }
    found.into_iter().take(MAX_CANDIDATES).map(|(_, value)| value.to_owned()).collect()
}
