//! Looking again at what has changed, with the answer that a new scan would give.

use std::collections::BTreeSet;

use super::apps::Apps;
use super::entry::{Entry, Look, Parsed};
use super::judge::{Judged, ManifestPart};
use super::suppression_run::suppress_findings;
use super::{Engine, Update, judge, spread, workloads};
use crate::project::{RepositoryIndex, RepositoryView};
use crate::repo::{self, Changed, FileKind, PathBase, RelPath, Scan, ScanArea};
use crate::settings::Settings;
use crate::suppress::Baseline;
use crate::suppress::SuppressionPass;

impl Engine {
    /// Looks again at what a watch says has changed, and says only what is other than before.
    pub fn follow(&mut self, changed: &Changed) -> Update {
        match changed {
            Changed::Paths(paths) => self.refresh(paths),
            Changed::Everything => self.rescan(&|_, _| {}),
        }
    }

    /// Looks again at these files, and at what lies in these folders. How many candidates ignore files hide is not
    /// counted again.
    pub fn refresh(&mut self, paths: &BTreeSet<RelPath>) -> Update {
        // What has become of a folder above is no change below a path that is known.
        let is_above = |path: &RelPath| path.is_outside() && self.root.starts_with(path.under(&self.root));
        if self.linked_ignores || paths.iter().any(is_above) {
            return self.rescan(&|_, _| {});
        }
        let mut looked = paths.clone();
        looked.extend(self.links.iter().cloned());
        looked.extend(paths.iter().flat_map(|path| self.built_with(path)));
        let known = looked.iter().flat_map(|path| self.at_or_below(path)).collect();
        let mut scan = repo::at(&self.area(), &looked);
        if self.has_context() {
            scan.candidates.extend(repo::around_at(&self.area(), &looked));
        }
        self.links = std::mem::take(&mut scan.links);
        self.linked_ignores = scan.linked_ignores;
        self.take_in(scan, known, &|_, _| {})
    }

    /// Looks at everything again, and says only what is other than before. Unlike [`Engine::scan`] it keeps what was
    /// found in a file that does not parse now, and parses none that says what it said. `progress` is told how many
    /// files of how many are read.
    pub fn rescan(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> Update {
        let scan = self.scan_again();
        let known = self.files.keys().cloned().collect();
        self.take_in(scan, known, progress)
    }

    pub(super) fn scan_again(&mut self) -> Scan {
        let mut scan = repo::by_name(&self.area());
        if self.has_context() {
            scan.candidates.extend(repo::around(&self.area()));
            scan.candidates.sort();
        }
        self.links = std::mem::take(&mut scan.links);
        (self.ignored, self.linked_ignores) = (scan.ignored, scan.linked_ignores);
        scan
    }

    fn area(&self) -> ScanArea<'_> {
        ScanArea { root: &self.root, targets: &self.targets, top: self.repository_root() }
    }

