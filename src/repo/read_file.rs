//! Reads one file's text for an audit, within bounds.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::base::describe_size;
use crate::text::SourceText;

/// A larger file is not audited: no Dockerfile or manifest that people write comes near it.
pub const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;

/// The reason why a file's text cannot be had, in words for the screen.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// In bytes: how large it is, and how large it might be.
    #[error("too large: {}, and more than {} is not read", describe_size(*.0), describe_size(*.1))]
    TooLarge(u64, u64),
    #[error("not UTF-8 (byte {0}): save it as UTF-8")]
    NotUtf8(usize),
    #[error("no regular file")]
    NotAFile,
    #[error("cannot be read: {0}")]
    Io(std::io::Error),
}

// Its words are in the message, so it is no source beside that: a chain of errors would say them twice.
impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// The text of the file at `path`. Pipes, sockets and devices are refused before they are opened, so that nothing
/// waits on them; a file that grows while it is read is cut off by the limit.
///
/// # Errors
/// When it cannot be opened, is no regular file, is larger than [`MAX_FILE_BYTES`], or is not UTF-8.
pub fn read_source(path: &Path) -> Result<SourceText, ReadError> {
    read_and_map(path, |text| SourceText::new(text))
}

/// The text of a file of the program's own, which grows with the repository.
///
/// # Errors
/// As [`read_source`], for a file larger than `limit`.
pub fn read_large_text(path: &Path, limit: u64) -> Result<String, ReadError> {
    read_limited(path, limit, str::to_owned)
}

/// Does the same for a value made of the text: nothing of the text is stored beyond that.
///
/// # Errors
/// As [`read_source`].
pub fn read_and_map<T>(path: &Path, make: impl FnOnce(&str) -> T) -> Result<T, ReadError> {
    read_limited(path, MAX_FILE_BYTES, make)
}

pub(super) fn read_limited<T>(path: &Path, limit: u64, make: impl FnOnce(&str) -> T) -> Result<T, ReadError> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(ReadError::NotAFile);
    }
    if about.len() > limit {
        return Err(ReadError::TooLarge(about.len(), limit));
    }
    BUFFER.with_borrow_mut(|bytes| {
        bytes.clear();
        bytes.shrink_to(BUFFER_BYTES_BETWEEN_FILES);
        bytes.reserve(usize::try_from(about.len()).unwrap_or_default() + 1);
        File::open(path)?.take(limit + 1).read_to_end(bytes)?;
        if bytes.len() as u64 > limit {
            return Err(ReadError::TooLarge(bytes.len() as u64, limit));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(make(text)),
            Err(error) => Err(ReadError::NotUtf8(error.valid_up_to())),
        }
    })
}

/// The size of a buffer that stays for the next file.
const BUFFER_BYTES_BETWEEN_FILES: usize = 256 * 1024;

thread_local! {
    /// The buffer that a thread reads into: many files in turn, without room made for each.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
