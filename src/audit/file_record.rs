//! Keeps one file for the engine: its text, its content and its findings.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::charts::TemplateRender;
use super::interest::RELEVANT_DOCUMENTS;
use super::overlays::BuiltVerdicts;
use super::runner::RuleOutput;
use super::score::ScoreTally;
use super::workload_row::WorkloadRow;
use super::{FileStatus, FindingList};
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{self, Dockerfile};
use crate::finding::InlineSuppression;
use crate::kubernetes::ManifestFile;
use crate::needs::{self, ImageBuild};
use crate::project::{DockerfileFacts, FileFacts, ManifestFacts};
use crate::repo::{
    BuildContext, Candidate, ContextFolders, ContextScript, ContextScripts, FileKind, FileRole, ReadError,
    RelPath, is_kustomization_name, is_outermost_chart_file, looks_like_chart, looks_like_manifest,
    read_and_map,
};
use crate::rules::unaudited_finding;
use crate::text::{SourceText, TemplateEngine};
use crate::{kubernetes, suppress};

/// The most comments and annotations of one file that may allow something: far more than anybody writes, and each costs
/// memory, most of all where it allows nothing.
const MAX_FILE_SUPPRESSIONS: usize = 5_000;

/// The first line of a text within its signature (RFC 9580, "Cleartext Signature Framework").
const SIGNED_MESSAGE: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNED_REASON: &str = "signed with PGP: what is within the signature is not read";

/// The candidates by their paths.
pub(super) type FilesByPath = BTreeMap<RelPath, Box<FileRecord>>;

/// A candidate, read and parsed.
#[derive(Clone, Debug)]
pub(super) struct FileRecord {
    pub path: RelPath,
    pub kind: FileKind,
    pub role: FileRole,
    /// True for a file around the audited ones: it is read for its facts about them, and never audited or reported.
    pub is_context: bool,
    /// What came of reading it; [`FileRecord::reported_status`] also knows of judging it.
    pub status: FileStatus,
    /// The reason why a workload in it could not be judged, though it could be read.
    pub unfinished_reason: Option<String>,
    /// The number of Kubernetes documents in a manifest.
    pub documents: Option<usize>,
    pub source: Option<SourceText>,
    pub content: ParsedFile,
    /// The suppressions in the file itself.
    pub suppressions: Vec<InlineSuppression>,
    /// What lies beside it, if it is a Dockerfile.
    pub build_context: Arc<BuildContext>,
    /// The scripts of its build's context that its start is followed through.
    pub context_scripts: ContextScripts,
    pub file_output: RuleOutput,
    pub repo_output: RuleOutput,
    /// The findings of both; none where a single report is made and all are open: see [`FileRecord::finding_list`].
    pub finding_list: Option<FindingList>,
    /// A manifest's workloads; a Dockerfile's part in the score.
    pub workload_rows: Vec<WorkloadRow>,
    pub tally: ScoreTally,
    /// What a template of a chart renders, with each of the chart's value sets.
    pub renders: Vec<TemplateRender>,
    /// What stands outright in a template of a chart that does not render.
    pub literals: Vec<TemplateRender>,
    /// True for a file of a chart that was rendered: its findings are placed there by the chart.
    pub is_chart_made: bool,
    /// True for a file that a kustomization is made of: its findings may come of others.
    pub is_overlay_part: bool,
    /// True for a file that only a kustomization makes one of these: no scan finds it.
    pub is_overlay_made: bool,
    /// What the rules say of the file as it is written, where what they say of it as built is listed.
    pub built_verdicts: Option<Box<BuiltVerdicts>>,
    /// True where the text, or some of it, could not be parsed.
    pub is_broken: bool,
    /// True where it is there, and its text could not be had.
    pub is_unreadable: bool,
    /// The file as it last parsed, while it does not: its findings then stay until it does.
    pub last_valid: Option<Box<Self>>,
}

/// The result of reading a candidate again.
pub(super) enum ReadResult {
    /// The text is unchanged; the file's path.
    Unchanged(RelPath),
    Changed(Box<FileRecord>),
}

impl ReadResult {
    pub(super) fn into_changed(self) -> Option<Box<FileRecord>> {
        match self {
            Self::Unchanged(_) => None,
            Self::Changed(entry) => Some(entry),
        }
    }
}

/// A file's parsed content; shared, so that a repository with some files edited is copied at little cost.
#[derive(Clone, Debug)]
pub(super) enum ParsedFile {
    Empty,
    Dockerfile(Arc<Dockerfile>),
    Manifest(Arc<ManifestFile>),
}

