//! Expands the expressions of workflows, `${{ … }}`, as far as the file itself says their values.

use std::collections::HashMap;

use super::placeholders::expand_placeholders;
use super::unknown_text::{ROOT, unknown_value};

/// The contexts that an expression may name, each with its values: `env.NAME`, `matrix.NAME`, `inputs.NAME`.
#[derive(Clone, Debug, Default)]
pub(super) struct ExpressionContext(HashMap<String, String>);

impl ExpressionContext {
    pub(super) fn set(&mut self, context: &str, name: &str, value: String) {
        self.0.insert(format!("{context}.{name}"), value);
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The values of one context.
    pub(super) fn values_of<'a>(&'a self, context: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| {
            Some((name.strip_prefix(context)?.strip_prefix('.')?, value.as_str()))
        })
    }

    /// The text with its expressions expanded. What is not known is marked.
    pub(super) fn expand(&self, text: &str) -> String {
        expand_placeholders(text, ["${{", "}}"], |expression, _| self.value_of(expression.trim()))
    }

    fn value_of(&self, expression: &str) -> String {
        if expression == "github.workspace" {
            return ROOT.to_string();
        }
        if let Some(text) = expression.strip_prefix('\'').and_then(|text| text.strip_suffix('\''))
            && !text.contains('\'')
        {
            return text.to_owned();
        }
        // `a || b`: the first that has a value.
        if let Some((first, other)) = expression.split_once("||")
            && !first.contains("&&")
        {
            return match self.get(first.trim()) {
                Some(value) if !value.is_empty() => value.to_owned(),
                Some(_) => self.value_of(other.trim()),
                None => unknown_value(expression),
            };
        }
        self.get(expression).map_or_else(|| unknown_value(expression), str::to_owned)
    }
}
