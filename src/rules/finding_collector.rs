//! Collects the findings of a rule's check, and its outcome, for the audit.

use std::sync::Arc;

use super::Rule;
use super::subject_views::ValueLocation;
use crate::finding::{Finding, Fix, Severity, Subject, Wording, share_fix};
use crate::kubernetes::ManifestObject;
use crate::text::Span;

/// The outcome of a rule on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleOutcome {
    /// It does not apply to such a subject.
    NotApplicable,
    /// It has no finding.
    Pass,
    /// It cannot decide: a value is unresolved.
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
    /// A collector for a subject, whose outcome is a pass until something else is reported.
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

    /// A finding to know of, about what the program needs: it weighs nothing in the score.
    pub fn report_needed(
        &mut self,
        span: Span,
        message: impl Into<Wording>,
        fix: Result<Option<Fix>, String>,
    ) {
        let outcome = self.outcome;
        self.report_as(Severity::Info, span, message, fix);
        self.outcome = outcome;
        self.mark_not_applicable();
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

    /// Records that a value is unresolved, so that the rule neither fails nor passes.
    pub fn mark_unknown(&mut self) {
        self.outcome = self.outcome.max(RuleOutcome::Unknown);
    }

    /// Does so where it holds.
    pub fn mark_unknown_if(&mut self, open: bool) {
        if open {
            self.mark_unknown();
        }
    }

    /// Records that the rule does not concern the subject.
    pub fn mark_not_applicable(&mut self) {
        if self.outcome == RuleOutcome::Pass {
            self.outcome = RuleOutcome::NotApplicable;
        }
    }

    /// The findings, and the rule's outcome.
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
        let (keys, placements) = (None, None);
        let fix = fix.map(|fix| fix.map(share_fix));
        let finding = Finding { rule: self.rule.id, severity, span, subject, keys, placements, message, fix };
        self.findings.push(Arc::new(finding));
    }
}
