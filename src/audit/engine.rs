//! Keeps every file of a repository read and parsed, and reports the changes to the app and the commands.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::app_scores::AppScores;
use super::build_texts::BuildTexts;
use super::charts::ChartRecord;
use super::file_record::{FileRecord, FilesByPath, ParsedFile, ReadResult};
use super::overlays::OverlaySet;
use super::{AuditUpdate, FactorCounts, FileReport, LoweredBar};
use crate::base::par_map;
use crate::dockerfile::Dockerfile;
use crate::finding::{AssessRisk, Finding, FindingKey, InlineSuppression, Suppression};
use crate::kubernetes::ManifestFile;
use crate::kustomize::BuildClosures;
use crate::needs::ObservedNeeds;
use crate::project::{RepositoryIndex, RepositoryView};
use crate::repo::{Candidate, FileKind, PathBase, RelPath, SkipReason};
use crate::rules::PodView;
use crate::settings::{self, ChosenValues, Settings};
use crate::suppress::{Baseline, SuppressionPass};
use crate::text::{SourceText, TextPosition};

/// The engine that audits one repository, and keeps the audit up to date.
pub struct AuditEngine {
    pub(super) root: PathBuf,
    /// The root of the repository around the audited files; none where these are all of it.
    pub(super) outer_root: Option<PathBuf>,
    pub(super) settings: Settings,
    pub(super) baseline: Baseline,
    pub(super) targets: Vec<PathBuf>,
    pub(super) files: FilesByPath,
    /// The Dockerfiles that were read with scripts of their contexts; some may have none any more.
    pub(super) script_readers: BTreeSet<RelPath>,
    pub(super) index: RepositoryIndex,
    pub(super) app_scores: AppScores,
    /// Links with a candidate's name: their targets decide their content.
    pub(super) candidate_links: BTreeSet<RelPath>,
    /// True where an ignore file is a link, so that any path may decide which files are hidden.
    pub(super) has_linked_ignores: bool,
    pub(super) ignored_count: usize,
    /// True where only the data of a report is kept.
    pub(super) is_light: bool,
    pub(super) risk_assessor: Option<Arc<dyn AssessRisk>>,
    /// True where that is of trials.
    pub(super) has_trials: bool,
    /// The charts, by their folders from the root.
    pub(super) charts: BTreeMap<RelPath, ChartRecord>,
    /// Who builds on whom, of all kustomizations.
    pub(super) build_closures: BuildClosures,
    /// The kustomizations that nothing builds on, by their folders from the root.
    pub(super) overlays: OverlaySet,
    /// Paths that the index still knows of charts rendered otherwise before.
    pub(super) stale_index_paths: Vec<RelPath>,
    /// What was known of charts' files that a scan left out, until the charts are rendered again.
    pub(super) put_by_records: BTreeMap<RelPath, Box<FileRecord>>,
    /// The scripts of all builds' contexts, once one is asked for; emptied when files change.
    pub(super) script_sources: OnceLock<HashMap<RelPath, SourceText>>,
    pub(super) build_texts: BuildTexts,
}

