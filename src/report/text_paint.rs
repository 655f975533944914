//! Colours reports for terminals: with the terminal's own sixteen, and only where colours are on.

use std::borrow::Cow;

use crate::finding::Severity;

pub(super) const BOLD: &str = "1";
pub(super) const FAINT: &str = "2";
/// Line numbers, bars and arrows.
pub(super) const FRAME: &str = "34";

pub(super) const fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "1;35",
        Severity::High => "1;31",
        Severity::Medium => "1;33",
        Severity::Low => "1;36",
        Severity::Info => "1",
    }
}

/// Paints words, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub struct TextPaint {
    is_on: bool,
}

impl TextPaint {
    #[must_use]
    pub const fn new(on: bool) -> Self {
        Self { is_on: on }
    }

    #[must_use]
    pub fn bold(self, text: &str) -> Cow<'_, str> {
        self.wrap_in_code(BOLD, text)
    }

    #[must_use]
    pub fn faint(self, text: &str) -> Cow<'_, str> {
        self.wrap_in_code(FAINT, text)
    }

    #[must_use]
    pub fn paint_severity(self, severity: Severity, text: &str) -> Cow<'_, str> {
        self.wrap_in_code(severity_code(severity), text)
    }

    /// Has words written, painted: what a long report does, without a copy of each.
    pub(super) fn write_painted(self, out: &mut String, code: &str, write: impl FnOnce(&mut String)) {
        if !self.is_on {
            return write(out);
        }
        out.extend(["\u{1b}[", code, "m"]);
        write(out);
        out.push_str("\u{1b}[0m");
    }

    fn wrap_in_code<'t>(self, code: &str, text: &'t str) -> Cow<'t, str> {
        if self.is_on { Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m")) } else { Cow::Borrowed(text) }
    }
}
