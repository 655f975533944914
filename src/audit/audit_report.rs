//! Defines the report of an audit, for the store and the printed reports: files, findings and workloads.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{Finding, Suppression};
use crate::repo::{FileKind, FileRole, RelPath};
use crate::text::SourceText;

/// The outcome for a candidate file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStatus {
    Audited,
    /// Some of it could not be read; the reason.
    Partial(String),
    /// None of it was audited; the reason.
    Skipped(String),
}

impl FileStatus {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Audited => "audited",
            Self::Partial(_) => "partial",
            Self::Skipped(_) => "skipped",
        }
    }

    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Audited => None,
            Self::Partial(reason) | Self::Skipped(reason) => Some(reason),
        }
    }
}

/// A finding as it is listed, with its suppression, if it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFinding {
    pub finding: Arc<Finding>,
    pub suppression: Option<Suppression>,
}

/// One file, audited. `findings` are the ones that the file alone decides, in the order of the file.
#[derive(Clone, Debug)]
pub struct FileReport {
    pub path: RelPath,
    pub kind: FileKind,
    /// The file's role, its name in reports.
    pub role: FileRole,
    pub status: FileStatus,
    /// The number of its Kubernetes documents; none for Dockerfiles and templates.
    pub documents: Option<usize>,
    /// Its text, as it was audited; none where it could not be read.
    pub source: Option<SourceText>,
    pub findings: Vec<ListedFinding>,
    /// True while the file does not parse, and its findings are from when it last did. It cannot be fixed then.
    pub is_stale: bool,
}

/// The strictest Pod Security Standard that a pod meets (Kubernetes 1.37).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PodSecurity {
    Privileged,
    Baseline,
    Restricted,
}

impl PodSecurity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// One workload: an object that holds a pod.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkloadReport {
    pub path: RelPath,
    /// `Kind/name`.
    pub object: Arc<str>,
    /// None for patches, which hold only a part of a pod.
    pub pod_security: Option<PodSecurity>,
    /// The obstacles to the next level: the controls that it fails, as the standard names them.
    pub obstacles: Vec<&'static str>,
    /// 0 to 100; none when nothing about it could be decided.
    pub score: Option<u8>,
    /// The Dockerfile that builds its image, and the reason for the link.
    pub dockerfile: Option<(RelPath, String)>,
}

/// The changes of an audit: files replaced whole, and the repository's findings for files, each replaced whole.
#[derive(Clone, Debug, Default)]
pub struct AuditUpdate {
    pub files: Vec<FileReport>,
    pub removed_paths: Vec<RelPath>,
    /// The findings that only the whole repository decides, by file: of every file for which they may have changed.
    pub repo_findings: BTreeMap<RelPath, Vec<ListedFinding>>,
    /// The workloads, by file: of every file for which they may have changed.
    pub workloads: BTreeMap<RelPath, Vec<WorkloadReport>>,
    /// The repository's score, 0 to 100; none without any workload or Dockerfile.
    pub score: Option<u8>,
    /// Candidates that ignore files hide.
    pub ignored_count: usize,
}

impl AuditUpdate {
    /// True where it changes nothing, as when a file was saved as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.removed_paths.is_empty() && self.repo_findings.is_empty()
    }

    /// The same update with the findings of these rules alone; with all where none is named. With `open`, suppressed
    /// findings are left out.
    #[must_use]
    pub fn retain_rules(mut self, rules: &[&str], open: bool) -> Self {
        let keep = |listed: &ListedFinding| {
            let asked = rules.is_empty() || rules.contains(&listed.finding.rule);
            asked && !(open && listed.suppression.is_some())
        };
        for file in &mut self.files {
            file.findings.retain(keep);
        }
        for listed in self.repo_findings.values_mut() {
            listed.retain(keep);
        }
        self
    }
}
