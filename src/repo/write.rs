//! Writing files: whole or not at all, and never over what was not read.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{RelPath, Unreadable, read};
use crate::text::Source;

/// What becomes of one file.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    pub path: &'a RelPath,
    /// What the file must be at this moment.
    pub before: &'a Source,
    pub after: &'a str,
}

/// Why nothing was written, in words for the screen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{0} has changed on disk since it was read: nothing was written")]
    Changed(RelPath),
    #[error("{0} lies outside the repository: nothing was written")]
    Outside(RelPath),
    #[error("{path} {why}: nothing was written")]
    Unkept { path: RelPath, why: &'static str },
    #[error("{path} cannot be read again ({error}): nothing was written")]
    Unreadable { path: RelPath, error: Unreadable },
    #[error("{path} cannot be written ({error}): nothing was written")]
    Io { path: RelPath, error: std::io::Error },
    #[error("{path} could not be put back after a failed write ({error}); its text is in {kept}")]
    HalfWritten { path: RelPath, error: std::io::Error, kept: PathBuf },
}

/// Writes all of the replacements, or none. Each goes to a temporary file beside its target, is synced, and takes the
/// target's place by a rename; all are staged before the first takes its place.
///
/// # Errors
/// When a file is no longer what it was, or its owner, mode, links or access list could not be kept.
pub fn replace(root: &Path, replacements: &[Replacement<'_>]) -> Result<(), WriteError> {
    let staged = replacements.iter().map(|r| Staged::new(root, *r)).collect::<Result<Vec<_>, _>>()?;
    for stage in &staged {
        stage.unchanged()?;
    }
    let mut done: Vec<Replacement<'_>> = Vec::new();
    for stage in staged {
        let replacement = stage.replacement;
        if let Err(error) = stage.take_place() {
            put_back(root, &done)?;
            return Err(error);
        }
        done.push(replacement);
    }
    Ok(())
}

/// A new text, written and synced, that has not yet taken its file's place.
struct Staged<'a> {
    replacement: Replacement<'a>,
    target: PathBuf,
    temporary: NamedTempFile,
}

impl<'a> Staged<'a> {
    fn new(root: &Path, replacement: Replacement<'a>) -> Result<Self, WriteError> {
        let path = replacement.path;
        let target = target(root, path)?;
        let io = |error| WriteError::Io { path: path.clone(), error };
        // Permission is the file's own: a rename would ask only its folder's.
        OpenOptions::new().append(true).open(&target).map_err(io)?;
        keepable(path, &target)?;
        let folder = target.parent().unwrap_or(root);
        let mut temporary = tempfile::Builder::new().prefix(".seaworthy-").tempfile_in(folder).map_err(io)?;
        temporary.write_all(replacement.after.as_bytes()).map_err(io)?;
        let mode = std::fs::metadata(&target).map_err(io)?.permissions();
        temporary.as_file().set_permissions(mode).map_err(io)?;
        keep_owner(path, &target, temporary.as_file())?;
        temporary.as_file().sync_all().map_err(io)?;
        Ok(Self { replacement, target, temporary })
    }

    fn unchanged(&self) -> Result<(), WriteError> {
        let path = self.replacement.path;
        match read(&self.target) {
            Ok(now) if now == *self.replacement.before => Ok(()),
            Ok(_) => Err(WriteError::Changed(path.clone())),
            Err(error) => Err(WriteError::Unreadable { path: path.clone(), error }),
        }
    }

    fn take_place(self) -> Result<(), WriteError> {
        self.unchanged()?;
        let path = self.replacement.path;
        self.temporary
            .persist(&self.target)
            .map_err(|failed| WriteError::Io { path: path.clone(), error: failed.error })?;
        // The rename is durable once the folder is synced; where a system cannot, the file is whole all the same.
        if let Some(folder) = self.target.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Gives the files that were already replaced their old text again.
fn put_back(root: &Path, done: &[Replacement<'_>]) -> Result<(), WriteError> {
    for replacement in done.iter().rev() {
        let after = Source::new(replacement.after);
        let back = Replacement { path: replacement.path, before: &after, after: replacement.before.text() };
        let undone = Staged::new(root, back).and_then(Staged::take_place);
        if let Err(WriteError::Io { path, error }) = undone {
            let kept = std::env::temp_dir().join(format!("seaworthy-{}", path.name()));
            let _ = std::fs::write(&kept, replacement.before.text());
            return Err(WriteError::HalfWritten { path, error, kept });
        }
        undone?;
    }
    Ok(())
}

/// The file itself, links followed, as long as they stay inside the repository.
fn target(root: &Path, path: &RelPath) -> Result<PathBuf, WriteError> {
    let io = |error| WriteError::Io { path: path.clone(), error };
    let root = root.canonicalize().map_err(io)?;
    let target = path.under(&root).canonicalize().map_err(io)?;
    if target.starts_with(&root) { Ok(target) } else { Err(WriteError::Outside(path.clone())) }
}

#[cfg(unix)]
fn keepable(path: &RelPath, target: &Path) -> Result<(), WriteError> {
    use std::os::unix::fs::MetadataExt;
    let unkept = |why| Err(WriteError::Unkept { path: path.clone(), why });
    let about = std::fs::metadata(target).map_err(|error| WriteError::Io { path: path.clone(), error })?;
    if !about.is_file() {
        return unkept("is no regular file");
    }
    if about.nlink() > 1 {
        return unkept("has several hard links, and a rename would part them");
    }
    let mut names = vec![0_u8; 64 * 1024];
    let used = rustix::fs::listxattr(target, &mut names).unwrap_or_default();
    if names[..used].split(|byte| *byte == 0).any(|name| name == b"system.posix_acl_access") {
        return unkept("has an access control list, and a rename would lose it");
    }
    Ok(())
}

#[cfg(not(unix))]
fn keepable(_: &RelPath, _: &Path) -> Result<(), WriteError> {
    Ok(())
}

#[cfg(unix)]
fn keep_owner(path: &RelPath, target: &Path, temporary: &File) -> Result<(), WriteError> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let io = |error| WriteError::Io { path: path.clone(), error };
    let (old, new) = (std::fs::metadata(target).map_err(io)?, temporary.metadata().map_err(io)?);
    if (old.uid(), old.gid()) == (new.uid(), new.gid()) {
        return Ok(());
    }
    let why = "belongs to another owner or group, and a rename would change that";
    fchown(temporary, Some(old.uid()), Some(old.gid()))
        .and_then(|()| temporary.set_permissions(old.permissions()))
        .map_err(|_| WriteError::Unkept { path: path.clone(), why })
}

#[cfg(not(unix))]
fn keep_owner(_: &RelPath, _: &Path, _: &File) -> Result<(), WriteError> {
    Ok(())
}
