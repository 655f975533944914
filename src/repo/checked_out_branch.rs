//! Reads which branch is checked out, for the log: from git's own files, without git.

use std::path::{Path, PathBuf};

/// The largest file of git's that is read here, in bytes.
const MAX_BYTES: u64 = 4096;
/// The shown length of a commit.
const COMMIT_LENGTH: usize = 8;

/// The name of the branch that is checked out at `root`, or the begin of the commit; none without git.
pub(crate) fn read_branch(root: &Path) -> Option<String> {
    let head = read_small(&git_folder(root)?.join("HEAD"))?;
    let head = head.trim();
    match head.strip_prefix("ref: ") {
        Some(name) => Some(name.trim().trim_start_matches("refs/heads/").to_owned()),
        None => head.get(..COMMIT_LENGTH).map(str::to_owned),
    }
}

/// The folder in which git keeps what is checked out at `root`; none without git.
pub(super) fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() { Some(git) } else { linked_folder(root, &git) }
}

/// The folder that a worktree's `.git` file names.
fn linked_folder(root: &Path, git: &Path) -> Option<PathBuf> {
    let text = read_small(git)?;
    Some(root.join(text.trim().strip_prefix("gitdir: ")?))
}

fn read_small(path: &Path) -> Option<String> {
    let is_small = path.metadata().is_ok_and(|own| own.is_file() && own.len() <= MAX_BYTES);
    is_small.then(|| std::fs::read_to_string(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_a_commit_and_a_worktree_are_told() {
        let root = tempfile::TempDir::new().expect("it is there");
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
}
