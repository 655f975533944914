//! Audits the files again that changed, for the watch and the fixes, with the result of a new scan.

use std::collections::BTreeSet;

use super::app_scores::AppScores;
use super::file_record::{FileRecord, ParsedFile, ReadResult};
use super::listed_finding::list_findings;
use super::runner::{DockerfileSurroundings, ManifestPart, RuleOutput, program_needs};
use super::suppression_run::suppress_findings;
use super::{AuditEngine, AuditUpdate, runner, workload_reports};
use crate::base::par_map;
use crate::project::{RepositoryIndex, RepositoryView};
use crate::repo::{self, CHART_FILE, FileChanges, FileKind, PathBase, RelPath, ScanArea, ScanResult};
use crate::settings::Settings;
use crate::suppress::{Baseline, SuppressionPass};

impl AuditEngine {
    /// Audits the changes of a watch, and reports only what is different from before.
    pub fn apply_watch_change(&mut self, changed: &FileChanges) -> AuditUpdate {
        match changed {
            FileChanges::Paths(paths) => self.refresh_paths(paths),
            FileChanges::Everything => self.rescan(&|_, _| {}),
        }
    }

    /// Audits these files again, and the files in these folders. The candidates that ignore files hide are not counted
    /// again.
    pub fn refresh_paths(&mut self, paths: &BTreeSet<RelPath>) -> AuditUpdate {
        // A change of a folder above is no change below a known path, so all is scanned.
        let is_above =
            |path: &RelPath| path.is_outside() && self.root.starts_with(path.to_absolute(&self.root));
        if self.has_linked_ignores || paths.iter().any(is_above) {
            return self.rescan(&|_, _| {});
        }
        let mut looked = paths.clone();
        // Without its Chart.yaml, or with one, the files below are read for what they are by themselves: all of them, since
        // those that only the chart made known are known no more where it was missed before this change was told.
        let charts = paths.iter().filter(|path| path.file_name() == CHART_FILE);
        looked.extend(charts.map(|path| RelPath::from(path.folder())));
        looked.extend(self.candidate_links.iter().cloned());
        looked.extend(paths.iter().flat_map(|path| self.dockerfiles_ignoring_by(path)));
        looked.extend(self.dockerfiles_started_by(paths));
        let known = looked.iter().flat_map(|path| self.known_at_or_below(path)).collect();
        let mut scan = repo::scan_changed(&self.scan_area(), &looked);
        if self.has_context() {
            scan = scan.with_context(repo::scan_around_changed(&self.scan_area(), &looked));
        }
        self.note_build_files(std::mem::take(&mut scan.build_files), Some(&looked));
        self.candidate_links = std::mem::take(&mut scan.candidate_links);
        self.has_linked_ignores = scan.has_linked_ignores;
        self.merge_scan(scan, known, Some(&looked), &|_, _| {})
    }

    /// Audits everything again, and reports only what is different from before. Unlike [`AuditEngine::scan`] it keeps
    /// the findings of a file that does not parse now, and parses no unchanged file. `progress` is called with the
    /// number of files read and of all files.
    pub fn rescan(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> AuditUpdate {
        let scan = self.scan_candidates();
        let known = self.files.keys().cloned().collect();
        self.merge_scan(scan, known, None, progress)
    }

    pub(super) fn scan_candidates(&mut self) -> ScanResult {
        let mut scan = repo::scan_by_name(&self.scan_area());
        if self.has_context() {
            scan = scan.with_context(repo::scan_around(&self.scan_area()));
        }
        self.note_build_files(std::mem::take(&mut scan.build_files), None);
        self.candidate_links = std::mem::take(&mut scan.candidate_links);
        (self.ignored_count, self.has_linked_ignores) = (scan.ignored_count, scan.has_linked_ignores);
        scan
    }

    fn scan_area(&self) -> ScanArea<'_> {
        ScanArea { root: &self.root, targets: &self.targets, repository_root: self.repository_root() }
    }

