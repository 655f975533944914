//! What a person said in a walk, kept for the next one: the reasons of skipped chapters, by app.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use crate::repo::state_home;
use crate::text::stable_hash;
use crate::walkthrough::{AppId, Chapter};

type Skips = BTreeMap<String, BTreeMap<String, String>>;

/// The reasons of one repository: a small file in the user's folder for state.
pub(super) struct Kept {
    path: PathBuf,
    /// By app and by chapter, each under its name.
    skips: Skips,
}

impl Kept {
    /// Those of the repository at `root`; none where they cannot be read.
    pub(super) fn open(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let hash = stable_hash(root.as_os_str().as_encoded_bytes());
        let path = state_home().join("seaworthy").join(format!("walk-{hash:016x}.json"));
        let skips = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { path, skips: skips.unwrap_or_default() }
    }

    /// The chapters that were skipped, and why.
    pub(super) fn skips(&self, id: &AppId) -> BTreeMap<Chapter, String> {
        let reasons = self.skips.get(&id.to_string());
        let reason = |chapter: Chapter| Some((chapter, reasons?.get(chapter.name())?.clone()));
        Chapter::ALL.into_iter().filter_map(reason).collect()
    }

    /// Keeps a reason; without one, forgets it.
    pub(super) fn skip(&mut self, id: &AppId, chapter: Chapter, reason: Option<String>) -> io::Result<()> {
        let reasons = self.skips.entry(id.to_string()).or_default();
        match reason {
            Some(reason) => drop(reasons.insert(chapter.name().to_owned(), reason)),
            None => drop(reasons.remove(chapter.name())),
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        // Whole or not at all: a program that is killed leaves the old reasons.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &self.skips)?;
        file.persist(&self.path)?;
        Ok(())
    }
}
