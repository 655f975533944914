//! Reads which branch is checked out, for the log: from git's own files, without git.

use std::path::{Path, PathBuf};

/// The largest file of git's that is read here, in bytes.
const MAX_BYTES: u64 = 4096;
/// The shown length of a commit.
const COMMIT_LENGTH: usize = 8;

/// The largest list of packed references that is read, in bytes.
const MAX_PACKED_BYTES: u64 = 4 * 1024 * 1024;

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckedOut {
    /// The name of the branch, or the begin of the commit.
    pub name: String,
    /// The whole commit, where it is known.
    commit: Option<String>,
}

impl CheckedOut {
    /// True where files may be others than in the one before: a branch that is made of what is checked out changes none.
    pub(crate) fn is_elsewhere(&self, before: &Self) -> bool {
        self.name != before.name && (self.commit.is_none() || self.commit != before.commit)
    }
}

/// What is checked out at `root`; none without git.
pub(crate) fn read_branch(root: &Path) -> Option<CheckedOut> {
    let folder = git_folder(root)?;
    let head = read_small(&folder.join("HEAD"), MAX_BYTES)?;
    let head = head.trim();
    match head.strip_prefix("ref: ").map(str::trim) {
        Some(reference) => Some(CheckedOut {
            name: reference.trim_start_matches("refs/heads/").to_owned(),
            commit: commit_of(&folder, reference),
        }),
        None => {
            Some(CheckedOut { name: head.get(..COMMIT_LENGTH)?.to_owned(), commit: Some(head.to_owned()) })
        }
    }
}

/// The commit that a reference names, by itself or in the list of those that are packed.
fn commit_of(folder: &Path, reference: &str) -> Option<String> {
    let is_plain = reference.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_plain {
        return None;
    }
    let common = read_small(&folder.join("commondir"), MAX_BYTES);
    let common = common.map_or_else(|| folder.to_path_buf(), |path| folder.join(path.trim()));
    if let Some(own) = read_small(&common.join(reference), MAX_BYTES) {
        return Some(own.trim().to_owned());
    }
    let packed = read_small(&common.join("packed-refs"), MAX_PACKED_BYTES)?;
    let named = packed.lines().filter_map(|line| line.split_once(' '));
    named.filter(|(_, name)| *name == reference).map(|(commit, _)| commit.to_owned()).next()
}

/// The folder in which git keeps what is checked out at `root`; none without git.
pub(super) fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() { Some(git) } else { linked_folder(root, &git) }
}

/// The folder that a worktree's `.git` file names.
fn linked_folder(root: &Path, git: &Path) -> Option<PathBuf> {
    let text = read_small(git, MAX_BYTES)?;
    Some(root.join(text.trim().strip_prefix("gitdir: ")?))
}

fn read_small(path: &Path, limit: u64) -> Option<String> {
    let is_small = path.metadata().is_ok_and(|own| own.is_file() && own.len() <= limit);
    is_small.then(|| std::fs::read_to_string(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_a_commit_and_a_worktree_are_told() {
        let root = tempfile::TempDir::new().expect("it is there");
        let read_branch = |root: &Path| read_branch(root).map(|own| own.name);
        assert_eq!(read_branch(root.path()), None);
        std::fs::create_dir(root.path().join(".git")).expect("it is there");
        let write = |text: &str| std::fs::write(root.path().join(".git/HEAD"), text).expect("it is there");
        write("ref: refs/heads/feature/cart\n");
        assert_eq!(read_branch(root.path()).as_deref(), Some("feature/cart"));
        write("0123456789abcdef0123456789abcdef01234567\n");
        assert_eq!(read_branch(root.path()).as_deref(), Some("01234567"));
        let tree = tempfile::TempDir::new().expect("it is there");
        let link = format!("gitdir: {}\n", root.path().join(".git").display());
        std::fs::write(tree.path().join(".git"), link).expect("it is there");
        assert_eq!(read_branch(tree.path()).as_deref(), Some("01234567"));
    }

    #[test]
    fn a_branch_that_is_made_of_what_is_checked_out_changes_no_file() {
        let root = tempfile::TempDir::new().expect("it is there");
        let git = root.path().join(".git");
        std::fs::create_dir_all(git.join("refs/heads")).expect("it is there");
        let write = |name: &str, text: &str| std::fs::write(git.join(name), text).expect("it is there");
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        write("packed-refs", &format!("# pack-refs with: peeled\n{one} refs/heads/main\n"));
        write("refs/heads/new", &format!("{one}\n"));
        write("refs/heads/other", &format!("{two}\n"));
        let check_out = |head: &str| {
            write("HEAD", head);
            read_branch(root.path()).expect("it is a repository")
        };
        let [main, new, other, unknown] =
            ["main", "new", "other", "unborn"].map(|name| check_out(&format!("ref: refs/heads/{name}\n")));
        assert!(!new.is_elsewhere(&main) && !main.is_elsewhere(&main));
        assert!(other.is_elsewhere(&main) && unknown.is_elsewhere(&main) && unknown.is_elsewhere(&other));
        assert!(!check_out(&one).is_elsewhere(&main));
    }
}
