//! The findings as the lists need them: flat, in the order of the files, rebuilt when the store changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::links::Links;
use super::lookup::asks_a_registry;
use super::splice::{Moves, Splices};
use super::tree::Counts;
use crate::audit::{FileReport, Listed, Status};
use crate::finding::FindingKey;
use crate::finding::Suppression;
use crate::finding::{Remedy, Safety, Severity, Wording};
use crate::repo::RelPath;
use crate::rules::{Rule, RuleTheme};
use crate::store::Store;
use crate::text::Span;

/// Where rules are looked up by their id.
pub type Rules = fn(&str) -> Option<&'static Rule>;

/// What a list shows of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: FindingKey,
    pub severity: Severity,
    pub theme: Option<RuleTheme>,
    pub message: Wording,
    pub span: Span,
    /// From 1; 0 where the text is not known.
    pub line: usize,
    /// How safe its fix is; none where it has none.
    pub safety: Option<Safety>,
    /// Whether its fix waits for what a registry says.
    pub asks_a_registry: bool,
    /// What keeps it quiet, if anything does.
    pub quiet: Option<Suppression>,
}

/// All findings; those that are kept quiet stand apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// The open ones; shared, so that those behind a change are moved at once.
    pub entries: Vec<Arc<Entry>>,
    /// Those that somebody has allowed, and those that the baseline knows.
    pub quiet: Vec<Arc<Entry>>,
    files: BTreeMap<RelPath, Part>,
    links: Links,
    pub tally: Tally,
}

/// A file's part of the whole.
#[derive(Clone, Debug, Default, PartialEq)]
struct Part {
    entries: Range<usize>,
    quiet: Range<usize>,
    counts: Counts,
    tally: Tally,
}

/// How the files ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub files: usize,
    pub partial: usize,
    pub skipped: usize,
}

impl Index {
    #[must_use]
    pub fn new(store: &Store, rules: Rules) -> Self {
        let mut index = Self::default();
        let all = store.files().map(|file| file.path.clone()).collect();
        index.change(store, rules, &all);
        index
    }

    /// Takes in what the store now says of these files, and gives where that moved the entries of the others.
    pub(super) fn change(&mut self, store: &Store, rules: Rules, paths: &BTreeSet<RelPath>) -> Moves {
        let (mut open, mut quiet) = (Splices::default(), Splices::default());
        let mut parts = Vec::new();
        for path in paths {
            self.links.set(path, store.workloads_in(path));
            let known = self.files.range(path.clone()..).next();
            let end = (self.entries.len(), self.quiet.len());
            let at = known.map_or(end, |(_, part)| (part.entries.start, part.quiet.start));
            let old = self.files.get(path).cloned().unwrap_or_default();
            let file = store.file(path);
            let (entries, hushed) = file.map(|file| entries(store, file, rules)).unwrap_or_default();
            let tally = file.map(|file| Tally::of(&file.status)).unwrap_or_default();
            self.tally.add(tally);
            self.tally.take(old.tally);
            let counts = Counts::of(entries.iter().map(|entry| entry.severity));
            parts.push((path, Part { entries: 0..entries.len(), quiet: 0..hushed.len(), counts, tally }));
            open.push(at.0, old.entries.len(), entries);
            quiet.push(at.1, old.quiet.len(), hushed);
        }
        for (path, part) in parts {
            match store.file(path) {
                Some(_) => drop(self.files.insert(path.clone(), part)),
                None => drop(self.files.remove(path)),
            }
        }
        let moves = open.carry_out(&mut self.entries);
        quiet.carry_out(&mut self.quiet);
        if let Some(first) = paths.first() {
            self.count_from(first);
        }
        moves
    }

    /// Says of each file where its findings stand, by how many each has: of all from one on.
    fn count_from(&mut self, first: &RelPath) {
        let before = self.files.range(..first.clone()).next_back();
        let (mut open, mut quiet) = before.map_or((0, 0), |(_, part)| (part.entries.end, part.quiet.end));
        for part in self.files.range_mut(first.clone()..).map(|(_, part)| part) {
            part.entries = open..open + part.entries.len();
            part.quiet = quiet..quiet + part.quiet.len();
            (open, quiet) = (part.entries.end, part.quiet.end);
        }
    }

    /// These files, and the Dockerfiles that their workloads were linked to, or are now.
    pub(super) fn with_linked(&self, store: &Store, paths: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let mut all = paths.clone();
        for path in paths {
            all.extend(self.links.from(path).cloned());
            let now = store.workloads_in(path).iter().filter_map(|workload| workload.dockerfile.as_ref());
            all.extend(now.map(|(dockerfile, _)| dockerfile.clone()));
        }
        all.retain(|path| self.files.contains_key(path) || store.file(path).is_some());
        all
    }

