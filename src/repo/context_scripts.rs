//! Reads the scripts of a build's context that a Dockerfile names, within bounds, for those who follow its start.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::RelPath;
use super::build_context::context_folders;
use super::real_place::is_really_inside;

/// A longer file is no script that starts a program.
const MAX_SCRIPT_BYTES: u64 = 128 * 1024;

/// The most files of a folder that are listed.
const MAX_LISTED: usize = 400;
/// The most folders below a folder that are looked through for them.
const MAX_LISTED_DEPTH: usize = 6;
/// The end of a path that asks for the files below a folder, one on a line, by their paths from there.
const ALL_BELOW: &str = "/*";

/// A script of the build's context, or the list of a folder's files.
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

    /// True where none was looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True where a change of that file may change one of them.
    #[must_use]
    pub fn may_hold(&self, path: &RelPath) -> bool {
        let path = path.as_str();
        self.0.keys().any(|source| match source.strip_suffix(ALL_BELOW) {
            Some(folder) => format!("/{path}").contains(&format!("/{folder}/")),
            None => path.strip_suffix(source).is_some_and(ends_whole),
        })
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
    /// The script of that path in the context: in the nearest folder at or above the Dockerfile's that holds it. A path
    /// that ends in `/*` asks for the files below a folder.
    #[must_use]
    pub fn read_script(&self, source: &str) -> Option<ContextScript> {
        if let Some(folder) = source.strip_suffix(ALL_BELOW) {
            let at = self.locate(folder, Path::is_dir)?;
            let mut files = Vec::new();
            list_files(&at, "", 0, &mut files);
            let text = files.join("\n").into();
            return Some(ContextScript { path: RelPath::relative_to(self.root, &at)?, text });
        }
        let at = self.locate(source, Path::is_file)?;
        let mut text = String::new();
        File::open(&at).ok()?.take(MAX_SCRIPT_BYTES + 1).read_to_string(&mut text).ok()?;
        let is_whole = text.len() as u64 <= MAX_SCRIPT_BYTES;
        Some(ContextScript { path: RelPath::relative_to(self.root, &at)?, text: text.into() })
            .filter(|_| is_whole)
    }

    /// The place of a path of the context, within the repository.
    fn locate(&self, source: &str, is_there: fn(&Path) -> bool) -> Option<PathBuf> {
        let stays_within = |part: &str| !matches!(part, ".." | "." | "");
        if !source.split('/').all(stays_within) {
            return None;
        }
        let folders = context_folders(self.repository_root, self.dockerfile);
        let at = folders.map(|folder| folder.join(source)).find(|at| is_there(at))?;
        is_really_inside(&at, self.repository_root).then_some(at)
    }
}

/// The files below a folder, in the order of their names; no link is followed.
fn list_files(folder: &Path, above: &str, depth: usize, files: &mut Vec<String>) {
    let Ok(entries) = folder.read_dir() else { return };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (Ok(kind), Some(name)) = (entry.file_type(), entry.file_name().to_str().map(str::to_owned))
        else {
            continue;
        };
        let name = if above.is_empty() { name } else { format!("{above}/{name}") };
        if kind.is_dir() && depth < MAX_LISTED_DEPTH {
            list_files(&entry.path(), &name, depth + 1, files);
        } else if kind.is_file() && files.len() < MAX_LISTED {
            files.push(name);
        }
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
        if let Some(listed) = at.strip_suffix('*') {
            let below = scripts.iter().filter_map(|script| script.path.as_str().strip_prefix(listed));
            let files: Vec<&str> = below.collect();
            if !files.is_empty() {
                return Some(ContextScript { path: at.as_str().into(), text: files.join("\n").into() });
            }
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}
