//! Reports a file's findings for the engine: the current ones, or while it does not parse, the last ones.

use std::sync::Arc;

use super::file_record::FileRecord;
use super::runner::RuleOutput;
use super::{FileReport, ListedFinding, WorkloadReport};
use crate::finding::Finding;
use crate::rules::{self, RuleTheme};

impl FileRecord {
    /// The record whose findings count: this one, or while the file does not parse, the last that parsed.
    pub(super) fn current_record(&self) -> &Self {
        self.last_valid.as_deref().unwrap_or(self)
    }

    pub(super) fn current_record_mut(&mut self) -> &mut Self {
        if self.last_valid.is_none() {
            return self;
        }
        self.last_valid.as_mut().expect("it was just seen to be there")
    }

    /// Replaces the file's old record, and keeps what must outlive it.
    pub(super) fn inherit_from(mut self, old: Self) -> Self {
        if self.is_broken {
            self.last_valid = if old.is_broken { old.last_valid } else { Some(Box::new(old)) };
        }
        self
    }

    /// True where the text is the beginning of the old one, as when a save is cut short.
    pub(super) fn is_cut_off(&self, old: &Self) -> bool {
        self.source.is_some() && old.current_record().text().starts_with(self.text().trim_end())
    }

    /// True where nothing that a report shows has changed.
    pub(super) fn eq_for_report(&self, old: &Self) -> bool {
        self.source == old.source
            && self.status == old.status
            && self.kind == old.kind
            && self.role == old.role
            && self.is_context == old.is_context
            && self.has_ignore_file == old.has_ignore_file
    }

    /// All findings about it, each with its suppression.
    pub(super) fn list_findings(&self) -> Vec<ListedFinding> {
        let mut all = list_output(&self.file_output);
        all.extend(list_output(&self.repo_output));
        all
    }

    /// All findings about it, each with true where it is open.
    pub(super) fn findings_with_open(&self) -> Vec<(&Finding, bool)> {
        let open = |judged: &RuleOutput, at| judged.suppressions.get(at).is_none_or(Option::is_none);
        let judged = [&self.file_output, &self.repo_output].into_iter();
        let all = judged.flat_map(|judged| {
            judged.findings.iter().enumerate().map(move |(at, finding)| (finding.as_ref(), open(judged, at)))
        });
        all.collect()
    }

    /// The workloads in the file.
    pub(super) fn workload_reports(&self) -> Vec<WorkloadReport> {
        self.current_record().workload_rows.iter().map(|row| row.report.clone()).collect()
    }

    pub(super) fn file_report(&self) -> FileReport {
        FileReport {
            path: self.path.clone(),
            kind: self.kind,
            role: self.role,
            status: self.status.clone(),
            documents: self.documents,
            source: self.source.clone().or_else(|| self.current_record().source.clone()),
            findings: self.list_file_findings(),
            is_stale: self.last_valid.is_some(),
        }
    }

    /// The findings that the file alone decides: of one that does not parse, its faults, and the last findings.
    fn list_file_findings(&self) -> Vec<ListedFinding> {
        let Some(last) = &self.last_valid else { return list_output(&self.file_output) };
        let about_file = |listed: &ListedFinding| {
            rules::find_rule(listed.finding.rule).is_some_and(|rule| rule.theme == RuleTheme::File)
        };
        let now = list_output(&self.file_output).into_iter().filter(about_file);
        let before = list_output(&last.file_output).into_iter().filter(|listed| !about_file(listed));
        now.chain(before.map(|listed| self.move_finding(listed))).collect()
    }

    /// The findings about the file that the repository decides.
    pub(super) fn list_repo_findings(&self) -> Vec<ListedFinding> {
        let list = list_output(&self.current_record().repo_output);
        if self.last_valid.is_some() {
            list.into_iter().map(|listed| self.move_finding(listed)).collect()
        } else {
            list
        }
    }

    /// A finding of the old text, moved to its place in the current one.
    fn move_finding(&self, mut listed: ListedFinding) -> ListedFinding {
        if let (Some(last), Some(source)) = (&self.last_valid, &self.source) {
            let span = listed.finding.span.follow_edit(last.text(), source.text());
            Arc::make_mut(&mut listed.finding).span = span;
        }
        listed
    }
}

/// The findings, each with its suppression.
pub(super) fn list_output(judged: &RuleOutput) -> Vec<ListedFinding> {
    let quiet = judged.suppressions.iter().cloned().chain(std::iter::repeat(None));
    let findings = judged.findings.iter().cloned().zip(quiet);
    findings.map(|(finding, suppressed)| ListedFinding { finding, suppression: suppressed }).collect()
}
