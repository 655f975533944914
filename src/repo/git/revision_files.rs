//! Holds the files of a revision by the names of their contents, for telling which files are others now.

use std::collections::HashMap;
use std::path::Path;

use super::git_command::{GitError, run_git};
use super::object_name::{ObjectName, is_named, parse_object_name};
use crate::repo::RelPath;

/// The longest name of a revision, in bytes.
const MAX_REVISION_BYTES: usize = 200;

/// The files of a revision, below the folder that was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionFiles {
    /// The name of the revision's tree: another one, and the files may be others.
    tree: String,
    files: HashMap<RelPath, ObjectName>,
}

/// True for what may be handed to git as a revision: a branch, a tag, a commit, `HEAD~3`, `main@{1}`; no option, no
/// range, no path.
#[must_use]
pub fn is_plain_revision(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/~^@{}+#=".contains(c);
    (1..=MAX_REVISION_BYTES).contains(&text.len())
        && !text.starts_with('-')
        && !text.contains("..")
        && text.chars().all(is_plain)
}

impl RevisionFiles {
    /// Reads the files of a revision below a folder; none where they are those that are known already.
    ///
    /// # Errors
    /// Where git is not there, does not know the revision, or does not answer in time.
    pub fn read(folder: &Path, revision: &str, known: Option<&Self>) -> Result<Option<Self>, GitError> {
        let unknown = || GitError::UnknownRevision(revision.to_owned());
        if !is_plain_revision(revision) {
            return Err(unknown());
        }
        let absolute = std::path::absolute(folder).map_err(|_| GitError::NoAnswer)?;
        if !absolute.ancestors().any(|folder| folder.join(".git").exists()) {
            return Err(GitError::NoAnswer);
        }
        let named = format!("{revision}^{{tree}}");
        let answer = run_git(folder, &["rev-parse", "--verify", "--quiet", &named]);
        let answer = answer.map_err(|error| if error == GitError::NoAnswer { unknown() } else { error })?;
        let tree = String::from_utf8(answer).map_err(|_| unknown())?.trim().to_owned();
        if parse_object_name(tree.as_bytes()).is_none() {
            return Err(unknown());
        }
        if known.is_some_and(|known| known.tree == tree) {
            return Ok(None);
        }
        let listing = run_git(folder, &["ls-tree", "-r", "-z", &tree])?;
        let files = listing.split(|byte| *byte == 0).filter_map(parse_row).collect();
        Ok(Some(Self { tree, files }))
    }

    /// True where the revision has this text in that file. Line ends may be others, as git writes them on some systems;
    /// of files around the folder nothing is known, and they count as they are.
    #[must_use]
    pub fn holds(&self, path: &RelPath, text: &str) -> bool {
        if path.is_outside() {
            return true;
        }
        let Some(name) = self.files.get(path) else { return false };
        is_named(name, text.as_bytes())
            || (text.contains("\r\n") && is_named(name, text.replace("\r\n", "\n").as_bytes()))
    }
}

/// A row of the listing: `mode type name TAB path`.
fn parse_row(row: &[u8]) -> Option<(RelPath, ObjectName)> {
    let tab = row.iter().position(|byte| *byte == b'\t')?;
    let name = parse_object_name(row[..tab].rsplit(|byte| *byte == b' ').next()?)?;
    let path = std::str::from_utf8(&row[tab + 1..]).ok()?;
    Some((RelPath::from(path), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_a_name_and_never_an_option_or_a_path() {
        for good in
            ["HEAD", "main", "v1.2.0", "feature/cart", "HEAD~3", "main@{1}", "0358b3c7", "a^2", "größe"]
        {
            assert!(is_plain_revision(good), "{good}");
        }
        let long = "a".repeat(201);
        for bad in ["", "-O", "--output=x", "a..b", "HEAD:file", ":/fix", "a b", "a\nb", "$(x)", "a*", &long]
        {
            assert!(!is_plain_revision(bad), "{bad}");
        }
    }

    #[test]
    fn a_row_is_read_whatever_the_name_is() {
        let row = b"100644 blob ce013625030ba8dba906f756967f9e9ca394464a\ta \"b\"\n\tc.yaml";
        assert_eq!(parse_row(row).expect("it is a row").0.as_str(), "a \"b\"\n\tc.yaml");
        assert_eq!(parse_row(b""), None);
    }
}
