//! Hides secrets in the diffs on a screen: a value that a secret rule matched is shown as its first two characters
//! and a mark. Only the source shows it whole.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Match};

use crate::repo::RelPath;
use crate::rules::{is_secret_name, is_secret_rule, may_hold_secret_object, secret_places};
use crate::store::Store;
use crate::text::diff::DiffLine;
use crate::text::{SourceText, Span};

/// A shorter value may be a word of its own: it is hidden only where it is the secret.
const MIN_UNIQUE_LENGTH: usize = 8;

/// The secrets of one file.
#[derive(Debug, Default)]
pub(crate) struct SecretRedactor {
    /// The longest first; those of one value together, by their lines.
    secrets: Vec<SecretText>,
    /// All values at once: there may be very many, in a line that is very long.
    search: OnceLock<Box<SecretSearch>>,
}

/// The search for all values, and for each the places of its secrets.
#[derive(Debug)]
struct SecretSearch {
    values: Option<AhoCorasick>,
    groups: Vec<Range<usize>>,
}

#[derive(Debug, PartialEq, Eq)]
struct SecretText {
    value: String,
    /// The secret's line, without the spaces around it.
    line: String,
}

impl SecretRedactor {
    /// The secrets of a file, by its findings.
    pub(crate) fn for_file(store: &Store, path: &RelPath) -> Self {
        let findings = store.findings_in(path);
        let mut spans = findings.iter().filter(|listed| is_secret_rule(listed.key.rule)).peekable();
        let Some(source) = store.file(path).and_then(|file| file.source.as_ref()) else {
            return Self::default();
        };
        let text = source.text();
        if spans.peek().is_none() && !may_hold_secret_object(text) {
            return Self::default();
        }
        let found = spans.filter_map(|listed| {
            let span = listed.finding.span;
            let line = source.line_span(source.line_number_at(span.start)).slice(text).trim();
            let value = value_without_name(span.slice(text)).to_owned();
            (!names_file(line)).then(|| SecretText { value, line: line.to_owned() })
        });
        let found = found.chain(secrets_by_name(text)).chain(secrets_by_place(source));
        let mut own = Self { secrets: found.collect(), search: OnceLock::new() };
        own.sort_secrets();
        own
    }

    /// The secrets of a file, by its findings, and those that older texts of it show by their names.
    pub(super) fn for_texts<'t>(
        store: &Store,
        path: &RelPath,
        texts: impl IntoIterator<Item = &'t SourceText>,
    ) -> Self {
        let mut own = Self::for_file(store, path);
        let is_known = !own.is_empty();
        for source in texts {
            let by_name = own.secrets.len();
            own.secrets.extend(secrets_by_name(source.text()));
            if is_known || own.secrets.len() > by_name {
                own.secrets.extend(secrets_by_place(source));
            }
        }
        own.sort_secrets();
        own
    }

    /// The longest first, so that none is left over when another is a part of it.
    fn sort_secrets(&mut self) {
        self.search = OnceLock::new();
        self.secrets.retain(|secret| secret.value.chars().count() > 2);
        self.secrets
            .sort_by(|a, b| (b.value.len(), &a.value, &a.line).cmp(&(a.value.len(), &b.value, &b.line)));
        self.secrets.dedup();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// Hides the secrets in a line of a diff.
    pub(super) fn redact_line(&self, line: &mut DiffLine) {
        if !self.secrets.is_empty() {
            line.text = self.redact_text(&line.text);
        }
    }

    /// The text of a patch without the secrets in its lines.
    pub(crate) fn redact_patch(&self, patch: &str) -> String {
        let line = |line: &str| match line.split_at_checked(1) {
            Some((sign, text)) => format!("{sign}{}\n", self.redact_text(text)),
            None => "\n".to_owned(),
        };
        patch.lines().map(line).collect()
    }

    /// A line without its secrets.
    pub(super) fn redact_text(&self, line: &str) -> String {
        let SecretSearch { values, groups } = &**self.search.get_or_init(|| Box::new(self.make_search()));
        // Where they cannot be searched for, nothing is shown.
        let Some(values) = values else { return "…".to_owned() };
        let own = line.trim();
        let is_hidden = |found: &Match| {
            let alike = &self.secrets[groups[found.pattern()].clone()];
            found.len() >= MIN_UNIQUE_LENGTH && stands_alone(line, found.range())
                || alike.binary_search_by(|secret| secret.line.as_str().cmp(own)).is_ok()
        };
        let hidden = values.find_overlapping_iter(line).filter(is_hidden);
        let mut hidden: Vec<Range<usize>> = hidden.map(|found| found.range()).collect();
        hidden.sort_unstable_by_key(|part| (part.start, part.end));
        let (mut text, mut at) = (String::new(), 0);
        for part in hidden {
            if part.start >= at {
                text.push_str(&line[at..part.start]);
                text.extend(line[part.clone()].chars().take(2).chain(['…']));
            }
            at = at.max(part.end);
        }
        text + &line[at..]
    }

    fn make_search(&self) -> SecretSearch {
        let (mut values, mut groups, mut at) = (Vec::new(), Vec::new(), 0);
        for alike in self.secrets.chunk_by(|a, b| a.value == b.value) {
            values.extend(alike.first().map(|secret| secret.value.as_str()));
            groups.push(at..at + alike.len());
            at += alike.len();
        }
        SecretSearch { values: AhoCorasick::new(values).ok(), groups }
    }
}

/// True for an instruction that brings a secret by the name of its file, which is no secret.
fn names_file(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("COPY") || word.eq_ignore_ascii_case("ADD")
}

/// The values of variables with a secret's name: of those of a container one finding stands for all.
fn secrets_by_name(text: &str) -> impl Iterator<Item = SecretText> {
    let mut is_secret = false;
    text.lines().filter_map(move |line| {
        let (name, value) = line.trim_start_matches(['-', ' ']).split_once(':')?;
        let was_secret =
            std::mem::replace(&mut is_secret, name == "name" && is_secret_name(value_without_name(value)));
        let secret = SecretText { value: value_without_name(value).to_owned(), line: line.trim().to_owned() };
        (was_secret && name == "value").then_some(secret)
    })
}

/// The values that are secrets by the parsed text, line by line as they are written: escapes, anchors and quotes make
/// another text of a value than it is.
fn secrets_by_place(source: &SourceText) -> impl Iterator<Item = SecretText> {
    let text = source.text();
    secret_places(source).iter().flat_map(move |place| {
        let lines = source.line_number_at(place.start)..=source.line_number_at(place.end);
        lines.filter_map(move |number| {
            let line = source.line_span(number);
            let part = Span::new(place.start.max(line.start), place.end.min(line.end));
            let value = (part.start < part.end).then(|| part.slice(text).trim().trim_matches(['"', '\'']))?;
            Some(SecretText { value: value.to_owned(), line: line.slice(text).trim().to_owned() })
        })
    })
}

/// A value without its quotes and without the name that it is given to.
fn value_without_name(text: &str) -> &str {
    let text = text.trim();
    let given = text.split_once('=').filter(|(name, _)| is_secret_name(name));
    given.map_or(text, |(_, value)| value).trim_matches(['"', '\'', ' '])
}

/// True where a part of the text is not a part of a word.
fn stands_alone(text: &str, part: Range<usize>) -> bool {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !joins(text[..part.start].chars().next_back()) && !joins(text[part.end..].chars().next())
}
