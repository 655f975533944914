//! Colours for reports: the terminal's own sixteen, and only where they were asked for.

use std::borrow::Cow;

use crate::finding::Severity;

/// Paints words, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    #[must_use]
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    #[must_use]
    pub fn bold(self, text: &str) -> Cow<'_, str> {
        self.wrap("1", text)
    }

    #[must_use]
    pub fn faint(self, text: &str) -> Cow<'_, str> {
        self.wrap("2", text)
    }

    /// Line numbers, bars and arrows.
    #[must_use]
    pub fn frame(self, text: &str) -> Cow<'_, str> {
        self.wrap("34", text)
    }

    #[must_use]
    pub fn added(self, text: &str) -> Cow<'_, str> {
        self.wrap("32", text)
    }

    #[must_use]
    pub fn removed(self, text: &str) -> Cow<'_, str> {
        self.wrap("31", text)
    }

    #[must_use]
    pub fn severity(self, severity: Severity, text: &str) -> Cow<'_, str> {
        let code = match severity {
            Severity::Critical => "1;35",
            Severity::High => "1;31",
            Severity::Medium => "1;33",
            Severity::Low => "1;36",
            Severity::Info => "1",
        };
        self.wrap(code, text)
    }

    fn wrap<'t>(self, code: &str, text: &'t str) -> Cow<'t, str> {
        if self.on { Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m")) } else { Cow::Borrowed(text) }
    }
}
