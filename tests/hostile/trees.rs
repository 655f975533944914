//! Folders of files, made anew for each test.

use std::path::Path;

use tempfile::TempDir;

/// A folder of that name with these files.
pub(crate) fn of(name: &str, files: &[(&str, String)]) -> Tree {
    let tree = Tree::new(name);
    for (path, text) in files {
        tree.file(path, text);
    }
    tree
}

pub(crate) struct Tree {
    holder: TempDir,
    name: String,
}

impl Tree {
    pub(crate) fn new(name: &str) -> Self {
        let holder = tempfile::tempdir().unwrap();
        std::fs::create_dir(holder.path().join(name)).unwrap();
        Self { holder, name: name.to_owned() }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.holder.path().join(&self.name)
    }

    /// Beside the tree.
    pub(crate) fn outside(&self) -> &Path {
        self.holder.path()
    }

    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) {
        let at = self.path().join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
}