impl ParsedFile {
    pub(super) fn parse_text(kind: FileKind, text: &Arc<str>) -> Self {
        match kind {
            FileKind::Dockerfile => Self::Dockerfile(Arc::new(dockerfile::parse(text))),
            FileKind::Manifest => {
                Self::Manifest(Arc::new(kubernetes::parse_relevant(text, RELEVANT_DOCUMENTS)))
            }
            FileKind::Template => Self::Empty,
        }
    }

    /// True where something in the file could not be parsed.
    fn is_broken(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Dockerfile(file) => !file.problems.is_empty(),
            Self::Manifest(manifest) => manifest.problems.iter().any(|problem| problem.kind.prevents_audit()),
        }
    }

    /// The suppressions in the file of that text; of very many the first ones.
    pub(super) fn find_suppressions(&self, text: &str) -> Vec<InlineSuppression> {
        let mut found = match self {
            Self::Empty => Vec::new(),
            Self::Dockerfile(file) => suppress::find_in_dockerfile(text, file),
            Self::Manifest(manifest) => suppress::find_in_manifest(text, manifest),
        };
        found.truncate(MAX_FILE_SUPPRESSIONS);
        found.shrink_to_fit();
        found
    }

    pub(super) fn extract_facts(
        &self,
        path: &RelPath,
        text: &str,
        scripts: &ContextScripts,
    ) -> Option<FileFacts> {
        match self {
            Self::Empty => None,
            Self::Dockerfile(file) => {
                let context = |source: &str| scripts.find(source).cloned();
                let build = ImageBuild { path, scripts: &ScriptCache::new(text, file), context: &context };
                let facts = DockerfileFacts::from_dockerfile(text, file);
                Some(FileFacts::Dockerfile(facts.with_program_needs(needs::find_image_needs(build))))
            }
            Self::Manifest(manifest) => {
                let mut facts = ManifestFacts::from_manifest(manifest);
                if facts.kustomizations.is_empty() && is_kustomization_name(path.file_name()) {
                    facts.kustomizations.push(kubernetes::read_any_kustomization(text));
                }
                Some(FileFacts::Manifest(facts))
            }
        }
    }
}

impl FileRecord {
    /// Reads a candidate, and parses it unless it is unchanged from `known`; none where it went away meanwhile. With
    /// `is_light`, neither text nor content is kept where nothing can be found in them.
    pub(super) fn read_candidate(
        (root, top): (&Path, &Path),
        candidate: Candidate,
        known: Option<&Self>,
        is_light: bool,
    ) -> Option<ReadResult> {
        let (at, is_context) = (candidate.path.to_absolute(root), candidate.is_context);
        let mut look = Self::read_contents((root, top), candidate, known, is_light)?;
        if let ReadResult::Changed(entry) = &mut look {
            entry.role = FileRole::detect_role(top, &at, entry.kind);
            entry.is_context = is_context;
            if is_context {
                entry.file_output = RuleOutput::default();
            }
        }
        Some(look)
    }

