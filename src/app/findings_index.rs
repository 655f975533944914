//! Lists the store's findings flat for the list views, in the order of the files, and follows the store's changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::file_tree::SeverityCounts;
use super::key_places::KeyPlaces;
use super::list_update::{ListSplices, PlaceShifts};
use super::workload_links::WorkloadLinks;
use crate::audit::{FileStatus, ListedFinding, PodSecurity, WorkloadReport};
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::store::Store;

/// All findings; the suppressed ones stand apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindingsIndex {
    /// The open findings; shared, so that the ones after a change are moved at once.
    pub entries: Vec<Arc<ListedFinding>>,
    /// The findings that a person has suppressed, and those in the baseline.
    pub suppressed: Vec<Arc<ListedFinding>>,
    slices: BTreeMap<RelPath, FileSlice>,
    links: WorkloadLinks,
    pub tally: FileTally,
    /// The open findings by severity.
    pub counts: SeverityCounts,
    pub levels: LevelTally,
}

/// A file's part of the index.
#[derive(Clone, Debug, Default, PartialEq)]
struct FileSlice {
    entries: Range<usize>,
    suppressed: Range<usize>,
    entry_places: KeyPlaces,
    suppressed_places: KeyPlaces,
    counts: SeverityCounts,
    tally: FileTally,
    levels: LevelTally,
}

/// The number of workloads that are whole, and of those that meet the restricted level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelTally {
    pub workloads: usize,
    pub restricted: usize,
}

/// The number of files by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileTally {
    pub files: usize,
    pub partial: usize,
    pub skipped: usize,
}

impl FindingsIndex {
    #[must_use]
    pub fn new(store: &Store) -> Self {
        let mut index = Self::default();
        let all = store.files().map(|file| file.path.clone()).collect();
        index.update_files(store, &all);
        index
    }

    /// Updates these files from the store, and gives where that moved the entries of the others.
    pub(super) fn update_files(&mut self, store: &Store, paths: &BTreeSet<RelPath>) -> PlaceShifts {
        let (mut open, mut quiet) = (ListSplices::default(), ListSplices::default());
        let mut parts = Vec::new();
        for path in paths {
            self.links.set_workloads(path, store.workloads_in(path));
            self.links.set_members(path, store.members_in(path));
            let known = self.slices.range(path.clone()..).next();
            let end = (self.entries.len(), self.suppressed.len());
            let at = known.map_or(end, |(_, part)| (part.entries.start, part.suppressed.start));
            let old = self.slices.get(path).cloned().unwrap_or_default();
            let file = store.file(path);
            let listed = file.map(|_| store.findings_in(path)).unwrap_or_default().iter().cloned();
            let (entries, hushed): (Vec<_>, Vec<_>) = listed.partition(|listed| listed.is_open());
            let tally = file.map(|file| FileTally::from_status(&file.status)).unwrap_or_default();
            self.tally.add_tally(tally);
            self.tally.subtract_tally(old.tally);
            let counts = SeverityCounts::from_severities(entries.iter().map(|entry| entry.severity));
            self.counts.add_counts(counts);
            self.counts.subtract_counts(old.counts);
            let levels = LevelTally::from_workloads(store.workloads_in(path));
            self.levels.replace_part(old.levels, levels);
            let slice = FileSlice {
                entries: 0..entries.len(),
                suppressed: 0..hushed.len(),
                entry_places: KeyPlaces::new(&entries),
                suppressed_places: KeyPlaces::new(&hushed),
                counts,
                tally,
                levels,
            };
            parts.push((path, slice));
            open.push(at.0, old.entries.len(), entries);
            quiet.push(at.1, old.suppressed.len(), hushed);
        }
        for (path, part) in parts {
            match store.file(path) {
                Some(_) => drop(self.slices.insert(path.clone(), part)),
                None => drop(self.slices.remove(path)),
            }
        }
        let moves = open.apply_to(&mut self.entries);
        quiet.apply_to(&mut self.suppressed);
        if let Some(first) = paths.first() {
            self.recount_from(first);
        }
        moves
    }

    /// Counts the places of each file's findings again, from this file on.
    fn recount_from(&mut self, first: &RelPath) {
        let before = self.slices.range(..first.clone()).next_back();
        let (mut open, mut quiet) =
            before.map_or((0, 0), |(_, part)| (part.entries.end, part.suppressed.end));
        for part in self.slices.range_mut(first.clone()..).map(|(_, part)| part) {
            part.entries = open..open + part.entries.len();
            part.suppressed = quiet..quiet + part.suppressed.len();
            (open, quiet) = (part.entries.end, part.suppressed.end);
        }
    }

    /// These files, and the Dockerfiles that their workloads were linked to, or are now.
    pub(super) fn with_linked_dockerfiles(
        &self,
        store: &Store,
        paths: &BTreeSet<RelPath>,
    ) -> BTreeSet<RelPath> {
        let mut all = paths.clone();
        for path in paths {
            all.extend(self.links.dockerfiles_of(path).cloned());
            let now = store.workloads_in(path).iter().filter_map(|workload| workload.dockerfile.as_ref());
            all.extend(now.map(|(dockerfile, _)| dockerfile.clone()));
        }
        all.retain(|path| self.slices.contains_key(path) || store.file(path).is_some());
        all
    }

    /// True for a known file.
    pub(super) fn has_file(&self, path: &RelPath) -> bool {
        self.slices.contains_key(path)
    }

