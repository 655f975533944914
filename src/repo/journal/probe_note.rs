//! Notes which files are about to be tried for a write, so that what a killed process leaves beside them is found.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::{private_file_options, read_bounded};
use crate::repo::write_files::remove_temporary;
use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;

/// The note's name in the journal's folder; no step has it.
const NOTE_NAME: &str = "probe";
/// The largest note that is read, in bytes.
const MAX_NOTE_BYTES: u64 = 64 * 1024 * 1024;

/// The note, there until it is dropped. It outlives a process that is killed, and no longer than that is it kept.
pub(super) struct ProbeNote(PathBuf);

impl ProbeNote {
    pub(super) fn new(folder: &Path, patches: &[FilePatch]) -> io::Result<Self> {
        let note = Self(folder.join(NOTE_NAME));
        let paths: Vec<&str> = patches.iter().map(|patch| patch.path.as_str()).collect();
        let mut file = private_file_options().create(true).truncate(true).open(&note.0)?;
        file.write_all(&serde_json::to_vec(&paths)?)?;
        Ok(note)
    }
}

impl Drop for ProbeNote {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Removes what a try that was cut short has left; with the journal locked, as nobody else tries then.
pub(super) fn remove_leftovers(root: &Path, folder: &Path) {
    let at = folder.join(NOTE_NAME);
    let Ok(bytes) = read_bounded(&at, MAX_NOTE_BYTES) else { return };
    let paths: Vec<String> = serde_json::from_slice(&bytes).unwrap_or_default();
    for path in paths {
        let (before, after) = (SourceText::absent(), SourceText::new(""));
        remove_temporary(root, &FilePatch { path: RelPath::from(path.as_str()), before, after });
    }
    let _ = std::fs::remove_file(&at);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::repo::Journal;
    use crate::repo::write_files::temporary_path;

    #[test]
    fn what_a_killed_try_leaves_beside_a_file_is_removed_at_the_next_start() {
        let (root, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = root.path().canonicalize().unwrap().join("a.yaml");
        std::fs::write(&file, "a: 1\n").unwrap();
        let patch = FilePatch {
            path: RelPath::from("a.yaml"),
            before: SourceText::new("a: 1\n"),
            after: SourceText::new("a: 2\n"),
        };
        let journal = Journal::new(root.path(), state.path());
        assert!(journal.find_refusals(std::slice::from_ref(&patch)).unwrap().is_empty());
        assert!(!journal.folder.join(NOTE_NAME).exists(), "a try that ends takes its note away");
        std::mem::forget(ProbeNote::new(&journal.folder, &[patch]).unwrap());
        std::fs::write(temporary_path(&file), "").unwrap();
        assert!(journal.recover_pending().unwrap().is_empty(), "no write was cut short");
        let left: Vec<_> =
            std::fs::read_dir(root.path()).unwrap().flatten().map(|it| it.file_name()).collect();
        assert_eq!(left, ["a.yaml"]);
        assert!(!journal.folder.join(NOTE_NAME).exists());
    }
}
