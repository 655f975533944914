//! Writes a list of JSON an item at a time, so that it is never in memory as a value, for reports.

use std::io;

use serde_json::Value;

use crate::text::make_printable_json;

/// A list that is the value of a field, and comes after another field.
pub(super) struct JsonListWriter {
    indent: &'static str,
    is_empty: bool,
}

impl JsonListWriter {
    /// The field stands after `indent`, and each item two blanks deeper.
    pub(super) fn begin_list(name: &str, indent: &'static str, out: &mut dyn io::Write) -> io::Result<Self> {
        write!(out, ",\n{indent}\"{name}\": [")?;
        Ok(Self { indent, is_empty: true })
    }

    pub(super) fn push_item(&mut self, item: &str, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
        self.is_empty = false;
        out.write_all(item.as_bytes())
    }

    pub(super) fn end_list(self, out: &mut dyn io::Write) -> io::Result<()> {
        if !self.is_empty {
            write!(out, "\n{}", self.indent)?;
        }
        out.write_all(b"]")
    }
}

/// An item of a list whose field stands after `indent`, pretty-printed as it stands there.
pub(super) fn format_item(value: &Value, indent: &str) -> String {
    let text = make_printable_json(format!("{value:#}"));
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for (at, line) in text.split('\n').enumerate() {
        out.extend([if at > 0 { "\n" } else { "" }, indent, "  ", line]);
    }
    out
}
