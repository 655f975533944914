//! Our own words: `# seaworthy: allow rule-id[, rule-id] -- reason`.

use crate::text::Span;

/// What begins each of our words to a file.
const NAME: &str = "seaworthy:";

/// What stands between the rules and the reason.
const BECAUSE: &str = "--";

/// One comment that allows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` to the end of its line; what may stand before it in the same comment is not part of it.
    pub span: Span,
    /// The rules as they are written, known or not.
    pub names: Vec<String>,
    pub reason: Option<String>,
    /// Whether it is `allow-file`.
    pub whole_file: bool,
}

impl Comment {
    /// Reads a comment, whose text begins with `#`. None where it says nothing to us.
    pub(super) fn read(text: &str, span: Span) -> Option<Self> {
        let whole = span.of(text).trim_end();
        let mut hashes = whole.rmatch_indices('#').map(|(at, _)| at);
        let (at, words) = hashes.find_map(|at| Some((at, said(&whole[at..])?)))?;
        let (verb, rest) = words.split_at(words.find(char::is_whitespace).unwrap_or(words.len()));
        let whole_file = match verb {
            "allow" => false,
            "allow-file" => true,
            _ => return None,
        };
        let (names, reason) = match rest.split_once(BECAUSE) {
            Some((names, reason)) => (names, Some(reason.trim())),
            None => (rest, None),
        };
        let names = names.split([',', ' ', '\t']).filter(|name| !name.is_empty()).map(str::to_owned);
        Some(Self {
            span: Span::new(span.start + at, span.start + whole.len()),
            names: names.collect(),
            reason: reason.filter(|reason| !reason.is_empty()).map(str::to_owned),
            whole_file,
        })
    }

    /// The comment without some of its names; none where none is left.
    #[must_use]
    pub fn without(&self, names: &[String]) -> Option<String> {
        let left: Vec<&str> =
            self.names.iter().filter(|name| !names.contains(name)).map(String::as_str).collect();
        let verb = if self.whole_file { "allow-file" } else { "allow" };
        (!left.is_empty()).then(|| compose(verb, &left.join(", "), self.reason.as_deref()))
    }
}

/// The comment that allows a rule.
#[must_use]
pub fn write(rule: &str, reason: &str) -> String {
    compose("allow", rule, Some(reason).filter(|reason| !reason.is_empty()))
}

fn compose(verb: &str, names: &str, reason: Option<&str>) -> String {
    let because = reason.map(|reason| format!(" {BECAUSE} {reason}")).unwrap_or_default();
    format!("# {NAME} {verb} {names}{because}")
}

/// What a comment says to us, where it begins with our name.
fn said(comment: &str) -> Option<&str> {
    Some(comment.trim_start_matches('#').trim_start().strip_prefix(NAME)?.trim_start())
}
