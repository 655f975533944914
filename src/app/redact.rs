//! Hides secrets in the diffs on a screen: a value that a secret rule matched is shown as its first two characters
//! and a mark. Only the source shows it whole.

use crate::repo::RelPath;
use crate::rules::{is_secret_name, is_secret_rule};
use crate::store::Store;
use crate::text::diff::DiffLine;

/// A shorter value may be a word of its own: it is hidden only where it is the secret.
const MIN_UNIQUE_LENGTH: usize = 8;

/// The secrets of one file.
#[derive(Debug, Default)]
pub(crate) struct SecretRedactor {
    secrets: Vec<SecretText>,
}

#[derive(Debug)]
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
        let source = store.file(path).and_then(|file| file.source.as_ref());
        let Some(source) = source.filter(|_| spans.peek().is_some()) else { return Self::default() };
        let text = source.text();
        let found = spans.filter_map(|listed| {
            let span = listed.finding.span;
            let line = source.line_span(source.line_number_at(span.start)).slice(text).trim();
            let value = value_without_name(span.slice(text)).to_owned();
            (!names_file(line)).then(|| SecretText { value, line: line.to_owned() })
        });
        let mut own = Self { secrets: found.chain(secrets_by_name(text)).collect() };
        own.sort_secrets();
        own
    }

    /// The secrets of a file, by its findings, and those that older texts of it show by their names.
    pub(super) fn for_texts<'t>(
        store: &Store,
        path: &RelPath,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let mut own = Self::for_file(store, path);
        own.secrets.extend(texts.into_iter().flat_map(secrets_by_name));
        own.sort_secrets();
        own
    }

    /// The longest first, so that none is left over when another is a part of it.
    fn sort_secrets(&mut self) {
        self.secrets.retain(|secret| secret.value.chars().count() > 2);
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.value.len()));
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
        let mut text = line.to_owned();
        for SecretText { value, line: own } in &self.secrets {
            if line.trim() == own || value.len() >= MIN_UNIQUE_LENGTH && holds_word(&text, value) {
                let start: String = value.chars().take(2).collect();
                text = text.replace(value.as_str(), &format!("{start}…"));
            }
        }
        text
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

/// A value without its quotes and without the name that it is given to.
fn value_without_name(text: &str) -> &str {
    let text = text.trim();
    let given = text.split_once('=').filter(|(name, _)| is_secret_name(name));
    given.map_or(text, |(_, value)| value).trim_matches(['"', '\'', ' '])
}

/// True where a value stands in the text, and not as a part of a word.
fn holds_word(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !joins(text[..at].chars().next_back()) && !joins(text[at + value.len()..].chars().next())
    })
}
