//! The findings as the lists need them: flat, in the order of the files, rebuilt when the store changes.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::lookup::asks_a_registry;
use crate::audit::Status;
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
}

/// All findings that are not suppressed.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub entries: Vec<Entry>,
    by_file: BTreeMap<RelPath, Range<usize>>,
    /// How many are suppressed.
    pub suppressed: usize,
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
                if listed.suppressed.is_some() {
                    index.suppressed += 1;
                    continue;
                }
                let finding = &listed.finding;
                index.entries.push(Entry {
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
                });
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
        self.in_file(&key.path).iter().find(|entry| entry.key == *key)
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
