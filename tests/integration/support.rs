//! What several tests need: a repository made of small files, and its audit.

use std::path::{Path, PathBuf};

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Finding;
use seaworthy::settings::Settings;
use seaworthy::store::Store;
use tempfile::TempDir;

/// Where the fixtures lie.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// A folder of its own with these files.
pub(crate) fn repository(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let at = root.path().join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
    root
}

/// The audit of all that lies in a folder.
pub(crate) fn audit(root: &Path) -> AuditEngine {
    let root = root.canonicalize().unwrap();
    let mut engine = AuditEngine::new(root.clone(), Settings::default());
    engine.scan(&[root], &|_, _| {});
    engine
}

/// The findings of an audit, kept.
pub(crate) fn store(engine: &AuditEngine) -> Store {
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    store
}

/// Every finding in a folder.
pub(crate) fn findings(root: &Path) -> Vec<Finding> {
    let store = store(&audit(root));
    store.findings().map(|listed| Finding::clone(&listed.finding)).collect()
}

/// Every file and folder directly in a folder, in the order of their names.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
}

/// A fixture laid out in a folder of its own: a file under its own name, a folder with all that it holds.
pub(crate) fn lay_out(fixture: &Path) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    copy(
        fixture,
        &root.path().join(if fixture.is_dir() { "".as_ref() } else { fixture.file_name().unwrap() }),
    );
    root
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in entries(from) {
            copy(&entry, &to.join(entry.file_name().unwrap()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}
