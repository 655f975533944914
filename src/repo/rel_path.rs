//! Describes a file's path within the repository, for every room that names files.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A path relative to the root of the audit, with forward slashes on every system; of a file around it, it begins with
/// `../`. Cheap to clone; ordered as text.
#[derive(Clone, Debug, Eq)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// The relative path of `path` below `root`, when it lies there. What is not UTF-8 in it is replaced for display,
    /// and such a file is never written.
    #[must_use]
    pub fn strip_root(root: &Path, path: &Path) -> Option<Self> {
        let relative = path.strip_prefix(root).ok()?;
        // Mostly it is written as it is shown.
        if let Some(text) = relative.to_str().filter(|text| is_plain(text)) {
            return Some(Self(text.into()));
        }
        let parts: Vec<_> = relative
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy()),
                _ => None,
            })
            .collect();
        Some(Self(parts.join("/").into()))
    }

    /// The same of a path that may lie elsewhere: then it begins with `../`.
    #[must_use]
    pub fn relative_to(root: &Path, path: &Path) -> Option<Self> {
        if let Some(below) = Self::strip_root(root, path) {
            return Some(below);
        }
        let (up, common) = root.ancestors().enumerate().find(|(_, folder)| path.starts_with(folder))?;
        let rest = Self::strip_root(common, path)?;
        let text = format!("{}{rest}", "../".repeat(up));
        Some(Self::from(text.trim_end_matches('/')))
    }

    /// True when it lies outside the folder that it is relative to.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.0.starts_with("../") || &*self.0 == ".."
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The folder it lies in; empty at the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path on disk.
    #[must_use]
    pub fn to_absolute(&self, root: &Path) -> PathBuf {
        let (mut folder, mut rest) = (root, &*self.0);
        while let Some(above) = rest.strip_prefix("../").or_else(|| (rest == "..").then_some("")) {
            folder = folder.parent().unwrap_or(folder);
            rest = above;
        }
        if rest.is_empty() { folder.to_path_buf() } else { folder.join(rest) }
    }
}

// One path is nearly always one allocation, compared with itself for each of a file's findings.
impl PartialEq for RelPath {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Hash for RelPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Ord for RelPath {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for RelPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for RelPath {
    fn from(path: &str) -> Self {
        Self(path.into())
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// True for parts with one slash between two of them, none of which is a step up or none at all.
fn is_plain(path: &str) -> bool {
    std::path::MAIN_SEPARATOR == '/' && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A path relative to a folder, as a path of the repository; none where it leads out of it.
#[must_use]
pub fn resolve_within(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::RelPath;

    #[test]
    fn files_are_named_from_a_folder_wherever_they_lie() {
        let name = |folder: &str, file: &str| {
            let at = |path: &str| Path::new("/").join(path);
            RelPath::relative_to(&at(folder), &at(file)).map_or_else(String::new, |path| path.to_string())
        };
        assert_eq!(name("charts/shop", "deploy/prod.yaml"), "../../deploy/prod.yaml");
        assert_eq!(name("charts/shop", "charts/common.yaml"), "../common.yaml");
        assert_eq!(name("charts/shop", "charts/shop/own.yaml"), "own.yaml");
    }
}
