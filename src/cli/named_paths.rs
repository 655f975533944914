//! Resolves the paths that a command is given, and lets none lead a write out of its repository.

use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

use crate::service::workspace;

/// What a command does at the paths that it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathAccess {
    Read,
    /// It may also write there.
    Write,
}

/// The path in full, or an error that says what to do where nothing is there, or where a link leads a write elsewhere.
pub(super) fn resolve_path(path: &Path, access: PathAccess) -> anyhow::Result<PathBuf> {
    match path.metadata() {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            bail!("{} is not there: name a folder or a file that is", path.display());
        }
        Err(error) => return Err(error).with_context(|| format!("{} cannot be reached", path.display())),
        Ok(_) => {}
    }
    if access == PathAccess::Write
        && let Some((link, target)) = find_link_outside(path)
    {
        bail!(
            "{} is a link that leads outside the repository: nothing is written through it; name {} itself",
            link.display(),
            target.display()
        );
    }
    path.canonicalize().with_context(|| format!("{} cannot be reached", path.display()))
}

/// The link on the way of a path that leads out of the repository in which it lies, and its target. Where there is no
/// repository, a file's own folder stands for it, and a folder may lie anywhere: it is the root itself.
fn find_link_outside(path: &Path) -> Option<(PathBuf, PathBuf)> {
    let whole = std::path::absolute(path).ok()?;
    let mut at = PathBuf::new();
    let mut parts = whole.components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(name) = part else {
            if part == Component::ParentDir {
                at.pop();
            } else {
                at.push(part);
            }
            continue;
        };
        let next = at.join(name);
        if !next.is_symlink() {
            at = next;
            continue;
        }
        let target = next.canonicalize().ok()?;
        let is_file = parts.peek().is_none() && !target.is_dir();
        let home = workspace::find_repository(&at).or_else(|| is_file.then(|| at.clone()));
        if home.is_some_and(|home| !target.starts_with(home)) {
            return Some((next, target));
        }
        at = target;
    }
    None
}
