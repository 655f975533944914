//! The program on a copy of the demo app, in a terminal, with a home folder of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::pty::Pty;

const PROGRAM: &str = env!("CARGO_BIN_EXE_seaworthy");
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/tides");

/// What the tests edit.
pub(crate) const MANIFEST: &str = "deploy.yaml";

pub(crate) struct World {
    /// Holds the repository and, beside it, the home.
    folder: TempDir,
    pub(crate) pty: Pty,
}

impl World {
    pub(crate) fn start(size: (u16, u16)) -> Self {
        Self::with(&[], size)
    }

    /// The app on a copy of the demo to which something was done.
    pub(crate) fn started(size: (u16, u16), prepare: impl FnOnce(&Path)) -> Self {
        let folder = repository();
        let root = folder.path().join("tides");
        prepare(&root);
        let mut world = Self::run(folder, &[root.to_str().unwrap()], &[], size);
        world.pty.patience(Duration::from_secs(120));
        world.pty.shows("watching").shows("Deployment/tides").hides("scanning");
        world
    }

    /// The app, started in a terminal, with these variables besides.
    pub(crate) fn with(variables: &[(&str, &str)], size: (u16, u16)) -> Self {
        let folder = repository();
        let root = folder.path().join("tides");
        let mut world = Self::run(folder, &[root.to_str().unwrap()], variables, size);
        world.pty.shows("watching").shows("Deployment/tides").hides("scanning");
        world
    }

    /// Any of the program's commands.
    pub(crate) fn run(
        folder: TempDir,
        arguments: &[&str],
        variables: &[(&str, &str)],
        size: (u16, u16),
    ) -> Self {
        let pty = start_program(&folder, arguments, variables, size);
        Self { folder, pty }
    }

    /// The app is left, and started again on the same repository.
    pub(crate) fn again(&mut self, size: (u16, u16)) {
        self.pty.send("q").ends();
        let root = self.path("");
        self.pty = start_program(&self.folder, &[root.to_str().unwrap()], &[], size);
        self.pty.shows("watching").hides("scanning");
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("tides").join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Edits a file as an editor does: a new file takes the place of the old one.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{text}");
        let new = self.path("new~");
        std::fs::write(&new, text.replace(from, to)).unwrap();
        std::fs::rename(new, self.path(path)).unwrap();
    }
}

fn start_program(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)], size: (u16, u16)) -> Pty {
    let home = folder.path().join("home");
    let home = home.to_str().unwrap();
    let mut all = vec![("HOME", home), ("XDG_STATE_HOME", home), ("XDG_CONFIG_HOME", home), ("TMPDIR", home)];
    all.extend(variables);
    Pty::start(PROGRAM, arguments, &all, size)
}

/// A copy of the demo app, with a home beside it.
pub(crate) fn repository() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("home")).unwrap();
    copy(Path::new(DEMO), &folder.path().join("tides"));
    folder
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// As the demo app is before anything is fixed.
pub(crate) fn original(path: &str) -> String {
    std::fs::read_to_string(Path::new(DEMO).join(path)).unwrap()
}
