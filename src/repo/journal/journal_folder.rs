//! Finds the folder of each repository's journal, private to the user.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::base::{create_private_folder, private_file_options, read_bounded_text};
use crate::text::stable_hash;

/// More repositories than these are not remembered: the one that was not written to for longest is forgotten.
const MAX_ROOTS: usize = 200;
/// The file that names the repository of a journal's folder.
const ROOT_FILE: &str = "root";
/// The longest path of a repository, in bytes; systems allow some thousand.
const MAX_ROOT_BYTES: u64 = 64 * 1024;

/// The folder of the repository at `root`, which is canonical.
pub(super) fn journal_folder(root: &Path, state: &Path) -> PathBuf {
    let hash = stable_hash(root.as_os_str().as_encoded_bytes());
    state.join("seaworthy").join(format!("{hash:016x}"))
}

/// Makes the folder where it is not there.
pub(super) fn create_folder(folder: &Path, root: &Path) -> io::Result<()> {
    if folder.join(ROOT_FILE).exists() {
        return Ok(());
    }
    if let Some(all) = folder.parent() {
        create_private_folder(all)?;
        forget_oldest(all);
    }
    create_private_folder(folder)?;
    let mut file = private_file_options().create(true).truncate(true).open(folder.join(ROOT_FILE))?;
    file.write_all(root.as_os_str().as_encoded_bytes())?;
    file.sync_all()
}

/// The repositories that have a journal.
pub(super) fn journal_roots(state: &Path) -> impl Iterator<Item = PathBuf> {
    let folders = std::fs::read_dir(state.join("seaworthy")).into_iter().flatten().flatten();
    folders
        .filter_map(|folder| read_bounded_text(&folder.path().join(ROOT_FILE), MAX_ROOT_BYTES).ok())
        .map(PathBuf::from)
}

/// Makes room for one more journal, unless the oldest is in the middle of something.
fn forget_oldest(all: &Path) {
    let age = |folder: &PathBuf| {
        std::fs::metadata(folder).and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let entries = std::fs::read_dir(all).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    if folders.len() < MAX_ROOTS {
        return;
    }
    folders.sort_by_key(age);
    let under_way = |folder: &Path| {
        super::WriteTransaction::list_in(folder)
            .is_ok_and(|steps| steps.iter().any(super::WriteTransaction::is_open))
    };
    if let Some(oldest) = folders.first().filter(|folder| !under_way(folder)) {
        let _ = std::fs::remove_dir_all(oldest);
    }
}
