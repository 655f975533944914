//! Writing: whole or not at all, never over what was not read, and always to be taken back.

mod history;
mod kill;
mod refusals;

use std::path::Path;

use seaworthy::fix::History;
use seaworthy::repo::{FilePatch, RelPath};
use seaworthy::text::SourceText;
use tempfile::TempDir;

use crate::support::{entries, repository};

/// A repository, and a folder for state that is nobody else's.
struct Desk {
    root: TempDir,
    state: TempDir,
}

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        Self { root: repository(files), state: tempfile::tempdir().unwrap() }
    }

    fn root(&self) -> &Path {
        self.root.path()
    }

    fn history(&self) -> History {
        History::open_in(self.root(), self.state.path())
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Every file in a folder, by name.
    fn names(&self, folder: &str) -> Vec<String> {
        let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        entries(&self.root().join(folder)).iter().map(name).collect()
    }
}

fn patch(path: &str, before: &str, after: &str) -> FilePatch {
    FilePatch { path: RelPath::from(path), before: SourceText::new(before), after: SourceText::new(after) }
}
