//! The findings as the lists need them: flat, in the order of the files, rebuilt when the store changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::links::Links;
use super::lookup::asks_a_registry;
use crate::audit::{FileReport, Status};
use crate::finding::{Remedy, Safety, Severity};
use crate::fix::FindingKey;
use crate::repo::RelPath;
use crate::rules::{Rule, Theme};
use crate::store::Store;
use crate::text::Span;

/// So many files that have more or fewer findings than before are taken in one by one.
const FEW: usize = 4;

/// Where rules are looked up by their id.
pub type Rules = fn(&str) -> Option<&'static Rule>;

/// What a list shows of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: FindingKey,
    pub severity: Severity,
    pub theme: Option<Theme>,
    pub message: String,
    pub span: Span,
    /// From 1; 0 where the text is not known.
    pub line: usize,
    /// How safe its fix is; none where it has none.
    pub safety: Option<Safety>,
    /// Whether its fix waits for what a registry says.
    pub asks_a_registry: bool,
}

/// All findings that are not suppressed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    pub entries: Vec<Entry>,
    files: BTreeMap<RelPath, Part>,
    /// How many are suppressed.
    pub suppressed: usize,
    links: Links,
    pub tally: Tally,
}

/// A file's part of the whole.
#[derive(Clone, Debug, Default, PartialEq)]
struct Part {
    entries: Range<usize>,
    suppressed: usize,
    tally: Tally,
}

/// How the files ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub files: usize,
    pub partial: usize,
    pub skipped: usize,
}

/// Entries that take the place of others: where those begin, how many they are, and how many there are then.
#[derive(Clone, Copy, Debug)]
struct Splice {
    at: usize,
    old: usize,
    new: usize,
}

/// Where entries are now that were not themselves replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    /// From which old place on, by how much.
    from: Vec<(usize, isize)>,
}

impl Moves {
    fn of(splices: &[Splice]) -> Self {
        let mut by = 0;
        let from = splices.iter().filter(|splice| splice.old != splice.new).map(|splice| {
            by += splice.new.wrapping_sub(splice.old).cast_signed();
            (splice.at + splice.old, by)
        });
        Self { from: from.collect() }
    }

    pub(super) fn moved(&self, at: usize) -> usize {
        let before = self.from.partition_point(|(from, _)| *from <= at);
        before.checked_sub(1).map_or(at, |last| at.saturating_add_signed(self.from[last].1))
    }
}

impl Index {
    #[must_use]
    pub fn new(store: &Store, rules: Rules) -> Self {
        let mut index = Self::default();
        for file in store.files() {
            index.links.set(&file.path, store.workloads_in(&file.path));
            let (entries, part) = Part::of(store, file, rules);
            index.append(&file.path, entries, part);
        }
        index
    }

    fn append(&mut self, path: &RelPath, entries: Vec<Entry>, part: Part) {
        self.suppressed += part.suppressed;
        self.tally.add(part.tally);
        let start = self.entries.len();
        self.entries.extend(entries);
        self.files.insert(path.clone(), Part { entries: start..self.entries.len(), ..part });
    }

    /// Takes in what the store now says of these files, and gives where that moved the entries of the others.
    pub(super) fn change(&mut self, store: &Store, rules: Rules, paths: &BTreeSet<RelPath>) -> Moves {
        let mut splices = Vec::new();
        let mut new = Vec::new();
        let mut parts = Vec::new();
        for path in paths {
            self.links.set(path, store.workloads_in(path));
            let old = self.files.get(path).cloned();
            let next = || self.files.range(path.clone()..).next().map(|(_, part)| part.entries.start);
            let at = old.as_ref().map(|part| part.entries.start).or_else(next);
            let old = old.unwrap_or_default();
            let (entries, part) =
                store.file(path).map(|file| Part::of(store, file, rules)).unwrap_or_default();
            self.suppressed = self.suppressed + part.suppressed - old.suppressed;
            self.tally.add(part.tally);
            self.tally.take(old.tally);
            let at = at.unwrap_or(self.entries.len());
            splices.push(Splice { at, old: old.entries.len(), new: entries.len() });
            parts.push((path, Part { entries: 0..entries.len(), ..part }));
            new.push(entries);
        }
        for (path, part) in parts {
            match store.file(path) {
                Some(_) => drop(self.files.insert(path.clone(), part)),
                None => drop(self.files.remove(path)),
            }
        }
        self.splice(&splices, new);
        let mut start = 0;
        for part in self.files.values_mut() {
            part.entries = start..start + part.entries.len();
            start = part.entries.end;
        }
        Moves::of(&splices)
    }

    /// Exchanges entries: one by one, or where many would each move all that follow, in one go.
    fn splice(&mut self, splices: &[Splice], new: Vec<Vec<Entry>>) {
        if splices.iter().filter(|splice| splice.old != splice.new).count() <= FEW {
            for (splice, entries) in splices.iter().zip(new).rev() {
                self.entries.splice(splice.at..splice.at + splice.old, entries);
            }
            return;
        }
        let mut old = std::mem::take(&mut self.entries).into_iter();
        let mut taken = 0;
        for (splice, entries) in splices.iter().zip(new) {
            self.entries.extend(old.by_ref().take(splice.at - taken));
            old.by_ref().take(splice.old).for_each(drop);
            self.entries.extend(entries);
            taken = splice.at + splice.old;
        }
        self.entries.extend(old);
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
    pub fn in_file(&self, path: &RelPath) -> &[Entry] {
        &self.entries[self.places(path)]
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
        self.in_file(&key.path).iter().find(|entry| entry.key == *key)
    }
}

impl Part {
    fn of(store: &Store, file: &FileReport, rules: Rules) -> (Vec<Entry>, Self) {
        let all = store.findings_in(&file.path);
        let count = all.len();
        let open = all.into_iter().filter(|(_, listed)| listed.suppressed.is_none());
        let entries: Vec<Entry> = open
            .map(|(key, listed)| {
                let finding = &listed.finding;
                Entry {
                    severity: finding.severity,
                    theme: rules(key.rule).map(|rule| rule.theme),
                    message: finding.message.clone(),
                    span: finding.span,
                    line: file.source.as_ref().map_or(0, |source| source.line_at(finding.span.start)),
                    asks_a_registry: asks_a_registry(finding),
                    safety: match &finding.remedy {
                        Remedy::Change(change) => Some(change.safety),
                        Remedy::None | Remedy::Withheld(_) => None,
                    },
                    key,
                }
            })
            .collect();
        let suppressed = count - entries.len();
        (entries, Self { entries: 0..0, suppressed, tally: Tally::of(&file.status) })
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