    fn read_contents(
        (root, top): (&Path, &Path),
        candidate: Candidate,
        known: Option<&Self>,
        is_light: bool,
    ) -> Option<ReadResult> {
        let is_one = || candidate.is_confirmed_by_text(root);
        let Candidate { path, kind, skip_reason: skip, needs_content_check: perhaps, is_context } =
            candidate.clone();
        let other = |entry| Some(ReadResult::Changed(Box::new(entry)));
        let skipped = |kind, reason: String| Self::empty(path.clone(), kind, FileStatus::Skipped(reason));
        if let Some(reason) = skip {
            let is_unreadable = reason.is_unreadable();
            return other(Self { is_unreadable, ..skipped(kind, reason.text().to_owned()) });
        }
        let at = path.to_absolute(root);
        if kind == FileKind::Template {
            let engine = read_and_map(&at, TemplateEngine::of_template).ok().flatten();
            let name = engine.map_or("template", TemplateEngine::name);
            return other(skipped(kind, format!("{name}: render it first")));
        }
        let look = |text: &str| {
            if perhaps && !looks_like_manifest(text) {
                let is_chart = is_outermost_chart_file(&at) && looks_like_chart(text);
                return is_chart.then(|| ReadResult::Changed(Box::new(Self::of_chart(path.clone(), text))));
            }
            if is_light && kind == FileKind::Manifest {
                return other(Self::parse_borrowed(path.clone(), text));
            }
            let source = SourceText::new(text);
            let folders = ContextFolders { root, repository_root: top, dockerfile: &at };
            let read_script = |source: &str| folders.read_script(source);
            let is_same = |known: &&Self| {
                // A Chart.yaml beside it may have come or gone.
                known.is_context == is_context
                    && known.role == FileRole::detect_role(top, &at, known.kind)
                    && known.is_unchanged(kind, &source, top, &at)
                    && known.context_scripts.iter().all(|(at, script)| read_script(at).as_ref() == script)
            };
            if known.is_some_and(|known| is_same(&known)) {
                return Some(ReadResult::Unchanged(path.clone()));
            }
            let entry = Self::from_source(path.clone(), kind, source, Arc::default());
            let build_context = entry.read_build_context(top, &at);
            other(Self { build_context, ..entry }.with_context_scripts(&read_script))
        };
        match read_and_map(&at, look) {
            Ok(look) => look,
            Err(ReadError::NotAFile | ReadError::TooLarge(..) | ReadError::NotUtf8(_)) if !is_one() => None,
            Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error @ (ReadError::TooLarge(..) | ReadError::NotUtf8(_))) => {
                // The file is there but was refused: the report must name it. A text that is cut off within a character
                // is half saved.
                let (reason, broken) = (error.to_string(), matches!(error, ReadError::NotUtf8(_)));
                let own = RuleOutput { findings: vec![unaudited_finding(&reason)], ..RuleOutput::default() };
                other(Self {
                    file_output: own,
                    is_broken: broken,
                    is_unreadable: true,
                    ..Self::empty(path, kind, FileStatus::Skipped(reason))
                })
            }
            Err(error) => other(Self { is_unreadable: true, ..skipped(kind, error.to_string()) }),
        }
    }

    /// A `Chart.yaml`, by which its folder is a chart whatever its templates look like: the chart's rendering takes its
    /// place.
    fn of_chart(path: RelPath, text: &str) -> Self {
        Self {
            source: Some(SourceText::new(text)),
            is_chart_made: true,
            ..Self::empty(path, FileKind::Template, FileStatus::Audited)
        }
    }

    /// True where the record was made of that text, as a file of that kind.
    fn is_unchanged(&self, kind: FileKind, source: &SourceText, top: &Path, at: &Path) -> bool {
        self.kind == kind
            && self.source.as_ref().is_some_and(|own| own == source)
            && self.build_context == self.read_build_context(top, at)
    }

    /// What lies beside a Dockerfile now; nothing for other files.
    pub(super) fn read_build_context(&self, top: &Path, at: &Path) -> Arc<BuildContext> {
        match &self.content {
            ParsedFile::Dockerfile(file) => Arc::new(BuildContext::read(top, at, self.text(), file)),
            _ => Arc::default(),
        }
    }

    /// A record of a text, parsed.
    pub(super) fn from_source(
        path: RelPath,
        kind: FileKind,
        source: SourceText,
        build_context: Arc<BuildContext>,
    ) -> Self {
        let parsed = ParsedFile::parse_text(kind, source.shared_text());
        let entry = Self::from_parsed(path, kind, source.text(), parsed);
        Self { source: Some(source), build_context, ..entry }
    }

    /// The same record with the scripts of its build's context, where it is a Dockerfile's.
    pub(super) fn with_context_scripts(mut self, read: &dyn Fn(&str) -> Option<ContextScript>) -> Self {
        if let ParsedFile::Dockerfile(file) = &self.content {
            self.context_scripts = needs::find_context_scripts(&self.path, self.text(), file, read);
        }
        self
    }

    /// The facts that other files depend on, each with the path by which the index knows them.
    pub(super) fn extract_facts(&self) -> Vec<(RelPath, Option<FileFacts>)> {
        let built =
            self.renders.iter().map(|render| (render.index_path.clone(), Some(render.extract_facts())));
        if self.is_chart_made {
            return built.collect();
        }
        let facts = self.content.extract_facts(&self.path, self.text(), &self.context_scripts);
        std::iter::once((self.path.clone(), facts)).chain(built).collect()
    }

    /// A record of a manifest whose text is kept only where something can be found in it.
    fn parse_borrowed(path: RelPath, text: &str) -> Self {
        let (manifest, shared) = kubernetes::parse_relevant_borrowed(text, RELEVANT_DOCUMENTS);
        let entry =
            Self::from_parsed(path, FileKind::Manifest, text, ParsedFile::Manifest(Arc::new(manifest)));
        if entry.is_clean() {
            return Self { content: ParsedFile::Empty, ..entry };
        }
        Self { source: Some(shared.map_or_else(|| SourceText::new(text), SourceText::new)), ..entry }
    }

    fn from_parsed(path: RelPath, kind: FileKind, text: &str, parsed: ParsedFile) -> Self {
        if text.trim_start_matches('\u{feff}').starts_with(SIGNED_MESSAGE) {
            return Self::empty(path, kind, FileStatus::Skipped(SIGNED_REASON.to_owned()));
        }
        let engine = match &parsed {
            ParsedFile::Manifest(manifest) => manifest.template.map(|template| template.engine),
            ParsedFile::Dockerfile(file) => dockerfile::find_template_engine(text, file),
            ParsedFile::Empty => None,
        };
        if let Some(engine) = engine {
            let reason = format!("{}: render it first", engine.name());
            return Self::empty(path, FileKind::Template, FileStatus::Skipped(reason));
        }
        let status = status_of(&path, text, &parsed);
        let documents = match &parsed {
            ParsedFile::Manifest(manifest) => Some(manifest.documents.len() + manifest.irrelevant_count),
            _ => None,
        };
        let broken = parsed.is_broken() || text.trim().is_empty();
        let exceptions = parsed.find_suppressions(text);
        let status = match status {
            FileStatus::Audited if exceptions.len() >= MAX_FILE_SUPPRESSIONS => {
                FileStatus::Partial(format!("only its first {MAX_FILE_SUPPRESSIONS} exceptions are read"))
            }
            status => status,
        };
        Self {
            documents,
            suppressions: exceptions,
            is_broken: broken,
            content: parsed,
            ..Self::empty(path, kind, status)
        }
    }

    pub(super) fn empty(path: RelPath, kind: FileKind, status: FileStatus) -> Self {
        let (own, wide) = (RuleOutput::default(), RuleOutput::default());
        let (parsed, broken) = (ParsedFile::Empty, false);
        let (rows, tally, exceptions) = (Vec::new(), ScoreTally::default(), Vec::new());
        Self {
            path,
            kind,
            role: FileRole::from(kind),
            is_context: false,
            status,
            unfinished_reason: None,
            documents: None,
            source: None,
            content: parsed,
            suppressions: exceptions,
            build_context: Arc::default(),
            context_scripts: ContextScripts::default(),
            file_output: own,
            repo_output: wide,
            finding_list: None,
            workload_rows: rows,
            tally,
            renders: Vec::new(),
            literals: Vec::new(),
            is_chart_made: false,
            is_overlay_part: false,
            is_overlay_made: false,
            built_verdicts: None,
            is_broken: broken,
            is_unreadable: false,
            last_valid: None,
        }
    }

    /// True where nothing can be found in it.
    fn is_clean(&self) -> bool {
        let is_silent = match &self.content {
            ParsedFile::Manifest(manifest) => manifest.documents.is_empty() && manifest.problems.is_empty(),
            _ => false,
        };
        is_silent && self.suppressions.is_empty() && !is_kustomization_name(self.path.file_name())
    }

    /// Drops text and content where nothing has been found.
    pub(super) fn drop_clean_text(&mut self) {
        if self.is_overlay_part {
            return;
        }
        let is_silent = self.file_output.findings.is_empty() && self.repo_output.findings.is_empty();
        if is_silent && (self.is_context || matches!(self.content, ParsedFile::Manifest(_))) {
            (self.source, self.content) = (None, ParsedFile::Empty);
        }
    }

    pub(super) fn text(&self) -> &str {
        self.source.as_ref().map(SourceText::text).unwrap_or_default()
    }
}

