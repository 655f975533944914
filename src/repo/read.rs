//! Reading one file, within bounds.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::text::Source;

/// A larger file is not audited: no Dockerfile or manifest that people write comes near it.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Why a file's text cannot be had, in words for the screen.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// In bytes: how large it is, and how large it might be.
    #[error("too large: {} MiB, and more than {} MiB is not read", .0 / (1024 * 1024), .1 / (1024 * 1024))]
    TooLarge(u64, u64),
    #[error("not UTF-8 (byte {0}): save it as UTF-8")]
    NotUtf8(usize),
    #[error("no regular file")]
    NotAFile,
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Unreadable {
    /// Whether the file was there but could not be opened at all, rather than read and refused.
    #[must_use]
    pub const fn is_io(&self) -> bool {
        matches!(self, Self::Io(_))
    }
}

/// The text of the file at `path`. Pipes, sockets and devices are refused before they are opened, so that nothing
/// waits on them; a file that grows while it is read is cut off by the limit.
///
/// # Errors
/// When it cannot be opened, is no regular file, is larger than [`MAX_BYTES`], or is not UTF-8.
pub fn read(path: &Path) -> Result<Source, Unreadable> {
    read_with(path, |text| Source::new(text))
}

/// The text of a file of the program's own, which grows with the repository.
///
/// # Errors
/// As [`read`], for a file larger than `limit`.
pub fn read_large(path: &Path, limit: u64) -> Result<String, Unreadable> {
    read_within(path, limit, str::to_owned)
}

/// The same, for what is made of the text: nothing of it is kept beyond that.
///
/// # Errors
/// As [`read`].
pub fn read_with<T>(path: &Path, make: impl FnOnce(&str) -> T) -> Result<T, Unreadable> {
    read_within(path, MAX_BYTES, make)
}

fn read_within<T>(path: &Path, limit: u64, make: impl FnOnce(&str) -> T) -> Result<T, Unreadable> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(Unreadable::NotAFile);
    }
    if about.len() > limit {
        return Err(Unreadable::TooLarge(about.len(), limit));
    }
    BUFFER.with_borrow_mut(|bytes| {
        bytes.clear();
        bytes.shrink_to(KEPT);
        bytes.reserve(usize::try_from(about.len()).unwrap_or_default() + 1);
        File::open(path)?.take(limit + 1).read_to_end(bytes)?;
        if bytes.len() as u64 > limit {
            return Err(Unreadable::TooLarge(bytes.len() as u64, limit));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(make(text)),
            Err(error) => Err(Unreadable::NotUtf8(error.valid_up_to())),
        }
    })
}

/// How much of a buffer stays for the next file.
const KEPT: usize = 256 * 1024;

thread_local! {
    /// What a thread reads into: many files in turn, without room made for each.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
