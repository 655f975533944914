//! Secrets, kept out of the diffs: a value that a secret rule matched is shown as its first two characters and a mark.
//! Only the source shows it whole.

use crate::repo::RelPath;
use crate::rules::is_secret_name;
use crate::store::Store;
use crate::text::diff::Line;

/// The rules whose findings stand at a secret.
const RULES: [&str; 2] = ["secret-in-env", "secret-in-build"];

/// What is secret in one file.
#[derive(Debug, Default)]
pub(super) struct Veil {
    values: Vec<String>,
    /// Whether the line before named a variable that holds a secret.
    named: bool,
}

impl Veil {
    /// The secrets of a file, as its findings say.
    pub(super) fn of(store: &Store, path: &RelPath) -> Self {
        let text = store.file(path).and_then(|file| file.source.as_ref()).map(|source| source.text());
        let findings = store.findings_in(path);
        let spans = findings.iter().filter(|(key, _)| RULES.contains(&key.rule)).map(|(_, l)| l.finding.span);
        let mut values: Vec<String> =
            spans.filter_map(|span| text.map(|text| value_of(span.of(text)).to_owned())).collect();
        values.retain(|value| value.chars().count() > 2);
        // The longest first, so that none is left over when another is a part of it.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values, named: false }
    }

    /// Hides what is secret in the next line of a diff.
    pub(super) fn hide(&mut self, line: &mut Line) {
        if self.values.is_empty() {
            return;
        }
        let content = line.text.trim_start_matches(['-', ' ']);
        let field = content.split_once(':').map(|(name, value)| (name.trim(), value_of(value)));
        // Of the variables of a container one finding speaks for all: the others are known by their names.
        let secret = match field {
            Some(("value", value)) if std::mem::take(&mut self.named) => Some(value.to_owned()),
            _ => None,
        };
        self.named = matches!(field, Some(("name", name)) if is_secret_name(name));
        for value in secret.iter().chain(&self.values).filter(|value| value.chars().count() > 2) {
            if holds_word(&line.text, value) {
                let start: String = value.chars().take(2).collect();
                line.text = line.text.replace(value.as_str(), &format!("{start}…"));
            }
        }
    }
}

/// A value without its quotes and without the name that it is given to.
fn value_of(text: &str) -> &str {
    let text = text.trim();
    let given = text.split_once('=').filter(|(name, _)| is_secret_name(name));
    given.map_or(text, |(_, value)| value).trim_matches(['"', '\'', ' '])
}

/// Whether a value stands in the text and is not just a part of a word.
fn holds_word(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !joins(text[..at].chars().next_back()) && !joins(text[at + value.len()..].chars().next())
    })
}
