//! Finds candidates for the audit by files' names, and where those allow a doubt, by how they begin.

use std::fs::{File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::build_file_kind::MAX_BUILD_FILE_BYTES;
use super::ignore_limits::OversizeIgnore;
use super::read_file::MAX_FILE_BYTES;
use super::{
    FileKind, RelPath, file_role, is_kustomization_name, looks_like_chart, looks_like_dockerfile,
    looks_like_manifest,
};
use crate::base::describe_size;

/// The reason for a file that no other program can be told of as it is called.
const NOT_UTF8: &str = "its name is not UTF-8: rename it";

/// A file to be audited, or to be listed as skipped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    pub path: RelPath,
    pub kind: FileKind,
    /// The reason why it is not read at all.
    pub skip_reason: Option<SkipReason>,
    /// True when its name allows no more than "perhaps": its text must decide.
    pub needs_content_check: bool,
    /// True when it lies around the files that are audited, and is read only for their sake.
    pub is_context: bool,
}

/// The reason why a candidate is not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// It is read elsewhere, or need not be.
    NotAsked(String),
    /// It may hold what is looked for, and cannot be read.
    Unreadable(String),
}

impl SkipReason {
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::NotAsked(text) | Self::Unreadable(text) => text,
        }
    }

    #[must_use]
    pub const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    fn unreadable(text: &str) -> Self {
        Self::Unreadable(text.to_owned())
    }
}

impl Candidate {
    /// A text that somebody gave the name of a file, by that name and by what it is.
    #[must_use]
    pub fn from_text(path: RelPath, at: &Path, text: &str) -> Self {
        candidate_by_text(path, at, &Ok(text.to_owned()))
    }

    /// A folder of which nothing can be read: it is listed, for it may hold candidates.
    pub(super) fn from_closed_folder(root: &Path, at: &Path, why: &str) -> Option<Self> {
        let reason = SkipReason::Unreadable(format!("a folder that is not looked into: {why}"));
        Some(Self::skipped(RelPath::strip_root(root, at)?, reason))
    }

    /// An ignore file that is not obeyed: it is listed, for what it names is audited.
    pub(super) fn from_oversize_ignore(root: &Path, found: OversizeIgnore) -> Option<Self> {
        Some(Self::skipped(RelPath::relative_to(root, &found.file)?, SkipReason::NotAsked(found.reason)))
    }

    /// A file that may say how images are built, and is too large for that: it is listed, for links and services go by
    /// it. None where it is not so large, or is a manifest: then it is read as one.
    pub(super) fn from_oversize_build_file(path: &RelPath, at: &Path) -> Option<Self> {
        let size = at.metadata().ok()?.len();
        if size <= MAX_BUILD_FILE_BYTES || begins_as_candidate(at) {
            return None;
        }
        let reason = format!(
            "a file that says how images are built, and is too large to be read ({}, and more than {} is not): what \
             it builds is not known",
            describe_size(size),
            describe_size(MAX_BUILD_FILE_BYTES)
        );
        Some(Self::skipped(path.clone(), SkipReason::NotAsked(reason)))
    }

    const fn skipped(path: RelPath, reason: SkipReason) -> Self {
        Self {
            path,
            kind: FileKind::Manifest,
            skip_reason: Some(reason),
            needs_content_check: false,
            is_context: false,
        }
    }

    /// True when it is one by its text, too. A file that cannot be opened is: it is listed, with the reason.
    #[must_use]
    pub fn is_confirmed_by_text(&self, root: &Path) -> bool {
        !self.needs_content_check || begins_as_candidate(&self.path.to_absolute(root))
    }
}

/// A file by its name alone, on the way to being a candidate.
pub(super) struct NamedFile {
    pub path: RelPath,
    pub at: PathBuf,
    pub kind: FileKind,
    pub is_link: bool,
    /// True for a pipe, a socket or a device.
    is_special: bool,
}

impl NamedFile {
    /// The candidate that a file or link of that name would be; none where the name excludes it, as it does the links
    /// that Emacs locks files with.
    pub(super) fn new(root: &Path, at: &Path, file_type: FileType) -> Option<Self> {
        let name = at.file_name()?.to_string_lossy();
        let is_link = file_type.is_symlink();
        if file_type.is_dir() || (is_link && name.starts_with(".#")) {
            return None;
        }
        let kind = FileKind::of_name(&name)?;
        let path = RelPath::relative_to(root, at)?;
        let is_special = !is_link && !file_type.is_file();
        Some(Self { path, at: at.to_path_buf(), kind, is_link, is_special })
    }

