//! Where a rule's check puts what it finds.

use std::sync::Arc;

use super::Rule;
use super::subject_views::ValueLocation;
use crate::finding::{Finding, Fix, Severity, Subject, Wording};
use crate::kubernetes::ManifestObject;
use crate::text::Span;

/// How a rule fared on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleOutcome {
    /// It has nothing to say of such a subject.
    NotApplicable,
    /// Nothing of it fires.
    Pass,
    /// It cannot be told: a value is open.
    Unknown,
    Fail,
}

/// Collects one rule's findings about one subject at a time.
pub struct FindingCollector<'r> {
    rule: &'r Rule,
    subject: &'r Subject,
    findings: Vec<Arc<Finding>>,
    outcome: RuleOutcome,
}

impl<'r> FindingCollector<'r> {
    /// For a subject, which has met the rule until it is said otherwise.
    #[must_use]
    pub const fn new(rule: &'r Rule, subject: &'r Subject) -> Self {
        Self { rule, subject, findings: Vec::new(), outcome: RuleOutcome::Pass }
    }

    /// A finding of the rule's own severity.
    pub fn report(&mut self, span: Span, message: impl Into<Wording>, fix: Result<Option<Fix>, String>) {
        self.report_as(self.rule.severity, span, message, fix);
    }

    /// A finding that is milder or graver than most of the rule's.
    pub fn report_as(
        &mut self,
        severity: Severity,
        span: Span,
        message: impl Into<Wording>,
        fix: Result<Option<Fix>, String>,
    ) {
        let subject = self.subject.clone();
        self.push_finding(severity, span, subject, message.into(), fix);
    }

    /// A finding at a value that may be the pod's own; then no container is named.
    pub fn report_at(
        &mut self,
        at: ValueLocation,
        message: impl Into<Wording>,
        fix: Result<Option<Fix>, String>,
    ) {
        let (span, subject) = match at {
            ValueLocation::Container(span) => (span, self.subject.clone()),
            ValueLocation::Pod(span) => {
                (span, Subject { object: self.subject.object.clone(), container: None })
            }
        };
        self.push_finding(self.rule.severity, span, subject, message.into(), fix);
    }

    /// A finding about an object of the document.
    pub fn report_object(
        &mut self,
        object: &ManifestObject,
        span: Span,
        message: impl Into<Wording>,
        fix: Result<Option<Fix>, String>,
    ) {
        let subject = Subject { object: Some(object.label().into()), container: None };
        self.push_finding(self.rule.severity, span, subject, message.into(), fix);
    }

    /// Says that a value is open, so that the rule neither fires nor counts as met.
    pub fn mark_unknown(&mut self) {
        self.outcome = self.outcome.max(RuleOutcome::Unknown);
    }

    /// Says so where it holds.
    pub fn mark_unknown_if(&mut self, open: bool) {
        if open {
            self.mark_unknown();
        }
    }

    /// Says that the rule does not concern the subject.
    pub fn mark_not_applicable(&mut self) {
        if self.outcome == RuleOutcome::Pass {
            self.outcome = RuleOutcome::NotApplicable;
        }
    }

    /// What was found, and how the rule fared.
    #[must_use]
    pub fn into_outcome(self) -> (Vec<Arc<Finding>>, RuleOutcome) {
        (self.findings, self.outcome)
    }

    fn push_finding(
        &mut self,
        severity: Severity,
        span: Span,
        subject: Subject,
        message: Wording,
        fix: Result<Option<Fix>, String>,
    ) {
        self.outcome = RuleOutcome::Fail;
        let finding = Finding { rule: self.rule.id, severity, span, subject, keys: None, message, fix };
        self.findings.push(Arc::new(finding));
    }
}
