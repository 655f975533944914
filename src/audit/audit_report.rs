//! Defines the report of an audit, for the store and the printed reports: files, findings and workloads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FindingList, ListedFinding, LoweredBar};
use crate::helm::{OriginSegment, PlacedBranch};
use crate::project::{AppMember, LinkAnswer};
use crate::repo::{FileKind, FileRole, RelPath};
use crate::text::SourceText;
use crate::unit::UnitKey;

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

/// One file, audited; its findings stand beside it in the update.
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
    /// True while the file does not parse, and its findings are from when it last did. It cannot be fixed then.
    pub is_stale: bool,
    /// Of a chart's template what it renders, the chart's own values before its other value sets.
    pub renders: Vec<RenderReport>,
}

/// What a chart renders of a template with one set of values, or an overlay builds of the objects that began in a file.
#[derive(Clone, Debug)]
pub struct RenderReport {
    pub unit: Arc<UnitKey>,
    pub text: SourceText,
    /// Covers each byte of the text once, in order.
    pub origin: Arc<[OriginSegment]>,
    /// Which sides of branches were taken, in all files of the chart.
    pub branches: Arc<[PlacedBranch]>,
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
    /// None where nothing says one, which may leave it to what applies the file.
    pub namespace: Option<Arc<str>>,
    /// None for patches, which hold only a part of a pod.
    pub pod_security: Option<PodSecurity>,
    /// Every control of the standards that it fails, as the API server names its checks.
    pub failed_controls: Vec<&'static str>,
    /// 0 to 100; none when nothing about it could be decided.
    pub score: Option<u8>,
    /// The Dockerfile that builds its own image, and the reason for the link.
    pub dockerfile: Option<(RelPath, String)>,
    /// What the repository's files say of the image of each container; of those of which they say nothing, nothing.
    pub links: Vec<ContainerLink>,
}

/// A container, with what the repository's files say of its image.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerLink {
    pub container: Arc<str>,
    pub image: Arc<str>,
    pub answer: LinkAnswer,
}

/// The changes of an audit: files, their findings and their workloads, of each file replaced whole.
#[derive(Clone, Debug, Default)]
pub struct AuditUpdate {
    pub files: Vec<FileReport>,
    pub removed_paths: Vec<RelPath>,
    /// The findings, by file: of every file for which they may have changed, with those of `files` among them.
    pub findings: BTreeMap<RelPath, FindingList>,
    /// The workloads, by file: of every file for which they may have changed.
    pub workloads: BTreeMap<RelPath, Vec<WorkloadReport>>,
    /// The objects that belong to an app, by file: of every file for which they may have changed.
    pub members: Arc<BTreeMap<RelPath, Vec<AppMember>>>,
    /// The repository's score, 0 to 100; none without any workload or Dockerfile.
    pub score: Option<u8>,
    /// Candidates that ignore files hide.
    pub ignored_count: usize,
    /// What the repository's own settings take off the bar.
    pub lowered_bar: Box<LoweredBar>,
}

impl AuditUpdate {
    /// True where it changes nothing, as when a file was saved as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.removed_paths.is_empty() && self.findings.is_empty()
    }

    /// The same update with the findings of these rules alone; with all where none is named. With `open`, suppressed
    /// findings are left out. A finding's key stays what it was among all.
    #[must_use]
    pub fn retain_rules(mut self, rules: &[&str], open: bool) -> Self {
        let keep = |listed: &&Arc<ListedFinding>| {
            let asked = rules.is_empty() || rules.contains(&listed.key.rule);
            asked && (listed.is_open() || !open)
        };
        for list in self.findings.values_mut() {
            if !list.iter().all(|listed| keep(&listed)) {
                *list = list.iter().filter(keep).cloned().collect();
            }
        }
        self
    }
}
