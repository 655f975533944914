//! Writes files and folders that nobody but the user reads: journals, walks, answers of registries, panic reports.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder with those above it, each new one readable by the user alone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The options by which a private file is opened for writing.
#[must_use]
pub(crate) fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Removes a private file; one that is not there is no error.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_private_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a private folder with all that is in it; what is a link is removed itself.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_private_folder(path: &Path) -> io::Result<()> {
    std::fs::remove_dir_all(path)
}

/// Puts a private file in a place, with the folders above it: whole or not at all, so that a program that is killed
/// leaves what was there.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn replace_private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    // A temporary file is the user's alone from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
