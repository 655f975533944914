//! The findings as the lists need them: flat, in the order of the files, rebuilt when the store changes.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::lookup::asks_a_registry;
use crate::audit::{Listed, Status, Suppression};
use crate::finding::{Remedy, Safety, Severity};
use crate::fix::FindingKey;
use crate::repo::RelPath;
use crate::rules::{Rule, Theme};
use crate::store::Store;
use crate::text::Span;

/// Where rules are looked up by their id.
pub type Rules = fn(&str) -> Option<&'static Rule>;

type Links = HashMap<(RelPath, Option<Arc<str>>), (RelPath, String)>;

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
    /// What keeps it quiet, if anything does.
    pub quiet: Option<Suppression>,
}

/// All findings; those that are kept quiet stand apart.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// The open ones.
    pub entries: Vec<Entry>,
    by_file: BTreeMap<RelPath, Range<usize>>,
    /// Those that somebody has allowed, and those that the baseline knows.
    pub quiet: Vec<Entry>,
    /// The one workload that uses a Dockerfile, by the Dockerfile.
    pub owners: BTreeMap<RelPath, (RelPath, Arc<str>)>,
    /// The file that belongs to another, and what says so: by the object, and by the file where no object is meant.
    links: Links,
    pub tally: Tally,
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
        let mut index = Self { owners: owners(store), links: links(store), ..Self::default() };
        for file in store.files() {
            index.tally.add(&file.status);
            let start = index.entries.len();
            for (key, listed) in store.findings_in(&file.path) {
                let line = file.source.as_ref().map_or(0, |source| source.line_at(listed.finding.span.start));
                let list = if listed.suppressed.is_some() { &mut index.quiet } else { &mut index.entries };
                list.push(Entry::new(key, listed, line, rules));
            }
            index.by_file.insert(file.path.clone(), start..index.entries.len());
        }
        index
    }

    /// A file's findings, in the order of the file.
    #[must_use]
    pub fn in_file(&self, path: &RelPath) -> &[Entry] {
        self.by_file.get(path).map(|range| &self.entries[range.clone()]).unwrap_or_default()
    }

    /// The file that belongs to this one, as one of its objects sees it, and what says so.
    #[must_use]
    pub fn linked(&self, path: &RelPath, object: Option<&Arc<str>>) -> Option<(&RelPath, &str)> {
        let of = |object: Option<Arc<str>>| self.links.get(&(path.clone(), object));
        let (file, evidence) = of(object.cloned()).or_else(|| of(None))?;
        Some((file, evidence))
    }

    #[must_use]
    pub fn find(&self, key: &FindingKey) -> Option<&Entry> {
        self.in_file(&key.path).iter().chain(&self.quiet).find(|entry| entry.key == *key)
    }

    /// The open findings, and after them those that are kept quiet.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().chain(&self.quiet)
    }

    /// The finding at that place among all.
    pub(super) fn at(&self, place: usize) -> &Entry {
        self.entries.get(place).unwrap_or_else(|| &self.quiet[place - self.entries.len()])
    }
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
    fn add(&mut self, status: &Status) {
        self.files += 1;
        match status {
            Status::Audited => {}
            Status::Partial(_) => self.partial += 1,
            Status::Skipped(_) => self.skipped += 1,
        }
    }
}

/// Of several links the first counts, as the workloads are listed.
fn links(store: &Store) -> Links {
    let mut links = HashMap::new();
    for workload in store.workloads() {
        let Some((dockerfile, evidence)) = &workload.dockerfile else { continue };
        let mut link = |from: &RelPath, object: Option<&Arc<str>>, to: &RelPath| {
            let key = (from.clone(), object.cloned());
            links.entry(key).or_insert_with(|| (to.clone(), evidence.clone()));
        };
        link(&workload.path, Some(&workload.object), dockerfile);
        link(&workload.path, None, dockerfile);
        link(dockerfile, None, &workload.path);
    }
    links
}

/// A Dockerfile that one workload alone uses belongs to it; one that several use stands for itself.
fn owners(store: &Store) -> BTreeMap<RelPath, (RelPath, Arc<str>)> {
    let mut users: BTreeMap<&RelPath, Vec<(&RelPath, &Arc<str>)>> = BTreeMap::new();
    for workload in store.workloads() {
        if let Some((dockerfile, _)) = &workload.dockerfile {
            users.entry(dockerfile).or_default().push((&workload.path, &workload.object));
        }
    }
    users
        .into_iter()
        .filter(|(_, users)| users.len() == 1)
        .map(|(file, users)| (file.clone(), (users[0].0.clone(), Arc::clone(users[0].1))))
        .collect()
}
