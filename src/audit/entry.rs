//! One file as the engine keeps it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Status;
use super::interest::RELEVANT_DOCUMENTS;
use super::judge::Judged;
use super::score::Tally;
use super::workload_row::Row;
use crate::dockerfile::{self, Dockerfile};
use crate::finding::InlineSuppression;
use crate::manifest::{self, Manifest};
use crate::project::{DockerfileFacts, FileFacts, ManifestFacts};
use crate::repo::{Candidate, FileKind, FileRole, RelPath, Unreadable, looks_like_manifest, read_with};
use crate::rules::unaudited_finding;
use crate::suppress;
use crate::text::Source;

/// The candidates by their paths.
pub(super) type Files = BTreeMap<RelPath, Box<Entry>>;

/// A candidate, read and parsed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub path: RelPath,
    pub kind: FileKind,
    pub role: FileRole,
    /// Whether it lies around what is audited: it is read for what it says of that, and never judged or reported.
    pub is_context: bool,
    pub status: Status,
    /// How many Kubernetes documents a manifest holds.
    pub documents: Option<usize>,
    pub source: Option<Source>,
    pub parsed: Parsed,
    /// What the file itself allows.
    pub exceptions: Vec<InlineSuppression>,
    /// Whether a `.dockerignore` governs its build.
    pub has_ignore_file: bool,
    pub own: Judged,
    pub wide: Judged,
    /// A manifest's workloads; a Dockerfile's part in the score.
    pub rows: Vec<Row>,
    pub tally: Tally,
    /// Whether the text, or some of it, could not be parsed.
    pub broken: bool,
    /// The file as it was when it last parsed, while it does not: what was found then stays until it does.
    pub last: Option<Box<Self>>,
}

/// What a look at a candidate shows.
pub(super) enum Look {
    /// It says what it said; its path.
    Same(RelPath),
    Other(Box<Entry>),
}

impl Look {
    pub(super) fn other(self) -> Option<Box<Entry>> {
        match self {
            Self::Same(_) => None,
            Self::Other(entry) => Some(entry),
        }
    }
}

/// A file's meaning; shared, so that a repository with some files edited is another one at little cost.
#[derive(Clone, Debug)]
pub(super) enum Parsed {
    Nothing,
    Build(Arc<Dockerfile>),
    Manifest(Arc<Manifest>),
}

impl Parsed {
    pub(super) fn of(kind: FileKind, text: &Arc<str>) -> Self {
        match kind {
            FileKind::Dockerfile => Self::Build(Arc::new(dockerfile::parse(text))),
            FileKind::Manifest => Self::Manifest(Arc::new(manifest::parse_where(text, RELEVANT_DOCUMENTS))),
            FileKind::Template => Self::Nothing,
        }
    }

    /// Whether something in the file could not be parsed.
    fn is_broken(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Build(file) => !file.problems.is_empty(),
            Self::Manifest(manifest) => manifest.problems.iter().any(|problem| problem.kind.is_unaudited()),
        }
    }

    /// What the file of that text allows.
    pub(super) fn exceptions(&self, text: &str) -> Vec<InlineSuppression> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Build(file) => suppress::find_in_dockerfile(text, file),
            Self::Manifest(manifest) => suppress::find_in_manifest(text, manifest),
        }
    }

    pub(super) fn facts(&self, text: &str) -> Option<FileFacts> {
        match self {
            Self::Nothing => None,
            Self::Build(file) => Some(FileFacts::Dockerfile(DockerfileFacts::from_dockerfile(text, file))),
            Self::Manifest(manifest) => Some(FileFacts::Manifest(ManifestFacts::from_manifest(manifest))),
        }
    }
}

impl Entry {
    /// Reads a candidate, and parses it unless it is as it is `known`; none where it went away meanwhile. One that `is_light`
    /// keeps neither text nor meaning where nothing can be found in them.
    pub(super) fn read(
        (root, top): (&Path, &Path),
        candidate: Candidate,
        known: Option<&Self>,
        is_light: bool,
    ) -> Option<Look> {
        let (at, is_context) = (candidate.path.under(root), candidate.is_context);
        let mut look = Self::look((root, top), candidate, known, is_light)?;
        if let Look::Other(entry) = &mut look {
            entry.role = FileRole::of(top, &at, entry.kind);
            entry.is_context = is_context;
            if is_context {
                entry.own = Judged::default();
            }
        }
        Some(look)
    }

    fn look(
        (root, top): (&Path, &Path),
        candidate: Candidate,
        known: Option<&Self>,
        is_light: bool,
    ) -> Option<Look> {
        let is_one = || candidate.is_one(root);
        let Candidate { path, kind, skip, perhaps, is_context } = candidate.clone();
        let other = |entry| Some(Look::Other(Box::new(entry)));
        let skipped = |kind, reason: String| Self::bare(path.clone(), kind, Status::Skipped(reason));
        if let Some(reason) = skip {
            return other(skipped(kind, reason));
        }
        if kind == FileKind::Template {
            return other(skipped(kind, "template: render it first".to_owned()));
        }
        let at = path.under(root);
        let look = |text: &str| {
            if perhaps && !looks_like_manifest(text) {
                return None;
            }
            if is_light && kind == FileKind::Manifest {
                return other(Self::lent(path.clone(), text));
            }
            let source = Source::new(text);
            let has_ignore_file = kind == FileKind::Dockerfile && has_ignore_file(top, &at);
            if known.is_some_and(|known| {
                known.is_context == is_context && known.is_as(kind, &source, has_ignore_file)
            }) {
                return Some(Look::Same(path.clone()));
            }
            other(Self::of(path.clone(), kind, source, has_ignore_file))
        };
        match read_with(&at, look) {
            Ok(look) => look,
            Err(Unreadable::NotAFile | Unreadable::TooLarge(..) | Unreadable::NotUtf8(_)) if !is_one() => {
                None
            }
            Err(Unreadable::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error @ (Unreadable::TooLarge(..) | Unreadable::NotUtf8(_))) => {
                // It was read, or could have been, and was refused: that must not go unnoticed. A text that is cut off
                // within a character is half saved.
                let (reason, broken) = (error.to_string(), matches!(error, Unreadable::NotUtf8(_)));
                let own = Judged { findings: vec![unaudited_finding(&reason)], ..Judged::default() };
                other(Self { own, broken, ..Self::bare(path, kind, Status::Skipped(reason)) })
            }
            Err(error) => other(skipped(kind, error.to_string())),
        }
    }

