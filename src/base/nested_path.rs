//! Compares paths by their text, for every room that knows where a folder's content lies.

/// True when `path` is `folder` or lies below it. The root's folder is written without its slash.
pub(crate) fn at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The same for paths of a repository, whose root, the empty path, holds them all.
pub(crate) fn in_repository_folder(path: &str, folder: &str) -> bool {
    folder.is_empty() || at_or_below(path, folder)
}

#[cfg(test)]
mod tests {
    use super::{at_or_below, in_repository_folder};

    #[test]
    fn a_folder_holds_itself_and_what_lies_below_and_no_neighbour() {
        assert!(at_or_below("a/b", "a") && at_or_below("a", "a") && at_or_below("/tmp", ""));
        assert!(!at_or_below("ab", "a") && !at_or_below("a", "a/b") && !at_or_below("a", ""));
        assert!(
            in_repository_folder("a/b", "a")
                && in_repository_folder("a", "")
                && !in_repository_folder("ab", "a")
        );
    }
}
