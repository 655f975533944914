//! The program on the little world: the screen is real, the audit is the tests' own.

use std::path::{Path, PathBuf};

use seaworthy::app::{Config, State};
use seaworthy::terminal::{Options, run};
use tempfile::TempDir;

use crate::fake;
use crate::pty::Pty;

const ROOT: &str = "LITTLE_WORLD";

/// Not a test: the program that the tests start, which is this binary again.
#[test]
#[ignore = "started by the other tests"]
fn little_world() {
    let Some(root) = std::env::var_os(ROOT).map(PathBuf::from) else { return };
    let state = State::new("shop", Config::default(), fake::rules);
    let options = Options { root: root.clone(), theme: None, ascii: false };
    if let Err(error) = run(state, options, |_| fake::Disk::new(root)) {
        eprintln!("{error:#}");
        std::process::exit(2);
    }
    std::process::exit(0);
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) pty: Pty,
}

impl World {
    pub(crate) fn start(size: (u16, u16)) -> Self {
        Self::with(&[], size)
    }

    /// The program, started in a terminal, with these variables besides.
    pub(crate) fn with(variables: &[(&str, &str)], size: (u16, u16)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut all = vec![(ROOT, folder.path().to_str().unwrap())];
        all.extend(variables);
        let program = std::env::current_exe().unwrap();
        let arguments = ["little_world", "--ignored", "--nocapture", "--test-threads=1"];
        let mut pty = Pty::start(program.to_str().unwrap(), &arguments, &all, size);
        pty.shows("Deployment/api").shows("watching");
        Self { folder, pty }
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        Path::new(self.folder.path()).join(path)
    }
}
