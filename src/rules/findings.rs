//! Where a rule's check puts what it finds.

use super::Rule;
use crate::finding::{Finding, Remedy, Severity, Subject};
use crate::text::Span;

/// How a rule fared on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing of it fires.
    Met,
    /// It cannot be told: a value is open.
    Unknown,
    Fires,
}

/// Collects one rule's findings about one subject at a time.
pub struct Findings<'r> {
    rule: &'r Rule,
    pub(crate) subject: Subject,
    pub(crate) list: Vec<Finding>,
    unknown: bool,
}

impl<'r> Findings<'r> {
    #[must_use]
    pub const fn new(rule: &'r Rule) -> Self {
        let subject = Subject { object: None, container: None };
        Self { rule, subject, list: Vec::new(), unknown: false }
    }

    /// A finding of the rule's own severity.
    pub fn report(&mut self, span: Span, message: impl Into<String>, remedy: Remedy) {
        self.report_as(self.rule.severity, span, message, remedy);
    }

    /// A finding that is milder or graver than most of the rule's.
    pub fn report_as(&mut self, severity: Severity, span: Span, message: impl Into<String>, remedy: Remedy) {
        let subject = self.subject.clone();
        self.list.push(Finding { rule: self.rule.id, severity, span, subject, message: message.into(), remedy });
    }

    /// Says that a value is open, so that the rule neither fires nor counts as met.
    pub const fn unknown(&mut self) {
        self.unknown = true;
    }

    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.list.is_empty(), self.unknown) {
            (false, _) => Verdict::Fires,
            (true, true) => Verdict::Unknown,
            (true, false) => Verdict::Met,
        }
    }
}