    /// Looks at everything again, and judges all of it by other settings and another baseline. What a person has chosen
    /// since stays chosen.
    pub fn decide(
        &mut self,
        settings: Settings,
        baseline: Baseline,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Update {
        if self.repository.is_some() {
            self.repository = Some(PathBase::new(&settings.below).repository_root(&self.root));
        }
        let chosen = std::mem::take(&mut self.settings.chosen);
        (self.settings, self.baseline) = (Settings { chosen, ..settings }, baseline);
        let scan = self.scan_again();
        let known = self.files.keys().cloned().collect();
        let (_, gone) = self.look(scan, known, progress);
        self.settle_all();
        Update { gone: gone.into_iter().collect(), ..self.update() }
    }

    /// Replaces what was known of some files by what a scan now finds of them.
    fn take_in(
        &mut self,
        scan: Scan,
        known: BTreeSet<RelPath>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Update {
        let (changed, gone) = self.look(scan, known, progress);
        if changed.is_empty() {
            return self.view(&changed);
        }
        let (own, wide) = self.settle(&changed);
        Update { files: self.reports(&own), gone: gone.into_iter().collect(), ..self.view(&wide) }
    }

    /// Reads what a scan finds, and says which files are others than before, and which of them are gone.
    fn look(
        &mut self,
        scan: Scan,
        known: BTreeSet<RelPath>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> (BTreeSet<RelPath>, BTreeSet<RelPath>) {
        let mut candidates = scan.candidates;
        let found: BTreeSet<RelPath> = candidates.iter().map(|candidate| candidate.path.clone()).collect();
        let missing = known.iter().filter(|path| !found.contains(*path));
        candidates.extend(missing.filter_map(|path| self.half_saved(path)));
        let mut changed = BTreeSet::new();
        let mut gone = known;
        for look in self.read(candidates, progress) {
            match look {
                Look::Same(path) => {
                    // One that is no candidate any more stays only while it is half saved.
                    if found.contains(&path) || self.files.get(&path).is_some_and(|entry| entry.broken) {
                        gone.remove(&path);
                    }
                }
                Look::Other(entry) => self.replace(entry, &found, &mut changed, &mut gone),
            }
        }
        gone.retain(|path| {
            let Some(entry) = self.files.remove(path) else { return false };
            changed.insert(path.clone());
            !entry.is_context
        });
        (changed, gone)
    }

    /// Puts a file as it is now in the place of what was known of it.
    fn replace(
        &mut self,
        mut entry: Box<Entry>,
        found: &BTreeSet<RelPath>,
        changed: &mut BTreeSet<RelPath>,
        gone: &mut BTreeSet<RelPath>,
    ) {
        let old = self.files.get(&entry.path);
        if !found.contains(&entry.path) {
            entry.broken |= old.is_some_and(|old| entry.is_cut_off(old));
            if !entry.broken {
                return;
            }
        }
        gone.remove(&entry.path);
        if old.is_some_and(|old| entry.is_like(old)) {
            return;
        }
        changed.insert(entry.path.clone());
        if let Some(old) = self.files.remove(&entry.path) {
            entry = Box::new(entry.succeed(*old));
        }
        self.files.insert(entry.path.clone(), entry);
    }

    /// Takes all files' facts in, with nothing known of any before, and judges all.
    pub(super) fn settle_all(&mut self) {
        let base = PathBase::new(&self.settings.below);
        (self.index, self.apps) = (RepositoryIndex::new(base), Apps::default());
        let facts = spread(self.files.iter().collect(), |(path, entry)| {
            let entry = entry.standing();
            (path.clone(), entry.parsed.facts(entry.text()))
        });
        self.index.apply_changes(facts, &self.settings);
        let Self { files, index, settings, baseline, is_light, .. } = self;
        let (bench, is_light) = (Bench { index, settings, baseline }, *is_light);
        let judged = spread(std::mem::take(files).into_iter().collect(), |(path, mut entry)| {
            bench.judge(&mut entry);
            bench.judge_among(&mut entry);
            if is_light {
                entry.lighten();
            }
            (path, entry)
        });
        *files = judged.into_iter().collect();
        self.apps.change(&self.files, self.files.keys());
    }

    /// Takes the changed files' facts in, and judges anew whatever may be judged otherwise. Says which files were judged
    /// by their own rules, and which by the repository's.
    pub(super) fn settle(&mut self, changed: &BTreeSet<RelPath>) -> (BTreeSet<RelPath>, BTreeSet<RelPath>) {
        let facts = spread(changed.iter().collect(), |path| {
            let entry = self.files.get(path).map(|entry| entry.standing());
            (path.clone(), entry.and_then(|entry| entry.parsed.facts(entry.text())))
        });
        let moved = self.index.apply_changes(facts, &self.settings);
        let there = |path: &&RelPath| self.files.contains_key(*path);
        let own: BTreeSet<RelPath> =
            changed.iter().chain(&moved.patch_files).filter(there).cloned().collect();
        let wide = match &moved.dependent_files {
            Some(paths) => own.iter().chain(paths).filter(there).cloned().collect(),
            None => self.files.keys().cloned().collect(),
        };
        let wide = self.judge(&own, &wide);
        self.apps.change(&self.files, changed.iter().chain(&wide));
        (own, wide)
    }

    /// Puts the rules of one file to the files of `own`, and all others to those of `wide`, which has those of `own`. Says
    /// of which files something else is said now, and has those of `own` among them.
    fn judge(&mut self, own: &BTreeSet<RelPath>, wide: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let Self { files, index, settings, baseline, .. } = self;
        let bench = Bench { index, settings, baseline };
        // They are taken out meanwhile: to look for a few among all would take longer than to judge them.
        let concerned = wide.iter().filter_map(|path| files.remove_entry(path));
        let judged = spread(concerned.collect(), |(path, mut entry)| {
            let is_own = own.contains(&path);
            if is_own {
                bench.judge(&mut entry);
            }
            let is_other = bench.judge_among(&mut entry) || is_own;
            (path, entry, is_other)
        });
        let mut other = BTreeSet::new();
        for (path, entry, is_other) in judged {
            if is_other {
                other.insert(path.clone());
            }
            files.insert(path, entry);
        }
        other
    }

    /// A manifest that was known and no longer looks like one, though it is still there.
    fn half_saved(&self, path: &RelPath) -> Option<repo::Candidate> {
        self.files.get(path).filter(|entry| entry.kind == FileKind::Manifest && !entry.is_context)?;
        repo::as_before(&self.area(), path)
    }

    /// The known files that lie at or below a path.
    fn at_or_below(&self, path: &RelPath) -> Vec<RelPath> {
        if path.is_outside() || path.as_str().is_empty() {
            let at = path.under(&self.root);
            return self
                .files
                .keys()
                .filter(|path| path.under(&self.root).starts_with(&at))
                .cloned()
                .collect();
        }
        let folder = if path.as_str().is_empty() { String::new() } else { format!("{path}/") };
        let below = self.files.range(RelPath::from(folder.as_str())..).map(|(path, _)| path);
        let below = below.take_while(|other| other.as_str().starts_with(&folder));
        self.files.get_key_value(path).map(|(path, _)| path).into_iter().chain(below).cloned().collect()
    }

    /// The Dockerfiles whose build a `.dockerignore` governs.
    fn built_with(&self, path: &RelPath) -> Vec<RelPath> {
        if !path.name().ends_with(".dockerignore") {
            return Vec::new();
        }
        let mut below = self.at_or_below(&RelPath::from(path.folder()));
        below.retain(|path| self.files.get(path).is_some_and(|entry| entry.kind == FileKind::Dockerfile));
        below
    }
}

/// What files are judged by.
struct Bench<'a> {
    index: &'a RepositoryIndex,
    settings: &'a Settings,
    baseline: &'a Baseline,
}

impl Bench<'_> {
    fn judge(&self, entry: &mut Entry) {
        if entry.is_context {
            return;
        }
        if entry.last.is_some() {
            entry.own = self.own(entry);
        }
        let standing = entry.standing_mut();
        standing.own = self.own(standing);
    }

    fn own(&self, entry: &Entry) -> Judged {
        match &entry.parsed {
            // Whatever can be said of it was said when it was read.
            Parsed::Nothing => entry.own.clone(),
            Parsed::Build(file) => {
                let (path, text, has_ignore_file) = (&entry.path, entry.text(), entry.has_ignore_file);
                judge::build(path, text, file, &entry.exceptions, has_ignore_file, self.settings)
            }
            Parsed::Manifest(manifest) => {
                let part = ManifestPart::whole(&entry.path, entry.text(), manifest, self.settings);
                judge::manifest(&part, &entry.exceptions, self.index)
            }
        }
    }

    /// Says whether the repository's rules say something else than before.
    fn judge_among(&self, entry: &mut Entry) -> bool {
        if entry.is_context {
            return false;
        }
        let entry = entry.standing_mut();
        let repository = RepositoryView::new(self.index);
        let wide = match &entry.parsed {
            Parsed::Manifest(manifest) => {
                let part = ManifestPart::whole(&entry.path, entry.text(), manifest, self.settings);
                judge::wide(&part, repository)
            }
            _ => Judged::default(),
        };
        let before = (std::mem::replace(&mut entry.wide, wide), std::mem::take(&mut entry.rows));
        let (mut own, mut wide) = (std::mem::take(&mut entry.own), std::mem::take(&mut entry.wide));
        let quiet = SuppressionPass {
            path: entry.path.as_str(),
            text: entry.text(),
            suppressions: &entry.exceptions,
            settings: self.settings,
            baseline: self.baseline,
        };
        suppress_findings(quiet, &mut own, &mut wide);
        (entry.own, entry.wide) = (own, wide);
        // What is open is known only now, and the score hangs on it.
        entry.tally = workloads::tally_of_build(entry, self.settings);
        let is_patch = |document| self.index.is_patch(&entry.path, document);
        entry.rows = workloads::rows(entry, repository, is_patch, self.settings);
        before.0 != entry.wide || before.1 != entry.rows
    }
}