fn status_of(path: &RelPath, text: &str, parsed: &ParsedFile) -> FileStatus {
    match parsed {
        ParsedFile::Manifest(manifest) => match (
            manifest.problems.iter().find(|problem| problem.kind.prevents_audit()),
            manifest.documents.is_empty(),
        ) {
            (None, _) if manifest.is_without_objects() => {
                let is_named = is_kustomization_name(path.file_name());
                match is_named.then(|| kubernetes::read_kustomization(text)) {
                    None => FileStatus::Skipped(manifest.no_objects_reason().to_owned()),
                    Some(None) => FileStatus::Skipped("no kustomization can be read in it".to_owned()),
                    Some(Some(_)) => FileStatus::Audited,
                }
            }
            (None, _) => manifest.partial_reason().map_or(FileStatus::Audited, FileStatus::Partial),
            (Some(problem), true) if manifest.irrelevant_count == 0 => {
                FileStatus::Skipped(problem.message.clone())
            }
            (Some(problem), _) => FileStatus::Partial(problem.message.clone()),
        },
        ParsedFile::Dockerfile(file) => match file.problems.first() {
            None => FileStatus::Audited,
            Some(problem) if file.stages.is_empty() => FileStatus::Skipped(problem.fault.to_string()),
            Some(problem) => FileStatus::Partial(problem.fault.to_string()),
        },
        ParsedFile::Empty => FileStatus::Audited,
    }
}
