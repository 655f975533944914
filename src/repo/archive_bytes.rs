//! Tells by a file's first bytes if a build's ADD may unpack it, as builders do: by content, never by name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The size of a tar header.
const HEADER_BYTES: usize = 512;

/// Where the header holds its own checksum, in octal digits.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// The first bytes of gzip, bzip2, xz and zstd, of which builders take the tar inside.
const COMPRESSED: [&[u8]; 4] = [b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];

/// True for a tar, and for a compressed file, which may hold one.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn is_archive(path: &Path) -> std::io::Result<bool> {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    File::open(path)?.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
    Ok(is_compressed(&header) || is_tar_header(&header))
}

fn is_compressed(bytes: &[u8]) -> bool {
    // zstd may begin with frames that readers skip.
    let skips = bytes.len() >= 4 && bytes[0] & 0xf0 == 0x50 && bytes[1..4] == [0x2a, 0x4d, 0x18];
    skips || COMPRESSED.iter().any(|magic| bytes.starts_with(magic))
}

/// True where the header's checksum holds; older tars have no other mark.
fn is_tar_header(bytes: &[u8]) -> bool {
    let Some(field) = bytes.get(CHECKSUM).filter(|_| bytes.len() == HEADER_BYTES) else { return false };
    let text = String::from_utf8_lossy(field);
    let digits = text.trim_matches(|c: char| c == '\0' || c == ' ');
    let Ok(expected) = i64::from_str_radix(digits, 8) else { return false };
    let sum = |value: fn(u8) -> i64| -> i64 {
        let bytes = bytes.iter().enumerate();
        bytes.map(|(at, byte)| value(if CHECKSUM.contains(&at) { b' ' } else { *byte })).sum()
    };
    let is_blank = bytes.iter().all(|byte| *byte == 0);
    !is_blank && (sum(i64::from) == expected || sum(|byte| i64::from(byte.cast_signed())) == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_header() -> Vec<u8> {
        let mut header = vec![0; HEADER_BYTES];
        header[..1].copy_from_slice(b"a");
        header[100..107].copy_from_slice(b"0000644");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum::<u64>() + 8 * u64::from(b' ');
        header[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        header
    }

    #[test]
    fn a_header_is_a_tar_s_where_its_checksum_holds() {
        let header = tar_header();
        assert!(is_tar_header(&header));
        let mut other = header;
        other[0] = b'b';
        assert!(!is_tar_header(&other));
        assert!(!is_tar_header(&[0; HEADER_BYTES]));
        assert!(!is_tar_header(b"a"));
    }

    #[test]
    fn what_is_compressed_is_known_by_its_first_bytes() {
        for bytes in
            [&b"\x1f\x8b\x08\0"[..], b"BZh91AY", b"\xfd7zXZ\0\0", b"\x28\xb5\x2f\xfd", b"\x5a\x2a\x4d\x18"]
        {
            assert!(is_compressed(bytes), "{bytes:?}");
        }
        for bytes in [&b""[..], b"PK\x03\x04", b"#!/bin/sh", b"BZ"] {
            assert!(!is_compressed(bytes), "{bytes:?}");
        }
    }
}
