//! Keeps the findings of a repository in memory: audits update it by file, views read it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::audit::{
    AuditUpdate, FileReport, FileStatus, FindingList, ListedFinding, LoweredBar, WorkloadReport,
};
use crate::finding::FindingKey;
use crate::project::AppMember;
use crate::repo::RelPath;
use crate::text::SourceText;

/// The changes of an update, for marking on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreDelta {
    pub new: Vec<FindingKey>,
    pub resolved: Vec<FindingKey>,
    /// The files for which something may have changed.
    pub files: BTreeSet<RelPath>,
    /// Those of them that were edited, came or went: others are judged anew with them.
    pub edited: BTreeSet<RelPath>,
}

/// The results of the last audits, replaced by file.
#[derive(Clone, Debug, Default)]
pub struct Store {
    files: BTreeMap<RelPath, FileReport>,
    findings: BTreeMap<RelPath, FindingList>,
    workloads: BTreeMap<RelPath, Vec<WorkloadReport>>,
    members: BTreeMap<RelPath, Vec<AppMember>>,
    score: Option<u8>,
    ignored_count: usize,
    lowered_bar: LoweredBar,
}

impl Store {
    /// A store of an update that holds everything.
    #[must_use]
    pub fn from_update(update: AuditUpdate) -> Self {
        let mut store = Self::default();
        store.merge_update(update);
        store
    }

    /// Applies an update and gives the findings that came and those that went.
    pub fn apply_update(&mut self, update: AuditUpdate) -> StoreDelta {
        let touched: BTreeSet<RelPath> = update
            .removed_paths
            .iter()
            .chain(update.files.iter().map(|file| &file.path))
            .chain(update.findings.keys())
            .chain(update.workloads.keys())
            .cloned()
            .collect();
        let list = |store: &Self, path| store.findings.get(path).cloned().unwrap_or_default();
        let before: Vec<FindingList> = touched.iter().map(|path| list(self, path)).collect();
        let edition = |store: &Self, path| store.files.get(path).map(file_edition);
        let editions: Vec<_> = touched.iter().map(|path| edition(self, path)).collect();
        for path in &update.removed_paths {
            self.files.remove(path);
            self.findings.remove(path);
            self.workloads.remove(path);
            self.members.remove(path);
        }
        self.merge_update(update);
        let edited = touched.iter().zip(editions).filter(|(path, before)| *before != edition(self, path));
        let mut delta =
            StoreDelta { edited: edited.map(|(path, _)| path.clone()).collect(), ..StoreDelta::default() };
        for (path, before) in touched.iter().zip(before) {
            let after = list(self, path);
            if !Arc::ptr_eq(&before, &after) && !open_keys(&before).eq(open_keys(&after)) {
                let (before, after): (BTreeSet<_>, BTreeSet<_>) =
                    (open_keys(&before).collect(), open_keys(&after).collect());
                delta.new.extend(after.difference(&before).copied().cloned());
                delta.resolved.extend(before.difference(&after).copied().cloned());
            }
        }
        StoreDelta { files: touched, ..delta }
    }

    fn merge_update(&mut self, update: AuditUpdate) {
        self.files.extend(update.files.into_iter().map(|file| (file.path.clone(), file)));
        self.findings.extend(update.findings);
        self.workloads.extend(update.workloads);
        self.members.extend(Arc::unwrap_or_clone(update.members));
        self.score = update.score;
        self.ignored_count = update.ignored_count;
        self.lowered_bar = *update.lowered_bar;
    }

    /// All files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &FileReport> {
        self.files.values()
    }

    #[must_use]
    pub fn file(&self, path: &RelPath) -> Option<&FileReport> {
        self.files.get(path)
    }

    /// True for a file that does not parse as it was saved last: what is known of it is of the version before.
    #[must_use]
    pub fn is_half_saved(&self, path: &RelPath) -> bool {
        self.file(path).is_some_and(|file| file.is_stale)
    }

    /// Every workload, in the order of the files.
    pub fn workloads(&self) -> impl Iterator<Item = &WorkloadReport> {
        self.workloads.values().flatten()
    }

    /// The workloads in a file.
    #[must_use]
    pub fn workloads_in(&self, path: &RelPath) -> &[WorkloadReport] {
        self.workloads.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// The objects in a file that belong to an app.
    #[must_use]
    pub fn members_in(&self, path: &RelPath) -> &[AppMember] {
        self.members.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    #[must_use]
    pub const fn score(&self) -> Option<u8> {
        self.score
    }

    /// The number of candidates that ignore files hide.
    #[must_use]
    pub const fn ignored_count(&self) -> usize {
        self.ignored_count
    }

    /// What the repository's own settings take off the bar.
    #[must_use]
    pub const fn lowered_bar(&self) -> &LoweredBar {
        &self.lowered_bar
    }

    /// A file's findings, in its order; the more severe first where they stand at one place.
    #[must_use]
    pub fn findings_in(&self, path: &RelPath) -> &[Arc<ListedFinding>] {
        self.findings.get(path).map(AsRef::as_ref).unwrap_or_default()
    }

    /// Every finding, by file.
    pub fn findings(&self) -> impl Iterator<Item = &Arc<ListedFinding>> {
        self.files.keys().flat_map(|path| self.findings_in(path))
    }
}

fn open_keys(list: &FindingList) -> impl Iterator<Item = &FindingKey> {
    list.iter().filter(|listed| listed.is_open()).map(|listed| &listed.key)
}

/// What tells a file from itself as it was before an edit: its text, whether it can be read, and whether it parses.
fn file_edition(file: &FileReport) -> (Option<SourceText>, FileStatus, bool) {
    (file.source.clone(), file.status.clone(), file.is_stale)
}
