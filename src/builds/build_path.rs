//! Resolves the paths of build files to paths of the repository.

use super::unknown_text::{ROOT, has_unknown};
use crate::repo::{RelPath, resolve_within};

/// A path as a build file names it, seen from a folder of the repository; none where it leads out of it, or is not known.
pub(super) fn resolve_path(folder: &str, path: &str) -> Option<String> {
    if has_unknown(path) || path.contains("://") {
        return None;
    }
    match path.strip_prefix(ROOT) {
        Some(rest) => resolve_within("", rest),
        None if path.starts_with(['/', '~']) => None,
        None => resolve_within(folder, path),
    }
}

/// True for a context that is another repository, or an archive on the net.
pub(super) fn is_remote(context: &str) -> bool {
    const STARTS: [&str; 6] = ["http://", "https://", "git://", "ssh://", "git@", "github.com/"];
    !has_unknown(context) && STARTS.iter().any(|start| context.starts_with(start))
}

/// The text of a folder of the repository where a program would see its whole path.
pub(super) fn absolute_text(folder: &str) -> String {
    if folder.is_empty() { ROOT.to_string() } else { format!("{ROOT}/{folder}") }
}

/// A file of a folder.
pub(super) fn file_in(folder: &str, name: &str) -> RelPath {
    if folder.is_empty() { RelPath::from(name) } else { RelPath::from(format!("{folder}/{name}").as_str()) }
}
