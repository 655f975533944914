//! Where a rule's check puts what it finds.

use std::sync::Arc;

use super::Rule;
use super::view::At;
use crate::finding::{Finding, Remedy, Severity, Subject, Wording};
use crate::manifest::Object;
use crate::text::Span;

/// How a rule fared on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It has nothing to say of such a subject.
    Silent,
    /// Nothing of it fires.
    Met,
    /// It cannot be told: a value is open.
    Unknown,
    Fires,
}

/// Collects one rule's findings about one subject at a time.
pub struct Findings<'r> {
    rule: &'r Rule,
    subject: &'r Subject,
    list: Vec<Arc<Finding>>,
    verdict: Verdict,
}

impl<'r> Findings<'r> {
    /// For a subject, which has met the rule until it is said otherwise.
    #[must_use]
    pub const fn new(rule: &'r Rule, subject: &'r Subject) -> Self {
        Self { rule, subject, list: Vec::new(), verdict: Verdict::Met }
    }

    /// A finding of the rule's own severity.
    pub fn report(&mut self, span: Span, message: impl Into<Wording>, remedy: Remedy) {
        self.report_as(self.rule.severity, span, message, remedy);
    }

    /// A finding that is milder or graver than most of the rule's.
    pub fn report_as(&mut self, severity: Severity, span: Span, message: impl Into<Wording>, remedy: Remedy) {
        let subject = self.subject.clone();
        self.push(severity, span, subject, message.into(), remedy);
    }

    /// A finding at a value that may be the pod's own; then no container is named.
    pub fn report_at(&mut self, at: At, message: impl Into<Wording>, remedy: Remedy) {
        let (span, subject) = match at {
            At::Container(span) => (span, self.subject.clone()),
            At::Pod(span) => (span, Subject { object: self.subject.object.clone(), container: None }),
        };
        self.push(self.rule.severity, span, subject, message.into(), remedy);
    }

    /// A finding about an object of the document.
    pub fn report_object(
        &mut self,
        object: &Object,
        span: Span,
        message: impl Into<Wording>,
        remedy: Remedy,
    ) {
        let subject = Subject { object: Some(object.label().into()), container: None };
        self.push(self.rule.severity, span, subject, message.into(), remedy);
    }

    /// Says that a value is open, so that the rule neither fires nor counts as met.
    pub fn unknown(&mut self) {
        self.verdict = self.verdict.max(Verdict::Unknown);
    }

    /// Says so where it holds.
    pub fn unknown_if(&mut self, open: bool) {
        if open {
            self.unknown();
        }
    }

    /// Says that the rule does not concern the subject.
    pub fn silent(&mut self) {
        if self.verdict == Verdict::Met {
            self.verdict = Verdict::Silent;
        }
    }

    /// What was found, and how the rule fared.
    #[must_use]
    pub fn finish(self) -> (Vec<Arc<Finding>>, Verdict) {
        (self.list, self.verdict)
    }

    fn push(&mut self, severity: Severity, span: Span, subject: Subject, message: Wording, remedy: Remedy) {
        self.verdict = Verdict::Fires;
        let finding = Finding { rule: self.rule.id, severity, span, subject, keys: None, message, remedy };
        self.list.push(Arc::new(finding));
    }
}
