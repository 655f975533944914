//! Expands variables in words: `$V`, `${V}`, `${V:-x}`, `${V-x}`, `${V:+x}`, `${V+x}`.

use super::EscapeChar;
use super::variable_memo::VariableValue;
use super::word_parts::{WordPart, WordParts, name_length};

/// A word with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpandedText {
    /// The text, where unknown variables stand as they are written.
    pub text: String,
    /// True when some variable in it is unknown.
    pub unresolved: bool,
}

impl ExpandedText {
    /// The text, where all of it is known.
    #[must_use]
    pub fn resolved_text(&self) -> Option<&str> {
        (!self.unresolved).then_some(self.text.as_str())
    }
}

/// No value grows beyond this many bytes, however often variables repeat each other.
const MAX_EXPANDED_BYTES: usize = 64 * 1024;

/// The deepest that defaults may stand in defaults.
const MAX_DEFAULT_DEPTH: usize = 8;

/// Takes the quotes out of `raw` and fills its variables in.
pub(super) fn expand_text(
    raw: &str,
    escape: EscapeChar,
    lookup: &dyn Fn(&str) -> VariableValue,
) -> ExpandedText {
    let mut value = ExpandedText::default();
    VariableExpander { escape, lookup }.expand_word(raw, &mut value, 0);
    if value.text.len() > MAX_EXPANDED_BYTES {
        value = ExpandedText { text: String::new(), unresolved: true };
    }
    value
}

struct VariableExpander<'a> {
    escape: EscapeChar,
    lookup: &'a dyn Fn(&str) -> VariableValue,
}

impl VariableExpander<'_> {
    fn expand_word(&self, raw: &str, out: &mut ExpandedText, depth: usize) {
        for part in WordParts::new(raw, self.escape) {
            if out.text.len() > MAX_EXPANDED_BYTES {
                break;
            }
            match part {
                WordPart::Literal(text) => out.text.push_str(text),
                WordPart::Variable(raw) => self.expand_variable(raw, out, depth),
            }
        }
    }

    /// `raw` begins with `$` and is one variable; a lone `$` is itself.
    fn expand_variable(&self, raw: &str, out: &mut ExpandedText, depth: usize) {
        let body = raw.strip_prefix("${").and_then(|body| body.strip_suffix('}')).unwrap_or(&raw[1..]);
        let (name, modifier) = body.split_at(name_length(body));
        if raw.len() == 1 {
            out.text.push('$');
            return;
        }
        let (colon, modifier) = modifier.strip_prefix(':').map_or((false, modifier), |rest| (true, rest));
        let mut chars = modifier.chars();
        let operator = chars.next();
        let word = chars.as_str();
        let has_value = |value: &str| !(colon && value.is_empty());
        match (operator, (self.lookup)(name)) {
            (Some('-' | '?') | None, VariableValue::Set(value)) if has_value(&value) => {
                out.text.push_str(&value);
            }
            (Some('-'), VariableValue::Set(_) | VariableValue::Unset) if depth < MAX_DEFAULT_DEPTH => {
                self.expand_word(word, out, depth + 1);
            }
            (Some('+'), VariableValue::Set(value)) if has_value(&value) && depth < MAX_DEFAULT_DEPTH => {
                self.expand_word(word, out, depth + 1);
            }
            (Some('+'), VariableValue::Set(value)) if !has_value(&value) => {}
            (Some('+'), VariableValue::Unset) => {}
            _ => {
                out.text.push_str(raw);
                out.unresolved = true;
            }
        }
    }
}
