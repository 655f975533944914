//! Reads the scripts of a build's context that a Dockerfile names, within bounds, for those who follow its start.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::RelPath;
use super::build_context::context_folders;

/// A longer file is no script that starts a program.
const MAX_SCRIPT_BYTES: u64 = 128 * 1024;

/// A script of the build's context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextScript {
    pub path: RelPath,
    pub text: Arc<str>,
}

/// The scripts that a Dockerfile's start was followed through, by their paths in the context; none for those that were
/// looked for and are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextScripts(BTreeMap<String, Option<ContextScript>>);

impl ContextScripts {
    #[must_use]
    pub fn find(&self, source: &str) -> Option<&ContextScript> {
        self.0.get(source)?.as_ref()
    }

    /// True where it was looked for.
    #[must_use]
    pub fn has(&self, source: &str) -> bool {
        self.0.contains_key(source)
    }

    pub fn add(&mut self, source: &str, script: Option<ContextScript>) {
        self.0.insert(source.to_owned(), script);
    }

    /// True where a change of that file may change one of them.
    #[must_use]
    pub fn may_hold(&self, path: &RelPath) -> bool {
        let path = path.as_str();
        self.0.keys().any(|source| path.strip_suffix(source).is_some_and(ends_whole))
    }

    /// The paths in the context that were looked for, with what was there.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&ContextScript>)> {
        self.0.iter().map(|(source, script)| (source.as_str(), script.as_ref()))
    }
}

fn ends_whole(folder: &str) -> bool {
    folder.is_empty() || folder.ends_with('/')
}

/// The folders that may be the context of a build: which it is, only the build command says.
#[derive(Clone, Copy, Debug)]
pub struct ContextFolders<'a> {
    /// The folder that paths are relative to.
    pub root: &'a Path,
    /// Nothing outside of it is read.
    pub repository_root: &'a Path,
    /// The Dockerfile.
    pub dockerfile: &'a Path,
}

impl ContextFolders<'_> {
    /// The script of that path in the context: in the nearest folder at or above the Dockerfile's that holds it.
    #[must_use]
    pub fn read_script(&self, source: &str) -> Option<ContextScript> {
        let stays_within = |part: &str| !matches!(part, ".." | "." | "");
        if !source.split('/').all(stays_within) {
            return None;
        }
        let folders = context_folders(self.repository_root, self.dockerfile);
        let at = folders.map(|folder| folder.join(source)).find(|at| at.is_file())?;
        let real = (at.canonicalize().ok()?, self.repository_root.canonicalize().ok()?);
        if !real.0.starts_with(&real.1) {
            return None;
        }
        let mut text = String::new();
        File::open(&at).ok()?.take(MAX_SCRIPT_BYTES + 1).read_to_string(&mut text).ok()?;
        let is_whole = text.len() as u64 <= MAX_SCRIPT_BYTES;
        Some(ContextScript { path: RelPath::relative_to(self.root, &at)?, text: text.into() })
            .filter(|_| is_whole)
    }
}

/// The script of that path in the context of a Dockerfile, among texts that are no files.
#[must_use]
pub fn find_in_context(
    scripts: &[ContextScript],
    dockerfile: &RelPath,
    source: &str,
) -> Option<ContextScript> {
    let mut folder = dockerfile.folder();
    loop {
        let at = if folder.is_empty() { source.to_owned() } else { format!("{folder}/{source}") };
        if let Some(script) = scripts.iter().find(|script| script.path.as_str() == at) {
            return Some(script.clone());
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}
