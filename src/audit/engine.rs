//! The engine: keeps every file read and parsed, and says what changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry::{Entry, Parsed, listed};
use super::judge::Judged;
use super::suppression::Quiet;
use super::{Baseline, Listed, Update, judge, workloads};
use crate::dockerfile::Dockerfile;
use crate::finding::{Finding, FindingKey, keyed};
use crate::manifest::Manifest;
use crate::repo::{self, Candidate, FileKind, RelPath};
use crate::rules::exceptions::Exception;
use crate::rules::{Facts, Index, Repository};
use crate::settings::{self, Settings};
use crate::text::Source;

/// Audits one repository, and keeps it audited.
pub struct Engine {
    root: PathBuf,
    settings: Settings,
    baseline: Baseline,
    targets: Vec<PathBuf>,
    pub(super) files: BTreeMap<RelPath, Entry>,
    pub(super) index: Index,
    ignored: usize,
}

/// A file's text with its meaning.
#[derive(Clone, Copy)]
pub enum Meaning<'a> {
    Build(&'a Dockerfile),
    Manifest(&'a Manifest),
}

impl Engine {
    #[must_use]
    pub fn new(root: PathBuf, settings: Settings) -> Self {
        let (targets, files) = (vec![root.clone()], BTreeMap::new());
        let baseline = Baseline::default();
        Self { root, settings, baseline, targets, files, index: Index::default(), ignored: 0 }
    }

    /// The same engine with what is known already.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        self
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The repository as rules see it.
    #[must_use]
    pub const fn repository(&self) -> Repository<'_> {
        Repository::new(&self.index)
    }

    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// A file's text and meaning, where it has been audited.
    #[must_use]
    pub fn file(&self, path: &RelPath) -> Option<(&Source, Meaning<'_>)> {
        let entry = self.files.get(path)?;
        let meaning = match &entry.parsed {
            Parsed::Nothing => return None,
            Parsed::Build(file) => Meaning::Build(file),
            Parsed::Manifest(manifest) => Meaning::Manifest(manifest),
        };
        Some((entry.source.as_ref()?, meaning))
    }

    /// Audits everything that lies at the targets, from nothing. `progress` is told how many files of how many are
    /// read, from whichever thread reads.
    pub fn scan(&mut self, targets: &[PathBuf], progress: &(dyn Fn(usize, usize) + Sync)) {
        self.targets = targets.to_vec();
        let scan = repo::scan(&self.root, targets);
        self.ignored = scan.ignored;
        let entries = read_all(&self.root, self.admit(scan.candidates), progress);
        self.files = entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        self.index = Index::default();
        let changed: Vec<RelPath> = self.files.keys().cloned().collect();
        self.settle(&changed);
    }

    /// Everything, as one update.
    #[must_use]
    pub fn update(&self) -> Update {
        let mut update = self.view();
        update.files = self.files.values().map(Entry::report).collect();
        update
    }

    /// Looks again at what has changed, and says only that.
    pub fn refresh(&mut self, paths: &BTreeSet<RelPath>) -> Update {
        let (candidates, touched) = self.look(paths);
        let mut changed: Vec<RelPath> = Vec::new();
        let found: BTreeSet<RelPath> = candidates.iter().map(|c| c.path.clone()).collect();
        let gone: Vec<RelPath> = touched.into_iter().filter(|path| !found.contains(path)).collect();
        for path in &gone {
            self.files.remove(path);
        }
        for entry in read_all(&self.root, candidates, &|_, _| {}) {
            let same = self.files.get(&entry.path).is_some_and(|old| {
                old.source == entry.source && old.status == entry.status && old.source.is_some()
            });
            if !same {
                changed.push(entry.path.clone());
                self.files.insert(entry.path.clone(), entry);
            }
        }
        changed.extend(gone.iter().cloned());
        let rejudged = self.settle(&changed);
        let mut update = self.view();
        update.files = rejudged.iter().filter_map(|path| self.files.get(path)).map(Entry::report).collect();
        update.gone = gone;
        update
    }

    /// The findings that a file would have, its own and the repository's, if it said this and other files told of
    /// themselves what `facts` says. Those that would be allowed are among them.
    #[must_use]
    pub fn what_if(
        &self,
        path: &RelPath,
        kind: FileKind,
        text: &str,
        facts: &HashMap<RelPath, Facts>,
    ) -> Vec<Finding> {
        self.imagine(path, kind, text, facts).into_iter().map(|listed| listed.finding).collect()
    }

    /// The same with what would keep each of them quiet.
    #[must_use]
    pub fn imagine(
        &self,
        path: &RelPath,
        kind: FileKind,
        text: &str,
        facts: &HashMap<RelPath, Facts>,
    ) -> Vec<Listed> {
        let parsed = Parsed::of(kind, text);
        let (mut own, mut wide) = match &parsed {
            Parsed::Nothing => return Vec::new(),
            Parsed::Build(file) => {
                let ignore = self.files.get(path).is_some_and(|entry| entry.has_ignore_file);
                (judge::build(path, text, file, ignore, &self.settings), Judged::default())
            }
            Parsed::Manifest(manifest) => {
                let repository = Repository::with(&self.index, facts);
                let own = judge::manifest(path, text, manifest, &self.index, &self.settings);
                (own, judge::wide(path, text, manifest, repository, &self.settings))
            }
        };
        self.quiet(path.as_str(), text, &parsed.exceptions(text)).hush(&mut own, &mut wide);
        let mut all = listed(&own);
        all.extend(listed(&wide));
        all
    }

    /// All findings about a file with their keys, its own and the repository's, but for those that are allowed.
    #[must_use]
    pub fn open(&self, path: &RelPath) -> Vec<(FindingKey, &Finding)> {
        // The allowed ones count among several alike, so that a key is the same here and on the screen.
        let all: Vec<(&Finding, bool)> = self.files.get(path).map(Entry::all).unwrap_or_default();
        let keyed = keyed(path, all.iter(), |(finding, _)| finding);
        keyed.into_iter().filter(|(_, (_, open))| *open).map(|(key, (finding, _))| (key, *finding)).collect()
    }

    /// The files of a kind that have been audited, in the order of their paths.
    pub fn paths(&self, kind: FileKind) -> impl Iterator<Item = &RelPath> {
        self.files.values().filter(move |entry| entry.kind == kind).map(|entry| &entry.path)
    }

    /// All findings about a file: its own, and the repository's.
    pub fn findings(&self, path: &RelPath) -> impl Iterator<Item = &Finding> {
        let entry = self.files.get(path);
        entry.into_iter().flat_map(|entry| entry.own.findings.iter().chain(&entry.wide.findings))
    }

    /// Takes the changed files' facts in and judges them anew, with those whose standing as a patch has changed. Says
    /// which files were judged.
    fn settle(&mut self, changed: &[RelPath]) -> BTreeSet<RelPath> {
        let facts = changed.iter().map(|path| {
            (path.clone(), self.files.get(path).and_then(|entry| entry.parsed.facts(entry.text())))
        });
        let facts: Vec<_> = facts.collect();
        let before = self.index.patches().clone();
        self.index.change(facts, &self.settings);
        let moved = before.symmetric_difference(self.index.patches()).map(|(path, _)| path.clone());
        let mut judged: BTreeSet<RelPath> = moved.collect();
        judged.extend(changed.iter().cloned());
        judged.retain(|path| self.files.contains_key(path));
        for path in &judged {
            if let Some(entry) = self.files.get_mut(path) {
                entry.own = match &entry.parsed {
                    // Whatever can be said of it was said when it was read.
                    Parsed::Nothing => continue,
                    Parsed::Build(file) => {
                        judge::build(path, entry.text(), file, entry.has_ignore_file, &self.settings)
                    }
                    Parsed::Manifest(manifest) => {
                        judge::manifest(path, entry.text(), manifest, &self.index, &self.settings)
                    }
                };
            }
        }
        for (path, entry) in &mut self.files {
            entry.wide = match &entry.parsed {
                Parsed::Manifest(manifest) => {
                    let repository = Repository::new(&self.index);
                    judge::wide(path, entry.text(), manifest, repository, &self.settings)
                }
                _ => Judged::default(),
            };
            let (mut own, mut wide) = (std::mem::take(&mut entry.own), std::mem::take(&mut entry.wide));
            Quiet {
                path: path.as_str(),
                text: entry.text(),
                exceptions: &entry.exceptions,
                settings: &self.settings,
                baseline: &self.baseline,
            }
            .hush(&mut own, &mut wide);
            (entry.own, entry.wide) = (own, wide);
        }
        judged
    }

    fn quiet<'a>(&'a self, path: &'a str, text: &'a str, exceptions: &'a [Exception]) -> Quiet<'a> {
        Quiet { path, text, exceptions, settings: &self.settings, baseline: &self.baseline }
    }

    fn view(&self) -> Update {
        let wide = self.files.iter().filter(|(_, entry)| !entry.wide.findings.is_empty());
        let (workloads, score) = workloads::workloads(self);
        Update {
            repository: wide.map(|(path, entry)| (path.clone(), listed(&entry.wide))).collect(),
            workloads,
            score,
            ignored: self.ignored,
            ..Update::default()
        }
    }

    /// The candidates at the changed paths, and the files known before that those paths cover.
    fn look(&self, paths: &BTreeSet<RelPath>) -> (Vec<Candidate>, BTreeSet<RelPath>) {
        let covers = |path: &RelPath| {
            paths.iter().any(|changed| {
                path == changed
                    || path.as_str().strip_prefix(changed.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let known = self.files.keys().filter(|path| covers(path)).cloned().collect();
        let candidates = repo::at(&self.root, &self.targets, paths);
        (self.admit(candidates), known)
    }

    /// Says which candidates the settings leave out. A file that was asked for by name is audited all the same.
    fn admit(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        for candidate in &mut candidates {
            let is_asked = || self.targets.contains(&candidate.path.under(&self.root));
            if self.settings.leaves_out(candidate.path.as_str()) && !is_asked() {
                candidate.skip = Some(format!("left out by {}", settings::FILE));
            }
        }
        candidates
    }
}

/// Reads and parses the candidates on all processors.
fn read_all(root: &Path, candidates: Vec<Candidate>, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Entry> {
    let total = candidates.len();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(total.max(1));
    let queue = Mutex::new(candidates.into_iter());
    let done = AtomicUsize::new(0);
    let work = || {
        let mut entries = Vec::new();
        while let Some(candidate) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            entries.extend(Entry::read(root, candidate));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        }
        entries
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}