    /// Whether it was made of that text, as a file of that kind.
    fn is_as(&self, kind: FileKind, source: &Source, has_ignore_file: bool) -> bool {
        self.kind == kind
            && self.has_ignore_file == has_ignore_file
            && self.source.as_ref().is_some_and(|own| own == source)
    }

    /// A text with its meaning.
    pub(super) fn of(path: RelPath, kind: FileKind, source: Source, has_ignore_file: bool) -> Self {
        let parsed = Parsed::of(kind, source.shared());
        let entry = Self::with(path, kind, source.text(), parsed);
        Self { source: Some(source), has_ignore_file, ..entry }
    }

    /// A manifest of a text that is kept only where something can be found in it.
    fn lent(path: RelPath, text: &str) -> Self {
        let (manifest, shared) = manifest::parse_lent(text, RELEVANT_DOCUMENTS);
        let entry = Self::with(path, FileKind::Manifest, text, Parsed::Manifest(Arc::new(manifest)));
        if entry.is_silent() {
            return Self { parsed: Parsed::Nothing, ..entry };
        }
        Self { source: Some(shared.map_or_else(|| Source::new(text), Source::new)), ..entry }
    }

    fn with(path: RelPath, kind: FileKind, text: &str, parsed: Parsed) -> Self {
        if let Parsed::Manifest(manifest) = &parsed
            && manifest.template.is_some()
        {
            let reason = "Helm template: render it first".to_owned();
            return Self::bare(path, FileKind::Template, Status::Skipped(reason));
        }
        let status = status(&parsed);
        let documents = match &parsed {
            Parsed::Manifest(manifest) => Some(manifest.documents.len() + manifest.passed),
            _ => None,
        };
        let broken = parsed.is_broken() || text.trim().is_empty();
        let exceptions = parsed.exceptions(text);
        Self { documents, exceptions, broken, parsed, ..Self::bare(path, kind, status) }
    }

    fn bare(path: RelPath, kind: FileKind, status: Status) -> Self {
        let (own, wide) = (Judged::default(), Judged::default());
        let (parsed, has_ignore_file, broken) = (Parsed::Nothing, false, false);
        let (rows, tally, exceptions) = (Vec::new(), Tally::default(), Vec::new());
        Self {
            path,
            kind,
            role: FileRole::from(kind),
            is_context: false,
            status,
            documents: None,
            source: None,
            parsed,
            exceptions,
            has_ignore_file,
            own,
            wide,
            rows,
            tally,
            broken,
            last: None,
        }
    }

    /// Whether nothing can be found in it.
    fn is_silent(&self) -> bool {
        let is_silent = match &self.parsed {
            Parsed::Manifest(manifest) => manifest.documents.is_empty() && manifest.problems.is_empty(),
            _ => false,
        };
        is_silent && self.exceptions.is_empty()
    }

    /// Lets go of text and meaning where nothing has been found.
    pub(super) fn lighten(&mut self) {
        let is_silent = self.own.findings.is_empty() && self.wide.findings.is_empty();
        if is_silent && (self.is_context || matches!(self.parsed, Parsed::Manifest(_))) {
            (self.source, self.parsed) = (None, Parsed::Nothing);
        }
    }

    pub(super) fn text(&self) -> &str {
        self.source.as_ref().map(Source::text).unwrap_or_default()
    }
}

fn status(parsed: &Parsed) -> Status {
    match parsed {
        Parsed::Manifest(manifest) => match (
            manifest.problems.iter().find(|problem| problem.kind.is_unaudited()),
            manifest.documents.is_empty(),
        ) {
            (None, _) => Status::Audited,
            (Some(problem), true) if manifest.passed == 0 => Status::Skipped(problem.message.clone()),
            (Some(problem), _) => Status::Partial(problem.message.clone()),
        },
        Parsed::Build(file) => match file.problems.first() {
            None => Status::Audited,
            Some(problem) if file.stages.is_empty() => Status::Skipped(problem.fault.to_string()),
            Some(problem) => Status::Partial(problem.fault.to_string()),
        },
        Parsed::Nothing => Status::Audited,
    }
}

/// A build reads the file's own `<name>.dockerignore`, else its context's `.dockerignore`; which folder that is, only
/// the command says, so any folder above counts, up to the repository's root.
fn has_ignore_file(top: &Path, at: &Path) -> bool {
    let own =
        at.with_file_name(format!("{}.dockerignore", at.file_name().unwrap_or_default().to_string_lossy()));
    let mut folders = at.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
    is_there(&own) || folders.any(|folder| is_there(&folder.join(".dockerignore")))
}

/// A link counts wherever it leads: what becomes of its target is no change of the folder that a watch is told of.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| !about.is_dir())
}
