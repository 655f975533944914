//! Reads a file of the user's own or of the program, within a bound, for the rooms that keep such files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The bytes of the file at `path`, at most `limit` of them.
///
/// # Errors
/// When it cannot be read, is no regular file (a pipe would never end), or is larger.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let reason = format!("too large: more than {} is not read", describe_size(limit));
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(bytes)
}

/// The same as a text.
///
/// # Errors
/// As [`read_bounded`], and when it is not UTF-8.
pub(crate) fn read_bounded_text(path: &Path, limit: u64) -> io::Result<String> {
    let text = String::from_utf8(read_bounded(path, limit)?);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8: save it as UTF-8"))
}

/// A number of bytes for people: `256 KiB`, `8 MiB`.
pub(crate) fn describe_size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        _ if bytes < KIB * KIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => format!("{} MiB", bytes / (KIB * KIB)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_or_no_file_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("config.toml");
        std::fs::write(&at, "x".repeat(1024)).unwrap();
        assert_eq!(read_bounded(&at, 1024).unwrap().len(), 1024);
        let refused = read_bounded(&at, 1023).unwrap_err().to_string();
        assert_eq!(refused, "too large: more than 1023 bytes is not read");
        assert_eq!(read_bounded(folder.path(), 10).unwrap_err().to_string(), "no regular file");
        assert_eq!(describe_size(256 * 1024), "256 KiB");
        assert_eq!(describe_size(48 * 1024 * 1024), "48 MiB");
    }
}