    /// Whether the file is known.
    pub(super) fn holds(&self, path: &RelPath) -> bool {
        self.files.contains_key(path)
    }

    /// A file's findings, in the order of the file.
    #[must_use]
    pub fn in_file(&self, path: &RelPath) -> &[Arc<Entry>] {
        &self.entries[self.places(path)]
    }

    /// How many findings a file has.
    pub(super) fn counts(&self, path: &RelPath) -> Counts {
        self.files.get(path).map(|part| part.counts).unwrap_or_default()
    }

    /// Where a file's findings stand among all.
    pub(super) fn places(&self, path: &RelPath) -> Range<usize> {
        self.files.get(path).map(|part| part.entries.clone()).unwrap_or_default()
    }

    /// The one workload that uses a Dockerfile, by its file and object; none where several do.
    #[must_use]
    pub fn owner(&self, dockerfile: &RelPath) -> Option<(&RelPath, &Arc<str>)> {
        self.links.owner(dockerfile)
    }

    /// The Dockerfiles that belong to a workload alone.
    pub(super) fn owned(&self, path: &RelPath, object: &Arc<str>) -> impl Iterator<Item = &RelPath> {
        let dockerfiles: BTreeSet<&RelPath> = self.links.from(path).collect();
        dockerfiles.into_iter().filter(move |dockerfile| self.owner(dockerfile) == Some((path, object)))
    }

    /// The file that belongs to this one, as one of its objects sees it, and what says so.
    #[must_use]
    pub fn linked(&self, path: &RelPath, object: Option<&Arc<str>>) -> Option<(&RelPath, &str)> {
        self.links.linked(path, object)
    }

    #[must_use]
    pub fn find(&self, key: &FindingKey) -> Option<&Entry> {
        self.place(key).map(|place| self.at(place))
    }

    /// The place of a finding among all: the open ones, and after them those that are kept quiet.
    pub(super) fn place(&self, key: &FindingKey) -> Option<usize> {
        let part = self.files.get(&key.path)?;
        let quiet = part.quiet.clone().map(|at| self.entries.len() + at);
        part.entries.clone().chain(quiet).find(|at| self.at(*at).key == *key)
    }

    /// The finding at that place among all.
    pub(super) fn at(&self, place: usize) -> &Entry {
        self.entries.get(place).unwrap_or_else(|| &self.quiet[place - self.entries.len()])
    }
}

/// A file's open findings, and those that are kept quiet.
fn entries(store: &Store, file: &FileReport, rules: Rules) -> (Vec<Arc<Entry>>, Vec<Arc<Entry>>) {
    let all = store.findings_in(&file.path).into_iter().map(|(key, listed)| {
        let line = file.source.as_ref().map_or(0, |source| source.line_at(listed.finding.span.start));
        Arc::new(Entry::new(key, listed, line, rules))
    });
    all.partition(|entry| entry.quiet.is_none())
}

impl Entry {
    fn new(key: FindingKey, listed: &Listed, line: usize, rules: Rules) -> Self {
        let finding = &listed.finding;
        Self {
            severity: finding.severity,
            theme: rules(key.rule).map(|rule| rule.theme),
            message: finding.message.clone(),
            span: finding.span,
            line,
            safety: match &finding.remedy {
                Remedy::Change(change) => Some(change.safety),
                Remedy::None | Remedy::Withheld(_) => None,
            },
            asks_a_registry: asks_a_registry(finding),
            quiet: listed.suppressed.clone(),
            key,
        }
    }

    /// What it is folded under when it is kept quiet.
    #[must_use]
    pub fn hush(&self) -> Option<Hush> {
        self.quiet.as_ref().map(|quiet| if quiet.is_known() { Hush::Known } else { Hush::Allowed })
    }
}

/// Why a finding is kept quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hush {
    /// Somebody has decided about it.
    Allowed,
    /// It stood already when the baseline was taken.
    Known,
}

impl Hush {
    pub(super) const ALL: [Self; 2] = [Self::Allowed, Self::Known];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Known => "in the baseline",
        }
    }
}

impl Tally {
    fn of(status: &Status) -> Self {
        Self {
            files: 1,
            partial: usize::from(matches!(status, Status::Partial(_))),
            skipped: usize::from(matches!(status, Status::Skipped(_))),
        }
    }

    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.partial += other.partial;
        self.skipped += other.skipped;
    }

    fn take(&mut self, other: Self) {
        self.files -= other.files;
        self.partial -= other.partial;
        self.skipped -= other.skipped;
    }
}