    /// The open findings on a line of a file, counted from 1; they are in the order of the lines.
    #[must_use]
    pub fn entries_at_line(&self, path: &RelPath, line: usize) -> &[Arc<ListedFinding>] {
        let entries = self.entries_in(path);
        let start = entries.partition_point(|entry| entry.line < line);
        let end = entries.partition_point(|entry| entry.line <= line);
        &entries[start..end]
    }

    /// The files that have findings, in their order.
    pub(super) fn paths_with_findings(&self) -> impl Iterator<Item = &RelPath> {
        self.slices.iter().filter(|(_, part)| !part.entries.is_empty()).map(|(path, _)| path)
    }

    /// The number of files that have findings.
    #[must_use]
    pub fn file_count_with_findings(&self) -> usize {
        self.paths_with_findings().count()
    }

    /// A file's findings, in the order of the file.
    #[must_use]
    pub fn entries_in(&self, path: &RelPath) -> &[Arc<ListedFinding>] {
        &self.entries[self.places_in(path)]
    }

    /// The number of a file's findings by severity.
    pub(super) fn severity_counts(&self, path: &RelPath) -> SeverityCounts {
        self.slices.get(path).map(|part| part.counts).unwrap_or_default()
    }

    /// The places of a file's findings among all.
    pub(super) fn places_in(&self, path: &RelPath) -> Range<usize> {
        self.slices.get(path).map(|part| part.entries.clone()).unwrap_or_default()
    }

    /// The app that an object of a file belongs to, or a Dockerfile, by the workload's file and object: an app is a
    /// workload with what is for it alone. Any other object stands for itself; a Dockerfile of several apps is of none.
    #[must_use]
    pub fn app_of<'a>(
        &'a self,
        path: &'a RelPath,
        object: Option<&'a Arc<str>>,
    ) -> Option<(&'a RelPath, &'a Arc<str>)> {
        match object {
            Some(object) => Some(self.links.workload_of_member(path, object).unwrap_or((path, object))),
            None => self.links.owning_workload(path),
        }
    }

    /// The app that a finding belongs to.
    #[must_use]
    pub fn app_of_finding<'a>(&'a self, key: &'a FindingKey) -> Option<(&'a RelPath, &'a Arc<str>)> {
        self.app_of(&key.path, key.subject.object.as_ref())
    }

    /// The first workload that runs what a Dockerfile builds, by its file and object.
    pub(super) fn first_workload_of(&self, dockerfile: &RelPath) -> Option<(RelPath, Arc<str>)> {
        self.links.first_workload(dockerfile)
    }

    /// The objects of a manifest that run what a Dockerfile builds.
    pub(super) fn objects_that_run<'a>(
        &'a self,
        dockerfile: &'a RelPath,
        manifest: &RelPath,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        self.links.objects_that_run(dockerfile, manifest)
    }

    /// The objects that run what a Dockerfile builds.
    pub(super) fn apps_of_dockerfile(&self, dockerfile: &RelPath) -> impl Iterator<Item = &Arc<str>> {
        self.links.objects_of(dockerfile)
    }

    /// The files in which something may belong to an app.
    pub(super) fn app_files<'a>(&'a self, path: &'a RelPath, object: &Arc<str>) -> BTreeSet<&'a RelPath> {
        self.links.other_app_files(path, object).chain([path]).collect()
    }

    /// The file that belongs to this one, as one of its objects sees it, with the reason.
    #[must_use]
    pub fn linked_file(&self, path: &RelPath, object: Option<&Arc<str>>) -> Option<(&RelPath, &str)> {
        self.links.linked_file(path, object)
    }

    #[must_use]
    pub fn find_entry(&self, key: &FindingKey) -> Option<&ListedFinding> {
        self.place_of_key(key).map(|place| self.entry_at(place))
    }

    /// The place of a finding among all: the open ones, and after them the suppressed ones.
    pub(super) fn place_of_key(&self, key: &FindingKey) -> Option<usize> {
        let part = self.slices.get(&key.path)?;
        let open = part.entry_places.find_place(&self.entries[part.entries.clone()], key);
        open.map(|at| part.entries.start + at).or_else(|| {
            let quiet = part.suppressed_places.find_place(&self.suppressed[part.suppressed.clone()], key);
            quiet.map(|at| self.entries.len() + part.suppressed.start + at)
        })
    }

    /// The finding at that place among all.
    pub(super) fn entry_at(&self, place: usize) -> &ListedFinding {
        self.entries.get(place).unwrap_or_else(|| &self.suppressed[place - self.entries.len()])
    }
}

impl FileTally {
    fn from_status(status: &FileStatus) -> Self {
        Self {
            files: 1,
            partial: usize::from(matches!(status, FileStatus::Partial(_))),
            skipped: usize::from(matches!(status, FileStatus::Skipped(_))),
        }
    }

    fn add_tally(&mut self, other: Self) {
        self.files += other.files;
        self.partial += other.partial;
        self.skipped += other.skipped;
    }

    fn subtract_tally(&mut self, other: Self) {
        self.files -= other.files;
        self.partial -= other.partial;
        self.skipped -= other.skipped;
    }
}

impl LevelTally {
    fn from_workloads(workloads: &[WorkloadReport]) -> Self {
        let levels = || workloads.iter().filter_map(|workload| workload.pod_security);
        Self {
            workloads: levels().count(),
            restricted: levels().filter(|level| *level == PodSecurity::Restricted).count(),
        }
    }

    /// A file's part is another now.
    fn replace_part(&mut self, old: Self, new: Self) {
        self.workloads = self.workloads + new.workloads - old.workloads;
        self.restricted = self.restricted + new.restricted - old.restricted;
    }
}
