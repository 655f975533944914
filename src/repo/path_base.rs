//! Translates between paths in the repository and paths relative to the folder that is audited.

use std::path::{Path, PathBuf};

use super::RelPath;

/// The place below the repository's root of the folder that paths are relative to. References between files go by their
/// paths in the repository; people are shown the others, which may begin with `../`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathBase {
    /// With a slash after each part; empty where the folder is the repository's root.
    prefix: String,
}

impl PathBase {
    /// The folder that lies `below` the repository's root: the parts of the way down, with a slash after each.
    #[must_use]
    pub fn new(below: &str) -> Self {
        Self { prefix: below.to_owned() }
    }

    /// True when both sorts of paths are the same.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.prefix.is_empty()
    }

    /// The repository's root, where the folder is `root`.
    #[must_use]
    pub fn repository_root(&self, root: &Path) -> PathBuf {
        let depth = self.prefix.split('/').filter(|part| !part.is_empty()).count();
        root.ancestors().nth(depth).unwrap_or(root).to_path_buf()
    }

    /// The path in the repository of a path that people are shown.
    #[must_use]
    pub fn path_in_repository(&self, path: &RelPath) -> RelPath {
        if self.is_root() {
            path.clone()
        } else {
            RelPath::from(self.text_in_repository(path.as_str()).as_str())
        }
    }

    /// The path in the repository as text, for files.
    #[must_use]
    pub fn text_in_repository(&self, path: &str) -> String {
        let mut folders: Vec<&str> = self.prefix.split('/').filter(|part| !part.is_empty()).collect();
        let mut rest = path;
        while let Some(above) = rest.strip_prefix("../").or_else(|| (rest == "..").then_some("")) {
            folders.pop();
            rest = above;
        }
        folders.extend(Some(rest).filter(|rest| !rest.is_empty()));
        folders.join("/")
    }

    /// The path that people are shown of a path in the repository.
    #[must_use]
    pub fn path_for_people(&self, path: &RelPath) -> RelPath {
        if self.is_root() {
            return path.clone();
        }
        if let Some(inside) = path.as_str().strip_prefix(self.prefix.as_str()) {
            return RelPath::from(inside);
        }
        let own: Vec<&str> = self.prefix.split('/').filter(|part| !part.is_empty()).collect();
        let other: Vec<&str> = path.as_str().split('/').filter(|part| !part.is_empty()).collect();
        let shared = own.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let mut parts = vec![".."; own.len() - shared];
        parts.extend(&other[shared..]);
        RelPath::from(parts.join("/").as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_to_the_repository_and_back() {
        let base = PathBase::new("overlays/prod/");
        for (shown, full) in [
            ("patch.yaml", "overlays/prod/patch.yaml"),
            ("../kustomization.yaml", "overlays/kustomization.yaml"),
            ("../../base/deploy.yaml", "base/deploy.yaml"),
            ("../../Dockerfile", "Dockerfile"),
            ("..", "overlays"),
            ("", "overlays/prod"),
        ] {
            let (shown, full) = (RelPath::from(shown), RelPath::from(full));
            assert_eq!(base.path_in_repository(&shown), full);
            if !shown.as_str().is_empty() {
                assert_eq!(base.path_for_people(&full), shown);
            }
        }
        assert_eq!(base.path_for_people(&"overlays/production/x".into()), "../production/x".into());
        assert_eq!(base.repository_root(Path::new("/r/overlays/prod")), Path::new("/r"));
    }

    #[test]
    fn at_the_root_nothing_changes() {
        let base = PathBase::default();
        let path = RelPath::from("a/b");
        assert_eq!((base.path_in_repository(&path), base.path_for_people(&path)), (path.clone(), path));
        assert_eq!(base.repository_root(Path::new("/r")), Path::new("/r"));
    }
}
