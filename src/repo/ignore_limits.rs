//! Bounds the ignore files that a walk reads: one that cannot be read, or says too much, is found before it is opened.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The names of the files that hide others.
pub(super) const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// The most text in the ignore files of a folder and those above it, in bytes. A walk holds all of them at once, and
/// some hundred times their size in matchers.
const MAX_IGNORE_BYTES: u64 = 512 * 1024;

/// The most patterns in them: each takes up to 20 KiB of memory, and is compared with each path.
const MAX_IGNORE_PATTERNS: u64 = 5_000;

/// The reason why a folder's ignore files are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IgnoreTrouble {
    /// A reader of one may wait for ever: it is a pipe or a device.
    Blocks,
    /// They say too much, so that nothing in the folder is hidden: the largest one, and how much it is.
    TooMuch(OversizeIgnore),
}

/// An ignore file that is not obeyed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OversizeIgnore {
    pub file: PathBuf,
    /// What it has too much of, and what to do, in words for a report.
    pub reason: String,
}

/// How much ignore files say.
#[derive(Clone, Copy, Debug, Default)]
struct IgnoreAmount {
    bytes: u64,
    patterns: u64,
}

impl IgnoreAmount {
    const fn plus(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_add(other.bytes),
            patterns: self.patterns.saturating_add(other.patterns),
        }
    }

    const fn is_too_much(self) -> bool {
        self.bytes > MAX_IGNORE_BYTES || self.patterns > MAX_IGNORE_PATTERNS
    }

    fn describe(self) -> String {
        if self.bytes > MAX_IGNORE_BYTES {
            format!("{} KiB, and more than {} KiB", self.bytes.div_ceil(1024), MAX_IGNORE_BYTES / 1024)
        } else {
            format!("{} patterns, and more than {MAX_IGNORE_PATTERNS}", self.patterns)
        }
    }
}

/// The folders that a walk has looked at so far, each with how much its ignore files say.
#[derive(Debug, Default)]
pub(super) struct IgnoreLimits {
    amounts: Mutex<HashMap<PathBuf, IgnoreAmount>>,
}

impl IgnoreLimits {
    /// The trouble with a folder's ignore files, together with those of the folders above it that were looked at before.
    pub(super) fn find_trouble(&self, folder: &Path) -> Option<IgnoreTrouble> {
        let mut own = IgnoreAmount::default();
        let mut largest: Option<(IgnoreAmount, PathBuf)> = None;
        for name in IGNORE_FILES {
            let file = folder.join(name);
            let Ok(about) = std::fs::metadata(&file) else { continue };
            if about.is_dir() {
                continue;
            }
            if !about.is_file() {
                return Some(IgnoreTrouble::Blocks);
            }
            let amount = IgnoreAmount { bytes: about.len(), patterns: count_patterns(&file, about.len()) };
            own = own.plus(amount);
            if largest.as_ref().is_none_or(|(most, _)| amount.bytes > most.bytes) {
                largest = Some((amount, file));
            }
        }
        let (amount, file) = largest?;
        let mut amounts = self.amounts.lock().ok()?;
        let above = folder.ancestors().skip(1).filter_map(|above| amounts.get(above));
        let whole = above.fold(own, |sum, above| sum.plus(*above));
        if !whole.is_too_much() {
            amounts.insert(folder.to_path_buf(), own);
            return None;
        }
        let size = if amount.is_too_much() {
            amount.describe()
        } else {
            format!("with the ignore files above it {}", whole.describe())
        };
        let reason = format!(
            "an ignore file that is too large to be obeyed ({size} are not read): nothing that it names is hidden. \
             Shorten it, or name folders where it names files"
        );
        Some(IgnoreTrouble::TooMuch(OversizeIgnore { file, reason }))
    }
}

/// The lines of an ignore file that are not blank. One that is too large in bytes is not opened.
fn count_patterns(file: &Path, size: u64) -> u64 {
    if size > MAX_IGNORE_BYTES {
        return 0;
    }
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MAX_IGNORE_BYTES).read_to_end(&mut bytes));
    let lines = bytes.split(|byte| *byte == b'\n');
    let patterns = lines.filter(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"#")).count();
    read.map_or(0, |_| patterns as u64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[test]
    fn what_many_folders_say_together_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let limits = IgnoreLimits::default();
        let mut at = folder.path().to_path_buf();
        let mut refused = Vec::new();
        for depth in 0..8 {
            std::fs::write(at.join(".ignore"), "# c\n\na*b\n".repeat(1_000)).unwrap();
            if limits.find_trouble(&at).is_some() {
                refused.push(depth);
            }
            at = at.join("a");
            std::fs::create_dir(&at).unwrap();
        }
        assert_eq!(refused, [5, 6, 7], "five thousand patterns are the most, comments not among them");
        let beside = folder.path().join("b");
        std::fs::create_dir(&beside).unwrap();
        std::fs::write(beside.join(".gitignore"), "a\n".repeat(4_000)).unwrap();
        assert_eq!(limits.find_trouble(&beside), None, "folders beside it do not count");
    }
}
