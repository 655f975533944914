//! Counts the findings and files of each sort in a report, or in a part of one.

use std::sync::Arc;

use crate::audit::{FileReport, FileStatus, ListedFinding};
use crate::finding::{Safety, Severity, Suppression};
use crate::fix::{FixOffer, FixOffers};
use crate::store::Store;

/// Counts that add up over the parts of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportCounts {
    /// Open findings, in the order of [`Severity::ALL`].
    open: [usize; Severity::ALL.len()],
    /// Those of them that have a fix, by its class: safe, for review, in need of a value.
    fixes: [usize; 3],
    pub(super) suppressed: usize,
    /// Suppressed by the baseline.
    pub(super) baselined: usize,
    pub(super) audited: usize,
    pub(super) partial: usize,
    pub(super) skipped: usize,
}

impl ReportCounts {
    #[must_use]
    pub fn from_store(store: &Store, offers: &FixOffers) -> Self {
        let mut counts = Self::default();
        for file in store.files() {
            counts.add_file(file, store.findings_in(&file.path), offers);
        }
        counts
    }

    /// Counts a file with its findings.
    pub(super) fn add_file(&mut self, file: &FileReport, found: &[Arc<ListedFinding>], offers: &FixOffers) {
        match &file.status {
            FileStatus::Audited => self.audited += 1,
            FileStatus::Partial(_) => self.partial += 1,
            FileStatus::Skipped(_) => self.skipped += 1,
        }
        for listed in found {
            match listed.suppression.as_deref().map(Suppression::is_baselined) {
                Some(true) => self.baselined += 1,
                Some(false) => self.suppressed += 1,
                None => {
                    self.open[severity_index(listed.severity)] += 1;
                    if let Some(FixOffer::Fix { safety, .. }) = offers.get(&listed.key) {
                        self.fixes[safety_index(*safety)] += 1;
                    }
                }
            }
        }
    }

    #[must_use]
    pub fn add_counts(mut self, other: &Self) -> Self {
        (0..self.open.len()).for_each(|at| self.open[at] += other.open[at]);
        (0..self.fixes.len()).for_each(|at| self.fixes[at] += other.fixes[at]);
        self.suppressed += other.suppressed;
        self.baselined += other.baselined;
        self.audited += other.audited;
        self.partial += other.partial;
        self.skipped += other.skipped;
        self
    }

    /// Open findings of a severity.
    #[must_use]
    pub const fn open_count(&self, severity: Severity) -> usize {
        self.open[severity_index(severity)]
    }

    /// Open findings that have a fix of a class.
    #[must_use]
    pub const fn fix_count(&self, safety: Safety) -> usize {
        self.fixes[safety_index(safety)]
    }
}

const fn severity_index(severity: Severity) -> usize {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Info => 4,
    }
}

const fn safety_index(safety: Safety) -> usize {
    match safety {
        Safety::Safe => 0,
        Safety::Review => 1,
        Safety::Value => 2,
    }
}