    /// Audits everything again by other settings and another baseline. Values that a person has chosen since stay
    /// chosen.
    pub fn reconfigure(
        &mut self,
        settings: Settings,
        baseline: Baseline,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> AuditUpdate {
        if self.outer_root.is_some() {
            self.outer_root = Some(PathBase::new(&settings.root_prefix).repository_root(&self.root));
        }
        let chosen = std::mem::take(&mut self.settings.chosen_values);
        (self.settings, self.baseline) = (Settings { chosen_values: chosen, ..settings }, baseline);
        let scan = self.scan_candidates();
        let known = self.files.keys().cloned().collect();
        let (mut changed, mut gone) = self.read_scan(scan, known, progress);
        self.render_charts(None, &mut changed);
        self.build_overlays(None, &mut changed);
        gone.retain(|path| !self.files.contains_key(path));
        gone.extend(changed.iter().filter(|path| !self.files.contains_key(*path)).cloned());
        self.reindex_all();
        AuditUpdate { removed_paths: gone.into_iter().collect(), ..self.full_update() }
    }

    /// Replaces the records of some files by the results of a scan.
    fn merge_scan(
        &mut self,
        scan: ScanResult,
        known: BTreeSet<RelPath>,
        touched: Option<&BTreeSet<RelPath>>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> AuditUpdate {
        let (mut changed, mut gone) = self.read_scan(scan, known, progress);
        self.render_charts(touched, &mut changed);
        self.build_overlays(touched, &mut changed);
        gone.retain(|path| !self.files.contains_key(path));
        gone.extend(changed.iter().filter(|path| !self.files.contains_key(*path)).cloned());
        if changed.is_empty() && !self.build_texts.has_changes() {
            return self.delta(&changed);
        }
        let (own, wide) = self.reindex(&changed);
        AuditUpdate {
            files: self.file_reports(&own),
            removed_paths: gone.into_iter().collect(),
            ..self.delta(&wide)
        }
    }

    /// Reads the files of a scan, and gives the changed files, and those of them that are gone.
    fn read_scan(
        &mut self,
        scan: ScanResult,
        known: BTreeSet<RelPath>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> (BTreeSet<RelPath>, BTreeSet<RelPath>) {
        let mut candidates = scan.candidates;
        let found: BTreeSet<RelPath> = candidates.iter().map(|candidate| candidate.path.clone()).collect();
        let missing = known.iter().filter(|path| !found.contains(*path));
        candidates.extend(missing.filter_map(|path| self.half_saved_candidate(path)));
        let mut changed = BTreeSet::new();
        let mut gone = known;
        for look in self.read_candidates(candidates, progress) {
            match look {
                ReadResult::Unchanged(path) => {
                    // A file that is no candidate any more stays only while it is half saved.
                    if found.contains(&path) || self.files.get(&path).is_some_and(|entry| entry.is_broken) {
                        gone.remove(&path);
                    }
                }
                ReadResult::Changed(entry) => self.replace_record(entry, &found, &mut changed, &mut gone),
            }
        }
        gone.retain(|path| {
            let Some(entry) = self.files.remove(path) else { return false };
            changed.insert(path.clone());
            let is_context = entry.is_context;
            self.put_by_for_chart(entry);
            !is_context
        });
        (changed, gone)
    }

    /// Replaces the record of a file by a new one.
    fn replace_record(
        &mut self,
        mut entry: Box<FileRecord>,
        found: &BTreeSet<RelPath>,
        changed: &mut BTreeSet<RelPath>,
        gone: &mut BTreeSet<RelPath>,
    ) {
        let old = self.files.get(&entry.path);
        if !found.contains(&entry.path) {
            entry.is_broken |= old.is_some_and(|old| entry.is_cut_off(old));
            if !entry.is_broken {
                return;
            }
        }
        gone.remove(&entry.path);
        if old.is_some_and(|old| entry.eq_for_report(old)) {
            return;
        }
        changed.insert(entry.path.clone());
        match self.files.remove(&entry.path) {
            Some(old) if old.is_chart_made => self.put_by_for_chart(old),
            Some(old) => entry = Box::new(entry.inherit_from(*old)),
            None => {}
        }
        if !entry.context_scripts.is_empty() {
            self.script_readers.insert(entry.path.clone());
        }
        self.files.insert(entry.path.clone(), entry);
    }

    /// Keeps the record of a chart's file until the chart is rendered again: one that is half saved goes back to it.
    fn put_by_for_chart(&mut self, entry: Box<FileRecord>) {
        if entry.is_chart_made {
            self.put_by_records.insert(entry.path.clone(), entry);
        }
    }

    /// Indexes the facts of all files from nothing, and runs all rules.
    pub(super) fn reindex_all(&mut self) {
        self.script_sources.take();
        let base = PathBase::new(&self.settings.root_prefix);
        (self.index, self.app_scores) = (RepositoryIndex::new(base), AppScores::default());
        let facts = par_map(self.files.iter().collect(), |(path, entry)| {
            let entry = entry.current_record();
            (path.clone(), entry.extract_facts())
        });
        self.stale_index_paths.clear();
        self.tell_render_sets();
        let root_name = self.root_name();
        self.index.apply_build_files(self.build_texts.all_changes(), &root_name, &self.settings);
        self.index.apply_changes(facts.into_iter().flat_map(|(_, facts)| facts).collect(), &self.settings);
        let Self { files, index, settings, baseline, is_light, .. } = self;
        let (bench, is_light) = (RunnerInputs { index, settings, baseline, is_light: *is_light }, *is_light);
        let judged = par_map(std::mem::take(files).into_iter().collect(), |(path, mut entry)| {
            bench.run_file_rules(&mut entry);
            bench.run_repo_rules(&mut entry, true);
            if is_light {
                entry.drop_clean_text();
            }
            (path, entry)
        });
        *files = judged.into_iter().collect();
        self.place_chart_findings(None);
        self.place_overlay_findings(None);
        self.app_scores.update_files(&self.files, self.files.keys());
    }

    /// Tells the index what the overlays are made of, as they are built now.
    fn tell_render_sets(&mut self) {
        let base = PathBase::new(&self.settings.root_prefix);
        let sets = self.overlays.render_sets(|path| base.path_in_repository(path));
        self.index.set_render_sets(sets);
    }

    /// Indexes the facts of the changed files, and runs the rules again that they may affect. Gives the files whose own
    /// rules were run, and those whose repository rules were run.
    pub(super) fn reindex(&mut self, changed: &BTreeSet<RelPath>) -> (BTreeSet<RelPath>, BTreeSet<RelPath>) {
        self.script_sources.take();
        let facts = par_map(changed.iter().collect(), |path| {
            let entry = self.files.get(path).map(|entry| entry.current_record());
            entry.map_or_else(|| vec![(path.clone(), None)], FileRecord::extract_facts)
        });
        let stale = std::mem::take(&mut self.stale_index_paths).into_iter().map(|path| (path, None));
        let facts = stale.chain(facts.into_iter().flatten()).collect();
        self.tell_render_sets();
        let (root_name, changes) = (self.root_name(), self.build_texts.take_changes());
        let rebuilt = self.index.apply_build_files(changes, &root_name, &self.settings);
        let moved = self.index.apply_changes(facts, &self.settings).join(rebuilt);
        let there = |path: &&RelPath| self.files.contains_key(*path);
        let own: BTreeSet<RelPath> = changed
            .iter()
            .chain(&moved.patch_files)
            .chain(&moved.deployed_files)
            .filter(there)
            .cloned()
            .collect();
        let wide = match &moved.dependent_files {
            Some(paths) => {
                let paths: Vec<RelPath> = paths.iter().map(|path| self.record_path(path)).collect();
                own.iter().chain(&paths).filter(there).cloned().collect()
            }
            None => self.files.keys().cloned().collect(),
        };
        let regrouped = moved.regrouped_files.iter().map(|path| self.record_path(path));
        let regrouped: Vec<RelPath> = regrouped.filter(|path| there(&path)).collect();
        let mut wide = self.run_rules(&own, &wide);
        wide.extend(regrouped);
        wide.extend(self.place_chart_findings(Some(&wide)));
        wide.extend(self.place_overlay_findings(Some(&wide)));
        self.app_scores.update_files(&self.files, changed.iter().chain(&wide));
        (own, wide)
    }

    /// Runs the rules of one file on the files of `own`, and all others on those of `wide`, which includes `own`. Gives
    /// the files whose findings changed, with those of `own` among them.
    fn run_rules(&mut self, own: &BTreeSet<RelPath>, wide: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let Self { files, index, settings, baseline, is_light, .. } = self;
        let bench = RunnerInputs { index, settings, baseline, is_light: *is_light };
        // The records are taken out meanwhile: to look up a few among all would take longer than to run the rules.
        let concerned = wide.iter().filter_map(|path| files.remove_entry(path));
        let judged = par_map(concerned.collect(), |(path, mut entry)| {
            let is_own = own.contains(&path);
            if is_own {
                bench.run_file_rules(&mut entry);
            }
            let is_other = bench.run_repo_rules(&mut entry, is_own);
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

    /// A known manifest that no longer looks like one, though it is still there.
    fn half_saved_candidate(&self, path: &RelPath) -> Option<repo::Candidate> {
        self.files.get(path).filter(|entry| entry.kind == FileKind::Manifest && !entry.is_context)?;
        repo::half_saved_candidate(&self.scan_area(), path)
    }

    /// The known files that lie at or below a path.
    fn known_at_or_below(&self, path: &RelPath) -> Vec<RelPath> {
        if path.is_outside() || path.as_str().is_empty() {
            let at = path.to_absolute(&self.root);
            return self
                .files
                .keys()
                .filter(|path| path.to_absolute(&self.root).starts_with(&at))
                .cloned()
                .collect();
        }
        let folder = if path.as_str().is_empty() { String::new() } else { format!("{path}/") };
        let below = self.files.range(RelPath::from(folder.as_str())..).map(|(path, _)| path);
        let below = below.take_while(|other| other.as_str().starts_with(&folder));
        self.files.get_key_value(path).map(|(path, _)| path).into_iter().chain(below).cloned().collect()
    }

    /// The Dockerfiles whose start one of these files may be a script of.
    fn dockerfiles_started_by(&self, paths: &BTreeSet<RelPath>) -> Vec<RelPath> {
        let follows = |entry: &FileRecord| paths.iter().any(|path| entry.context_scripts.may_hold(path));
        let readers = self.script_readers.iter().filter_map(|path| self.files.get(path));
        readers.filter(|entry| follows(entry)).map(|entry| entry.path.clone()).collect()
    }

    /// The Dockerfiles whose build a `.dockerignore` governs.
    fn dockerfiles_ignoring_by(&self, path: &RelPath) -> Vec<RelPath> {
        if !path.file_name().ends_with(".dockerignore") {
            return Vec::new();
        }
        let mut below = self.known_at_or_below(&RelPath::from(path.folder()));
        below.retain(|path| self.files.get(path).is_some_and(|entry| entry.kind == FileKind::Dockerfile));
        below
    }
}

/// The list of more findings than these is kept, for a single report too: to make it anew for each fix takes long.
const MANY_FINDINGS: usize = 1024;

/// The data that the rules need to audit a file.
struct RunnerInputs<'a> {
    index: &'a RepositoryIndex,
    settings: &'a Settings,
    baseline: &'a Baseline,
    /// Whether no more is kept than a single report tells of.
    is_light: bool,
}

impl RunnerInputs<'_> {
    fn run_file_rules(&self, entry: &mut FileRecord) {
        let standing = entry.current_record_mut();
        standing.restore_written();
        // Of a chart around the audited files no finding is asked for; what is built of a file there may stand in these.
        if !(entry.is_context && entry.is_chart_made) {
            for render in &mut entry.current_record_mut().renders {
                render.file_output = render.judge_alone(self.index, self.settings).into();
            }
        }
        if entry.is_context || entry.is_chart_made {
            return;
        }
        if entry.last_valid.is_some() {
            entry.file_output = self.file_rule_output(entry);
        }
        let standing = entry.current_record_mut();
        standing.file_output = self.file_rule_output(standing);
        self.note_unfinished(standing);
    }

    /// A workload without a pod is no clean one, unless it is a patch: what that does not say, its target does.
    fn note_unfinished(&self, entry: &mut FileRecord) {
        let ParsedFile::Manifest(manifest) = &entry.content else { return };
        let mut unfinished = manifest.unfinished_workloads().into_iter();
        let found = unfinished.find(|(document, _)| !self.index.is_patch(&entry.path, *document));
        entry.unfinished_reason = found.map(|(_, reason)| reason);
    }

    fn file_rule_output(&self, entry: &FileRecord) -> RuleOutput {
        match &entry.content {
            // All its findings were known when it was read.
            ParsedFile::Empty => entry.file_output.clone(),
            ParsedFile::Dockerfile(file) => {
                let (path, text) = (&entry.path, entry.text());
                let around = DockerfileSurroundings {
                    suppressions: &entry.suppressions,
                    context: &entry.build_context,
                    needs: program_needs(self.index.facts_of(path)),
                    deployment: self.index.deployment_of(path),
                };
                runner::run_dockerfile_checks(path, text, file, around, self.settings)
            }
            ParsedFile::Manifest(manifest) => {
                let part = ManifestPart::of_all_documents(&entry.path, entry.text(), manifest, self.settings);
                runner::run_file_checks(&part, &entry.suppressions, self.index)
            }
        }
    }

    /// Runs the repository's rules on a file, after its own where those ran again (`is_own`); true where its findings
    /// may have changed.
    fn run_repo_rules(&self, entry: &mut FileRecord, is_own: bool) -> bool {
        if !(entry.is_context && entry.is_chart_made) {
            for render in &mut entry.current_record_mut().renders {
                render.repo_output =
                    render.judge_in_repository(RepositoryView::new(self.index), self.settings).into();
            }
        }
        if entry.is_context {
            return is_own || !entry.renders.is_empty();
        }
        if entry.is_chart_made {
            entry.literals.iter_mut().for_each(|literal| literal.judge_literal(self.index, self.settings));
            return true;
        }
        let standing = entry.current_record_mut();
        let was_built = standing.restore_written() || !standing.renders.is_empty();
        let is_other = self.run_current_repo_rules(standing, is_own || was_built);
        if is_other {
            entry.list_stale_findings();
        }
        is_other
    }

    fn run_current_repo_rules(&self, entry: &mut FileRecord, is_own: bool) -> bool {
        let repository = RepositoryView::new(self.index).keeping_needs();
        let mut wide = match &entry.content {
            ParsedFile::Manifest(manifest) => {
                let part = ManifestPart::of_all_documents(&entry.path, entry.text(), manifest, self.settings);
                runner::run_repo_checks(&part, repository)
            }
            _ => RuleOutput::default(),
        };
        let mut own = std::mem::take(&mut entry.file_output);
        let pass = SuppressionPass {
            path: entry.path.as_str(),
            text: entry.text(),
            suppressions: &entry.suppressions,
            settings: self.settings,
            baseline: self.baseline,
        };
        let verdicts = suppress_findings(pass, &mut own, &mut wide);
        entry.file_output = own;
        let is_other = is_own || wide != entry.repo_output;
        // Where the findings are the same as before, their list stays.
        if is_other {
            entry.repo_output = wide;
            let is_kept = !self.is_light
                || verdicts.len() > MANY_FINDINGS
                || verdicts.iter().any(|verdict| verdict.suppression.is_some());
            entry.finding_list =
                is_kept.then(|| list_findings(&entry.path, entry.source.as_ref(), &verdicts));
        }
        // Open findings are known only now, and the score depends on them.
        entry.tally = workload_reports::tally_dockerfile(entry, self.settings);
        let before = std::mem::take(&mut entry.workload_rows);
        entry.workload_rows = workload_reports::workload_rows(entry, repository, self.settings);
        is_other || before != entry.workload_rows
    }
}
