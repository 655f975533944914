//! Writes files whole or not at all, and never over a text that was not read, for fixes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::file_metadata::CannotReplace;
use super::read_file::{MAX_FILE_BYTES, read_limited};
use super::{FilePatch, ReadError, RelPath, file_metadata};
use crate::text::{SourceText, stable_hash};

/// The reason why nothing was written, in words for the screen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{0} has changed on disk since it was read: nothing was written")]
    ChangedOnDisk(RelPath),
    #[error("{0} lies outside the repository: nothing was written")]
    OutsideRepository(RelPath),
    #[error("{path} {reason}: nothing was written")]
    CannotReplace { path: RelPath, reason: &'static str },
    #[error("{path} cannot be read again ({error}): nothing was written")]
    Unreadable { path: RelPath, error: ReadError },
    #[error("{path} cannot be written ({error}): nothing was written")]
    Io { path: RelPath, error: io::Error },
    #[error("the record for undo cannot be kept in {} ({error}): nothing was written", folder.display())]
    Journal { folder: PathBuf, error: io::Error },
    #[error(
        "{path} could not be put back after a failed write ({error}): its text is kept, and put back at the next start"
    )]
    HalfWritten { path: RelPath, error: Box<Self> },
}

impl WriteError {
    /// The file that is to blame, where one is.
    #[must_use]
    pub const fn path(&self) -> Option<&RelPath> {
        match self {
            Self::ChangedOnDisk(path) | Self::OutsideRepository(path) => Some(path),
            Self::CannotReplace { path, .. } | Self::Unreadable { path, .. } | Self::Io { path, .. } => {
                Some(path)
            }
            Self::Journal { .. } | Self::HalfWritten { .. } => None,
        }
    }
}

/// The stage that a write has reached, for observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteStage {
    /// The journal holds what is about to happen; no file is touched yet.
    Journaled,
    /// So many new texts lie synced beside their files.
    Staged(usize),
    /// So many have taken their file's place.
    Placed(usize),
    /// All files are written, and the journal does not yet record it.
    Written,
}

/// Writes all of the patches, or none. Each text goes to a temporary file beside its target, is synced, and takes the
/// target's place by a rename; all are staged before the first takes its place.
///
/// # Errors
/// When a file is no longer what it was, or its owner, mode, links or attributes could not be kept.
pub(super) fn replace_all(
    root: &Path,
    patches: &[FilePatch],
    tell: &(dyn Fn(WriteStage) + Send),
) -> Result<(), WriteError> {
    let mut staged = Vec::new();
    for patch in patches {
        staged.push(StagedFile::new(root, patch, StagedContent::Text)?);
        tell(WriteStage::Staged(staged.len()));
    }
    for stage in &staged {
        check_unchanged(stage.patch, &stage.target)?;
    }
    for (done, stage) in staged.into_iter().enumerate() {
        if let Err(error) = stage.replace_target() {
            restore_files(root, &patches[..done])?;
            return Err(error);
        }
        tell(WriteStage::Placed(done + 1));
    }
    Ok(())
}

/// Why the patches cannot be written, one reason for each that cannot: all that a write does is tried, but for the text.
pub(super) fn find_refusals(root: &Path, patches: &[FilePatch]) -> Vec<WriteError> {
    patches.iter().filter_map(|patch| StagedFile::new(root, patch, StagedContent::Nothing).err()).collect()
}

/// Gives files that were replaced their old text again, the last first.
fn restore_files(root: &Path, done: &[FilePatch]) -> Result<(), WriteError> {
    for patch in done.iter().rev().map(FilePatch::to_inverse) {
        let back = StagedFile::new(root, &patch, StagedContent::Text).and_then(StagedFile::replace_target);
        back.map_err(|error| WriteError::HalfWritten { path: patch.path.clone(), error: Box::new(error) })?;
    }
    Ok(())
}

/// Removes what a write that was cut short may have left beside its file.
pub(super) fn remove_temporary(root: &Path, patch: &FilePatch) {
    if let Ok(target) = resolve_target(root, patch) {
        let _ = std::fs::remove_file(temporary_path(&target));
    }
}

/// A new text, written and synced, that has not yet taken its file's place.
struct StagedFile<'a> {
    patch: &'a FilePatch,
    target: PathBuf,
    temporary: TemporaryFile,
}

/// What a staged file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StagedContent {
    Text,
    /// It only shows whether a file could be staged.
    Nothing,
}

