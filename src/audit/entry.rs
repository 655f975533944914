//! One file as the engine keeps it.

use std::path::Path;

use super::judge::Judged;
use super::{FileReport, Listed, Status};
use crate::dockerfile::{self, Dockerfile};
use crate::finding::Finding;
use crate::manifest::{self, Manifest};
use crate::repo::{Candidate, FileKind, RelPath, Unreadable, read};
use crate::rules::exceptions::{self, Exception};
use crate::rules::{BuildFacts, Facts, ManifestFacts, unaudited};
use crate::text::Source;

/// A candidate, read and parsed.
#[derive(Debug)]
pub(super) struct Entry {
    pub path: RelPath,
    pub kind: FileKind,
    pub status: Status,
    pub source: Option<Source>,
    pub parsed: Parsed,
    /// What the file itself allows.
    pub exceptions: Vec<Exception>,
    /// Whether a `.dockerignore` governs its build.
    pub has_ignore_file: bool,
    pub own: Judged,
    pub wide: Judged,
}

/// A file's meaning.
#[derive(Debug)]
pub(super) enum Parsed {
    Nothing,
    Build(Box<Dockerfile>),
    Manifest(Box<Manifest>),
}

impl Parsed {
    pub(super) fn of(kind: FileKind, text: &str) -> Self {
        match kind {
            FileKind::Dockerfile => Self::Build(Box::new(dockerfile::parse(text))),
            FileKind::Manifest => Self::Manifest(Box::new(manifest::parse(text))),
            FileKind::Template => Self::Nothing,
        }
    }

    /// What the file of that text allows.
    pub(super) fn exceptions(&self, text: &str) -> Vec<Exception> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Build(file) => exceptions::in_build(text, file),
            Self::Manifest(manifest) => exceptions::in_manifest(text, manifest),
        }
    }

    pub(super) fn facts(&self, text: &str) -> Option<Facts> {
        match self {
            Self::Nothing => None,
            Self::Build(file) => Some(Facts::Build(BuildFacts::of(text, file))),
            Self::Manifest(manifest) => Some(Facts::Manifest(ManifestFacts::of(manifest))),
        }
    }
}

impl Entry {
    /// Reads a candidate; none where it went away meanwhile.
    pub(super) fn read(root: &Path, candidate: Candidate) -> Option<Self> {
        let Candidate { path, kind, skip } = candidate;
        let skipped = |kind, reason: String| Some(Self::bare(path.clone(), kind, Status::Skipped(reason)));
        if let Some(reason) = skip {
            return skipped(kind, reason);
        }
        if kind == FileKind::Template {
            return skipped(kind, "template: render it first".to_owned());
        }
        let at = path.under(root);
        match read(&at) {
            Ok(source) => Some(Self::of(path, kind, source, has_ignore_file(&at))),
            Err(Unreadable::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error @ (Unreadable::TooLarge(_) | Unreadable::NotUtf8(_))) => {
                // It was read, or could have been, and was refused: that must not go unnoticed.
                let reason = error.to_string();
                let own = Judged { findings: vec![unaudited(&reason)], ..Judged::default() };
                Some(Self { own, ..Self::bare(path, kind, Status::Skipped(reason)) })
            }
            Err(error) => skipped(kind, error.to_string()),
        }
    }

    fn of(path: RelPath, kind: FileKind, source: Source, has_ignore_file: bool) -> Self {
        let parsed = Parsed::of(kind, source.text());
        if let Parsed::Manifest(manifest) = &parsed
            && manifest.template.is_some()
        {
            let reason = "Helm template: render it first".to_owned();
            return Self {
                source: Some(source),
                ..Self::bare(path, FileKind::Template, Status::Skipped(reason))
            };
        }
        let status = status(&parsed);
        let exceptions = parsed.exceptions(source.text());
        Self { source: Some(source), parsed, exceptions, has_ignore_file, ..Self::bare(path, kind, status) }
    }

    fn bare(path: RelPath, kind: FileKind, status: Status) -> Self {
        let (own, wide) = (Judged::default(), Judged::default());
        let (parsed, exceptions) = (Parsed::Nothing, Vec::new());
        Self { path, kind, status, source: None, parsed, exceptions, has_ignore_file: false, own, wide }
    }

    pub(super) fn text(&self) -> &str {
        self.source.as_ref().map(Source::text).unwrap_or_default()
    }

    /// All findings about it, each with what keeps it quiet.
    pub(super) fn listed(&self) -> Vec<Listed> {
        let mut all = listed(&self.own);
        all.extend(listed(&self.wide));
        all
    }

    /// All findings about it, each with whether it is open.
    pub(super) fn all(&self) -> Vec<(&Finding, bool)> {
        let judged = [&self.own, &self.wide].into_iter();
        let all = judged.flat_map(|judged| {
            judged
                .findings
                .iter()
                .enumerate()
                .map(move |(at, finding)| (finding, judged.quiet.get(at).is_none_or(Option::is_none)))
        });
        all.collect()
    }

    pub(super) fn report(&self) -> FileReport {
        FileReport {
            path: self.path.clone(),
            kind: self.kind,
            status: self.status.clone(),
            documents: match &self.parsed {
                Parsed::Manifest(manifest) => Some(manifest.documents.len()),
                _ => None,
            },
            source: self.source.clone(),
            findings: listed(&self.own),
        }
    }
}

/// The findings with what keeps each of them quiet.
pub(super) fn listed(judged: &Judged) -> Vec<Listed> {
    let quiet = judged.quiet.iter().cloned().chain(std::iter::repeat(None));
    let findings = judged.findings.iter().cloned().zip(quiet);
    findings.map(|(finding, suppressed)| Listed { finding, suppressed }).collect()
}

fn status(parsed: &Parsed) -> Status {
    match parsed {
        Parsed::Manifest(manifest) => match (
            manifest.problems.iter().find(|problem| problem.kind.is_unaudited()),
            manifest.documents.is_empty(),
        ) {
            (None, _) => Status::Audited,
            (Some(problem), true) => Status::Skipped(problem.message.clone()),
            (Some(problem), false) => Status::Partial(problem.message.clone()),
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
/// the command says, so any folder above counts.
fn has_ignore_file(at: &Path) -> bool {
    let own =
        at.with_file_name(format!("{}.dockerignore", at.file_name().unwrap_or_default().to_string_lossy()));
    own.is_file() || at.ancestors().skip(1).any(|folder| folder.join(".dockerignore").is_file())
}