    /// The candidate by all but its text; none where it is no file's. `top` is the repository's root.
    pub(super) fn into_candidate(self, root: &Path, top: &Path) -> Option<Candidate> {
        let skip = match self.at.to_str() {
            None => Some(SkipReason::unreadable(NOT_UTF8)),
            Some(_) if self.is_special => {
                Some(SkipReason::unreadable("no regular file: a pipe, a socket or a device"))
            }
            Some(_) if self.is_link => resolve_link(root, top, &self.at)?,
            Some(_) => None,
        };
        let is_named = is_kustomization_name(self.path.file_name());
        let perhaps = skip.is_none() && self.kind == FileKind::Manifest && !is_named;
        Some(Candidate {
            path: self.path,
            kind: self.kind,
            skip_reason: skip,
            needs_content_check: perhaps,
            is_context: false,
        })
    }
}

/// A file that was named on the command line: audited whatever its name, if its text allows.
pub(super) fn candidate_from_argument(path: RelPath, at: &Path) -> Candidate {
    if at.to_str().is_none() {
        return Candidate::skipped(path, SkipReason::unreadable(NOT_UTF8));
    }
    if at.metadata().is_ok_and(|about| !about.is_file()) {
        let reason = SkipReason::unreadable("no regular file: a pipe, a socket or a device");
        return Candidate::skipped(path, reason);
    }
    candidate_by_text(path, at, &read_beginning(at))
}

fn candidate_by_text(path: RelPath, at: &Path, beginning: &io::Result<String>) -> Candidate {
    let skipped = |why| Candidate::skipped(path.clone(), why);
    if let (Some(why), Ok(text)) = (file_role::not_manifest_reason(at), beginning)
        && !looks_like_manifest(text)
    {
        return skipped(SkipReason::NotAsked(why.to_owned()));
    }
    let sniffed = || match beginning {
        Ok(text) if looks_like_manifest(text) => Some(FileKind::Manifest),
        Ok(text) if looks_like_dockerfile(text) => Some(FileKind::Dockerfile),
        _ => None,
    };
    match FileKind::of_name(path.file_name()).or_else(sniffed) {
        Some(kind) => {
            Candidate { path, kind, skip_reason: None, needs_content_check: false, is_context: false }
        }
        None => skipped(match beginning {
            Ok(_) => SkipReason::NotAsked("neither a Dockerfile nor a Kubernetes manifest".to_owned()),
            Err(error) => SkipReason::Unreadable(format!("cannot be read: {error}")),
        }),
    }
}

/// The target of a link of a candidate's name: nothing to list (it leads to a folder, or is gone meanwhile), a reason to
/// skip it, or another name of a file that no walk would find.
fn resolve_link(root: &Path, top: &Path, link: &Path) -> Option<Option<SkipReason>> {
    let Ok(target) = link.canonicalize() else {
        return link.is_symlink().then(|| Some(SkipReason::unreadable("a link that leads nowhere")));
    };
    if target.is_dir() {
        return None;
    }
    if !target.is_file() {
        return Some(Some(SkipReason::unreadable("a link that leads to no regular file")));
    }
    let root = root.canonicalize().ok();
    let inside = top.canonicalize().ok().filter(|top| target.starts_with(top));
    let inside = inside.and(root).and_then(|root| RelPath::relative_to(&root, &target));
    Some(match inside {
        None => Some(SkipReason::unreadable("a link that leads outside the repository")),
        Some(path) if path.is_outside() => {
            Some(SkipReason::NotAsked(format!("a link that leads to {path}, which is not asked for")))
        }
        Some(path) if FileKind::of_name(path.file_name()).is_some() => {
            Some(SkipReason::NotAsked(format!("a link: its target is audited as {path}")))
        }
        Some(_) => None,
    })
}

/// True when the file at `at` begins as a manifest does, or makes its folder a chart, or cannot be read.
pub(super) fn begins_as_candidate(at: &Path) -> bool {
    let is_chart = |text: &str| file_role::is_outermost_chart_file(at) && looks_like_chart(text);
    read_beginning(at).map_or(true, |text| looks_like_manifest(&text) || is_chart(&text))
}

/// The text of a file as far as files are read; what is not UTF-8 in it is replaced, as its keys are ASCII.
fn read_beginning(at: &Path) -> io::Result<String> {
    if !std::fs::metadata(at)?.is_file() {
        return Ok(String::new());
    }
    let mut bytes = Vec::new();
    File::open(at)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        // UTF-16 or UTF-32, which the cluster's tools read: without its zeros, what is ASCII in it stands there plainly.
        bytes.retain(|byte| *byte != 0);
        bytes.drain(..2);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