/// Removed when dropped, unless it took its target's place.
struct TemporaryFile(PathBuf);

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl<'a> StagedFile<'a> {
    fn new(root: &Path, patch: &'a FilePatch, content: StagedContent) -> Result<Self, WriteError> {
        let io = |error| WriteError::Io { path: patch.path.clone(), error };
        let unkept = |unkept| match unkept {
            CannotReplace::Reason(why) => WriteError::CannotReplace { path: patch.path.clone(), reason: why },
            CannotReplace::Io(error) => io(error),
        };
        let target = resolve_target(root, patch)?;
        check_unchanged(patch, &target)?;
        let is_new = patch.before.is_absent();
        if !is_new {
            file_metadata::check_metadata(&target).map_err(unkept)?;
        }
        file_metadata::check_folder(&target).map_err(unkept)?;
        let (temporary, mut file) = create_temporary(&target).map_err(io)?;
        if !is_new {
            file_metadata::copy_flags(&target, &file).map_err(unkept)?;
        }
        if content == StagedContent::Text {
            file.write_all(patch.after.text().as_bytes()).map_err(io)?;
        }
        if !is_new {
            file_metadata::copy_metadata(&target, &file).map_err(unkept)?;
        }
        if content == StagedContent::Text {
            file.sync_all().map_err(io)?;
        }
        Ok(Self { patch, target, temporary })
    }

    fn replace_target(self) -> Result<(), WriteError> {
        check_unchanged(self.patch, &self.target)?;
        let placed = if self.patch.after.is_absent() {
            std::fs::remove_file(&self.target)
        } else if self.patch.before.is_absent() {
            place_new(&self.temporary.0, &self.target)
        } else {
            std::fs::rename(&self.temporary.0, &self.target)
        };
        placed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::ChangedOnDisk(self.patch.path.clone()),
            _ => WriteError::Io { path: self.patch.path.clone(), error },
        })?;
        sync_folder(self.target.parent());
        Ok(())
    }
}

/// Gives a new file its name, over nothing that has it by now; where a filesystem knows no links, by a rename.
fn place_new(temporary: &Path, target: &Path) -> io::Result<()> {
    match std::fs::hard_link(temporary, target) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => std::fs::rename(temporary, target),
        placed => placed,
    }
}

fn check_unchanged(patch: &FilePatch, target: &Path) -> Result<(), WriteError> {
    match holds_text(target, &patch.before) {
        Ok(true) => Ok(()),
        Ok(false) => Err(WriteError::ChangedOnDisk(patch.path.clone())),
        Err(error) => Err(WriteError::Unreadable { path: patch.path.clone(), error }),
    }
}

/// True where the file is exactly this text, or is not there where the text is absent.
pub(super) fn holds_text(at: &Path, text: &SourceText) -> Result<bool, ReadError> {
    if text.is_absent() {
        return match at.symlink_metadata() {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error.into()),
        };
    }
    let limit = MAX_FILE_BYTES.max(text.text().len() as u64);
    match read_limited(at, limit, |now| now == text.text()) {
        Err(ReadError::TooLarge(..)) if limit > MAX_FILE_BYTES => Ok(false),
        read => read,
    }
}

/// A new file beside the target. The name is always the same, so that what a killed process leaves is found again.
fn create_temporary(target: &Path) -> io::Result<(TemporaryFile, File)> {
    let at = temporary_path(target);
    match std::fs::remove_file(&at) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    // It is read as well: its attributes are.
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, file_metadata::first_mode(target)?);
    let file = options.open(&at)?;
    Ok((TemporaryFile(at), file))
}

pub(super) fn temporary_path(target: &Path) -> PathBuf {
    let hash = stable_hash(target.as_os_str().as_encoded_bytes());
    target.with_file_name(format!(".seaworthy-{hash:016x}.tmp"))
}

/// Puts the new text of a file of a folder in the place of the old one, whole or not at all.
///
/// # Errors
/// When it is no longer what it was, or cannot be replaced.
pub fn rewrite_file(folder: &Path, patch: &FilePatch) -> Result<(), WriteError> {
    replace_all(folder, std::slice::from_ref(patch), &|_| {})
}

/// Writes a new file, and the folders on the way to it, over nothing that is there.
///
/// # Errors
/// When it is there already, or cannot be made.
pub fn create_file(at: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = at.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create_new(at)?.write_all(text.as_bytes())
}

/// Makes a rename durable; where a system cannot, the file is whole all the same.
pub(super) fn sync_folder(folder: Option<&Path>) {
    if let Some(folder) = folder.and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// The file itself, links followed, as long as they stay inside the repository; of one that may not be there, its place.
fn resolve_target(root: &Path, patch: &FilePatch) -> Result<PathBuf, WriteError> {
    let io = |error| WriteError::Io { path: patch.path.clone(), error };
    let root = root.canonicalize().map_err(io)?;
    let at = patch.path.to_absolute(&root);
    let target = match (at.canonicalize(), at.parent(), at.file_name()) {
        (Err(error), ..) if error.kind() == io::ErrorKind::NotFound && at.is_symlink() => {
            let reason = "is a link that leads nowhere";
            return Err(WriteError::CannotReplace { path: patch.path.clone(), reason });
        }
        (Err(error), Some(folder), Some(name))
            if error.kind() == io::ErrorKind::NotFound && patch.makes_or_removes() =>
        {
            folder.canonicalize().map_err(io)?.join(name)
        }
        (target, ..) => target.map_err(io)?,
    };
    if target.starts_with(&root) {
        Ok(target)
    } else {
        Err(WriteError::OutsideRepository(patch.path.clone()))
    }
}
