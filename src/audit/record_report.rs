//! Reports a file's findings for the engine: the current ones, or while it does not parse, the last ones.

use std::collections::HashMap;
use std::sync::Arc;

use super::file_record::FileRecord;
use super::listed_finding::list_findings;
use super::{
    AuditEngine, AuditUpdate, FileReport, FileStatus, FindingList, FindingVerdict, ListedFinding,
    TemplateRender, WorkloadReport,
};
use crate::finding::{Finding, FindingKey, keyed};
use crate::repo::RelPath;
use crate::rules::{self, RuleTheme};
use crate::text::SourceText;

impl AuditEngine {
    /// What is said of some files besides their findings, as [`Self::snapshot`] does.
    #[must_use]
    pub fn snapshot_files(&self, paths: &[&RelPath]) -> AuditUpdate {
        let entries = || paths.iter().filter_map(|path| self.files.get(*path));
        AuditUpdate {
            files: entries().map(|entry| entry.file_report()).collect(),
            workloads: entries().map(|entry| (entry.path.clone(), entry.workload_reports())).collect(),
            ..AuditUpdate::default()
        }
    }

    /// The number of open findings.
    #[must_use]
    pub fn count_open_findings(&self) -> usize {
        let audited = self.files.values().filter(|entry| !entry.is_context);
        audited.map(|entry| entry.current_record().count_open_findings()).sum()
    }
}

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
            && self.build_context == old.build_context
            && self.context_scripts == old.context_scripts
    }

    /// What came of reading and of judging it.
    pub(super) fn reported_status(&self) -> FileStatus {
        match (&self.status, &self.unfinished_reason) {
            (FileStatus::Audited, Some(reason)) => FileStatus::Partial(reason.clone()),
            (status, _) => status.clone(),
        }
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
            status: self.reported_status(),
            documents: self.documents,
            source: self.reported_source().cloned(),
            is_stale: self.last_valid.is_some(),
            renders: self.current_record().renders.iter().map(TemplateRender::report).collect(),
        }
    }

    /// All findings about it. A single report asks once or twice: where all are open, it takes less memory to make the
    /// list then than to keep it.
    pub(super) fn finding_list(&self) -> FindingList {
        let make_list = || {
            let open = |finding| FindingVerdict { finding, suppression: None };
            let verdicts: Vec<FindingVerdict> = self.findings().cloned().map(open).collect();
            list_findings(&self.path, self.source.as_ref(), &verdicts)
        };
        self.finding_list.clone().unwrap_or_else(make_list)
    }

    /// All open findings about it with their keys.
    pub(super) fn open_findings(&self) -> Vec<(FindingKey, &Finding)> {
        let Some(list) = &self.finding_list else {
            let keyed = keyed(&self.path, self.findings(), |finding| finding);
            return keyed.into_iter().map(|(key, finding)| (key, finding.as_ref())).collect();
        };
        let open = list.iter().filter(|listed| listed.is_open());
        open.map(|listed| (listed.key.clone(), listed.finding.as_ref())).collect()
    }

    fn count_open_findings(&self) -> usize {
        match &self.finding_list {
            Some(list) => list.iter().filter(|listed| listed.is_open()).count(),
            None => self.findings().count(),
        }
    }

    /// All findings about it: its own, and after them the repository's.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Arc<Finding>> {
        self.file_output.findings.iter().chain(&self.repo_output.findings)
    }

    /// Lists the findings of a file that does not parse: its faults, and the last findings.
    pub(super) fn list_stale_findings(&mut self) {
        let Some(last) = &self.last_valid else { return };
        let is_about_file = |finding: &Finding| {
            rules::find_rule(finding.rule).is_some_and(|rule| rule.theme == RuleTheme::File)
        };
        let now = self.file_output.findings.iter().filter(|finding| is_about_file(finding));
        let mut verdicts: Vec<FindingVerdict> =
            now.map(|finding| FindingVerdict { finding: Arc::clone(finding), suppression: None }).collect();
        let listed: HashMap<*const Finding, &ListedFinding> = last
            .finding_list
            .iter()
            .flat_map(|list| list.iter())
            .map(|listed| (Arc::as_ptr(&listed.finding), listed.as_ref()))
            .collect();
        let own = last.file_output.findings.iter().filter(|finding| !is_about_file(finding));
        verdicts.extend(own.chain(&last.repo_output.findings).map(|finding| {
            let listed = listed.get(&Arc::as_ptr(finding));
            FindingVerdict {
                finding: self.move_finding(Arc::clone(finding)),
                suppression: listed.and_then(|listed| listed.suppression.as_deref().cloned()),
            }
        }));
        self.finding_list = Some(list_findings(&self.path, self.reported_source(), &verdicts));
    }

    /// A finding of the old text, moved to its place in the current one.
    fn move_finding(&self, mut finding: Arc<Finding>) -> Arc<Finding> {
        if let (Some(last), Some(source)) = (&self.last_valid, &self.source) {
            let span = finding.span.follow_edit(last.text(), source.text());
            if span != finding.span {
                Arc::make_mut(&mut finding).span = span;
            }
        }
        finding
    }

    /// The text in which its findings stand.
    fn reported_source(&self) -> Option<&SourceText> {
        self.source.as_ref().or(self.current_record().source.as_ref())
    }
}