/// A file's text, parsed.
#[derive(Clone, Copy)]
pub enum FileContent<'a> {
    Dockerfile(&'a Dockerfile),
    Manifest(&'a ManifestFile),
}

impl AuditEngine {
    #[must_use]
    pub fn new(root: PathBuf, settings: Settings) -> Self {
        let (targets, files, links) = (vec![root.clone()], FilesByPath::new(), BTreeSet::new());
        let baseline = Baseline::default();
        let (index, apps) =
            (RepositoryIndex::new(PathBase::new(&settings.root_prefix)), AppScores::default());
        let (linked_ignores, ignored, is_light) = (false, 0, false);
        Self {
            root,
            outer_root: None,
            settings,
            baseline,
            targets,
            files,
            script_readers: BTreeSet::new(),
            index,
            app_scores: apps,
            candidate_links: links,
            has_linked_ignores: linked_ignores,
            ignored_count: ignored,
            is_light,
            risk_assessor: None,
            has_trials: false,
            charts: BTreeMap::new(),
            build_closures: BuildClosures::default(),
            overlays: OverlaySet::default(),
            stale_index_paths: Vec::new(),
            put_by_records: BTreeMap::new(),
            script_sources: OnceLock::new(),
            build_texts: BuildTexts::default(),
        }
    }

    /// The same engine for a single report: of a file without findings it keeps neither text nor syntax tree, so that
    /// its memory grows with findings and not with files.
    #[must_use]
    pub const fn for_single_report(mut self) -> Self {
        self.is_light = true;
        self
    }

    /// The same engine with a baseline of known findings.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        self
    }

    /// The same engine for a part of a repository: the files around it are read, too, for their facts about the audited
    /// ones. These are audited as parts of the repository; nothing about the others is reported or written.
    #[must_use]
    pub fn with_repository_root(mut self, repository: Option<PathBuf>) -> Self {
        self.outer_root = repository;
        self
    }

    /// The same engine with an assessor of the risk that a fix breaks a program.
    #[must_use]
    pub fn with_risk_assessor(mut self, assessor: Arc<dyn AssessRisk>) -> Self {
        self.risk_assessor = Some(assessor);
        self
    }

    /// Takes in what trials saw: the needs of programs, and the risk of fixes that ran.
    pub fn set_trials(&mut self, observed: ObservedNeeds, assessor: Option<Arc<dyn AssessRisk>>) {
        let observed = self.with_built_needs(observed);
        self.index.set_observed_needs(observed);
        self.risk_assessor = assessor;
        self.has_trials = true;
    }

    /// Forgets what trials saw, where anything was taken in.
    pub fn forget_trials(&mut self) {
        if std::mem::take(&mut self.has_trials) {
            self.index.set_observed_needs(ObservedNeeds::default());
            self.risk_assessor = None;
        }
    }

    /// Forgets all that trials saw, also what the settings have of it, so that it is seen anew.
    pub fn forget_observations(&mut self) {
        self.settings.apps.clear();
        self.index.forget_observed_needs();
        self.risk_assessor = None;
    }

    /// The assessor of a fix's risk, which knows more than the class of the fix.
    #[must_use]
    pub fn risk_assessor(&self) -> Option<&dyn AssessRisk> {
        self.risk_assessor.as_deref()
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The root of the repository: nothing outside it is read.
    #[must_use]
    pub fn repository_root(&self) -> &Path {
        self.outer_root.as_deref().unwrap_or(&self.root)
    }

    /// A file's path as other files in the repository would name it.
    #[must_use]
    pub fn path_in_repository(&self, path: &RelPath) -> RelPath {
        PathBase::new(&self.settings.root_prefix).path_in_repository(path)
    }

    /// The path by which people know a file of the repository.
    #[must_use]
    pub fn path_for_people(&self, path: &RelPath) -> RelPath {
        PathBase::new(&self.settings.root_prefix).path_for_people(path)
    }

    /// True where there may be files around the audited ones.
    #[must_use]
    pub fn has_context(&self) -> bool {
        self.outer_root.as_ref().is_some_and(|top| !self.targets.contains(top))
    }

    /// True for a file around the audited ones, which is neither reported nor written.
    #[must_use]
    pub fn is_context(&self, path: &RelPath) -> bool {
        self.files.get(path).is_some_and(|entry| entry.is_context)
    }

    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub const fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// What the repository's own settings and baseline take off the bar.
    #[must_use]
    pub fn lowered_bar(&self) -> LoweredBar {
        LoweredBar::of_repository(&self.settings, &self.baseline)
    }

    /// Sets values that a person chose, and updates the facts derived from them.
    pub fn choose_values(&mut self, choose: impl FnOnce(&mut ChosenValues)) {
        choose(&mut self.settings.chosen_values);
        self.index.reassign_uids(&self.settings);
    }

    /// The repository as rules see it.
    #[must_use]
    pub const fn repository(&self) -> RepositoryView<'_> {
        RepositoryView::new(&self.index)
    }

    #[must_use]
    pub const fn index(&self) -> &RepositoryIndex {
        &self.index
    }

    /// A file's text and content, where it was audited; none while one that parsed before is half saved.
    #[must_use]
    pub fn file(&self, path: &RelPath) -> Option<(&SourceText, FileContent<'_>)> {
        let entry = self.files.get(path).filter(|entry| entry.last_valid.is_none())?;
        let meaning = match &entry.content {
            ParsedFile::Empty => return None,
            ParsedFile::Dockerfile(file) => FileContent::Dockerfile(file),
            ParsedFile::Manifest(manifest) => FileContent::Manifest(manifest),
        };
        Some((entry.source.as_ref()?, meaning))
    }

    /// Each pod of a manifest that [`AuditEngine::file`] gives, as rules see it.
    pub fn pod_views<'a>(&'a self, path: &'a RelPath) -> impl Iterator<Item = PodView<'a>> {
        let documents = match self.file(path) {
            Some((_, FileContent::Manifest(manifest))) => manifest.documents.as_slice(),
            _ => &[],
        };
        let documents = documents.iter().enumerate();
        documents.flat_map(|place| PodView::of_document(path, place, &self.index, &self.settings))
    }

    /// Audits everything that lies at the targets, from nothing. `progress` is told how many files of how many are
    /// read, from whichever thread reads.
    pub fn scan(&mut self, targets: &[PathBuf], progress: &(dyn Fn(usize, usize) + Sync)) {
        self.targets = targets.to_vec();
        let scan = self.scan_candidates();
        self.files = FilesByPath::new();
        let entries =
            self.read_candidates(scan.candidates, progress).into_iter().filter_map(ReadResult::into_changed);
        self.files = entries.map(|entry| (entry.path.clone(), entry)).collect();
        let readers = self.files.values().filter(|entry| !entry.context_scripts.is_empty());
        self.script_readers = readers.map(|entry| entry.path.clone()).collect();
        self.render_charts(None, &mut BTreeSet::new());
        self.build_overlays(None, &mut BTreeSet::new());
        self.reindex_all();
    }

    /// What a report says of each file besides its findings.
    pub fn audited_reports(&self) -> impl Iterator<Item = FileReport> {
        self.files.values().filter(|entry| !entry.is_context).map(|entry| entry.file_report())
    }

    /// The reports of some files, as an update that holds nothing about the whole.
    #[must_use]
    pub fn snapshot(&self, paths: &[&RelPath]) -> AuditUpdate {
        let entries = || paths.iter().filter_map(|path| self.files.get(*path));
        AuditUpdate {
            files: entries().map(|entry| entry.file_report()).collect(),
            findings: entries().map(|entry| (entry.path.clone(), entry.finding_list())).collect(),
            workloads: entries().map(|entry| (entry.path.clone(), entry.workload_reports())).collect(),
            ..AuditUpdate::default()
        }
    }

    /// A file's text, where it could be read and is kept.
    #[must_use]
    pub fn source(&self, path: &RelPath) -> Option<&SourceText> {
        self.files.get(path)?.source.as_ref()
    }

    /// Line and column of a byte, in the text of a file or of a script that a Dockerfile's start was followed through.
    #[must_use]
    pub fn position_in(&self, path: &RelPath, offset: usize) -> Option<TextPosition> {
        if let Some(source) = self.source(path) {
            return Some(source.position_of(offset));
        }
        let scripts = self.script_sources.get_or_init(|| {
            let all = self.files.values().flat_map(|entry| entry.context_scripts.iter());
            let found = all.filter_map(|(_, script)| script);
            found.map(|script| (script.path.clone(), SourceText::new(Arc::clone(&script.text)))).collect()
        });
        Some(scripts.get(path)?.position_of(offset))
    }

    /// Every candidate, in the order of their paths.
    pub fn audited_paths(&self) -> impl Iterator<Item = &RelPath> {
        self.files.values().filter(|entry| !entry.is_context).map(|entry| &entry.path)
    }

    /// The candidates that could not be read, each with the reason.
    pub fn unreadable_files(&self) -> impl Iterator<Item = (&RelPath, &str)> {
        let files = self.files.values().filter(|entry| entry.is_unreadable && !entry.is_context);
        files.map(|entry| (&entry.path, entry.status.reason().unwrap_or_default()))
    }

    /// True where one of them was named itself; by the path as it is shown, which a name that is not UTF-8 has too.
    #[must_use]
    pub fn has_unreadable_target(&self) -> bool {
        let named =
            |path| self.targets.iter().any(|at| RelPath::strip_root(&self.root, at).as_ref() == Some(path));
        self.unreadable_files().any(|(path, _)| named(path))
    }

    /// The kind of a candidate.
    #[must_use]
    pub fn kind(&self, path: &RelPath) -> Option<FileKind> {
        Some(self.files.get(path)?.kind)
    }

    /// The number of candidates that ignore files hide.
    #[must_use]
    pub const fn ignored_count(&self) -> usize {
        self.ignored_count
    }

    /// The score of the repository.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        self.app_scores.mean_score()
    }

    /// The numbers of apps whose score an open finding holds down, by severity.
    #[must_use]
    pub const fn score_factors(&self) -> FactorCounts {
        self.app_scores.factor_counts()
    }

    /// The reports of all files, as one update.
    #[must_use]
    pub fn full_update(&self) -> AuditUpdate {
        let everything: BTreeSet<RelPath> = self.audited_paths().cloned().collect();
        AuditUpdate { files: self.file_reports(&everything), ..self.delta(&everything) }
    }

    /// All open findings about a file with their keys, its own and the repository's.
    #[must_use]
    pub fn open_findings(&self, path: &RelPath) -> Vec<(FindingKey, &Finding)> {
        self.files.get(path).map(|entry| entry.current_record().open_findings()).unwrap_or_default()
    }

    /// The suppressed findings of a file, each with its key and its suppression; of one that does not parse, the last
    /// ones.
    pub(crate) fn findings_with_suppressions(
        &self,
        path: &RelPath,
    ) -> impl Iterator<Item = (&FindingKey, &Finding, &Suppression)> {
        let list = self.files.get(path).and_then(|entry| entry.current_record().finding_list.as_deref());
        let listed = list.unwrap_or_default().iter();
        listed
            .filter_map(|listed| Some((&listed.key, listed.finding.as_ref(), listed.suppression.as_deref()?)))
    }

    /// The suppressed findings of a file; of one that does not parse, the last ones.
    fn suppressions_in(&self, path: &RelPath) -> impl Iterator<Item = (&FindingKey, &Suppression)> {
        self.findings_with_suppressions(path).map(|(key, _, suppression)| (key, suppression))
    }

    /// The suppressed findings about a file, each with its suppression.
    #[must_use]
    pub fn suppressed_findings(&self, path: &RelPath) -> Vec<(FindingKey, Suppression)> {
        self.suppressions_in(path).map(|(key, quiet)| (key.clone(), quiet.clone())).collect()
    }

    /// The suppression of a finding, if it is there and suppressed.
    #[must_use]
    pub fn find_suppression(&self, key: &FindingKey) -> Option<Suppression> {
        self.suppressions_in(&key.path).find(|(other, _)| *other == key).map(|(_, quiet)| quiet.clone())
    }

    /// The files of a kind that have been audited, in the order of their paths.
    pub fn audited_paths_of_kind(&self, kind: FileKind) -> impl Iterator<Item = &RelPath> {
        self.known_paths(kind).filter(|path| !self.is_context(path))
    }

    /// The files of a kind that have been audited, and those around them.
    pub fn known_paths(&self, kind: FileKind) -> impl Iterator<Item = &RelPath> {
        self.files.values().filter(move |entry| entry.kind == kind).map(|entry| &entry.path)
    }

    /// All findings about a file: its own, and the repository's.
    pub fn findings_in(&self, path: &RelPath) -> impl Iterator<Item = &Finding> {
        let entry = self.files.get(path).map(|entry| entry.current_record());
        entry.into_iter().flat_map(FileRecord::findings).map(Arc::as_ref)
    }

    pub(super) fn suppression_pass<'a>(
        &'a self,
        path: &'a str,
        text: &'a str,
        exceptions: &'a [InlineSuppression],
    ) -> SuppressionPass<'a> {
        SuppressionPass {
            path,
            text,
            suppressions: exceptions,
            settings: &self.settings,
            baseline: &self.baseline,
        }
    }

    /// The repository's findings for these files, and its score.
    pub(super) fn delta(&self, files: &BTreeSet<RelPath>) -> AuditUpdate {
        let entries = || self.reported_records(files);
        AuditUpdate {
            findings: entries().map(|entry| (entry.path.clone(), entry.finding_list())).collect(),
            workloads: entries().map(|entry| (entry.path.clone(), entry.workload_reports())).collect(),
            members: Arc::new(entries().map(|entry| (entry.path.clone(), self.app_members(entry))).collect()),
            score: self.app_scores.mean_score(),
            ignored_count: self.ignored_count,
            lowered_bar: Box::new(self.lowered_bar()),
            ..AuditUpdate::default()
        }
    }

    /// The records of these files that are reported.
    fn reported_records<'a>(&'a self, files: &'a BTreeSet<RelPath>) -> impl Iterator<Item = &'a FileRecord> {
        let entries = files.iter().filter_map(|path| self.files.get(path)).map(Box::as_ref);
        entries.filter(|entry| !entry.is_context)
    }

    /// The reports of these files themselves.
    pub(super) fn file_reports(&self, files: &BTreeSet<RelPath>) -> Vec<FileReport> {
        self.reported_records(files).map(FileRecord::file_report).collect()
    }

    /// Reads the candidates, and parses those that changed. `progress` is called with the number of candidates read and
    /// of all.
    pub(super) fn read_candidates(
        &self,
        candidates: Vec<Candidate>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Vec<ReadResult> {
        let (total, done) = (candidates.len(), AtomicUsize::new(0));
        let places = (self.root.as_path(), self.repository_root());
        let looks = par_map(self.mark_excluded(candidates), |candidate| {
            let known = self.files.get(&candidate.path).map(Box::as_ref);
            let look = FileRecord::read_candidate(places, candidate, known, self.is_light);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            look
        });
        looks.into_iter().flatten().collect()
    }

    /// Marks the candidates that the settings exclude. A file that the user named is audited all the same.
    fn mark_excluded(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        for candidate in &mut candidates {
            let is_asked = || self.targets.contains(&candidate.path.to_absolute(&self.root));
            if self.settings.is_excluded(candidate.path.as_str()) && !is_asked() {
                let reason = format!("left out by {}", settings::SETTINGS_FILE);
                candidate.skip_reason = Some(SkipReason::NotAsked(reason));
            }
        }
        candidates
    }
}
