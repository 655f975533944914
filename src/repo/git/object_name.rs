//! Names a text as git does: by the hash of its bytes, in whichever of git's two ways the repository has.

use ring::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

/// The name of an object in git's store: 20 bytes, or 32 in a repository by SHA-256.
pub(super) type ObjectName = Vec<u8>;

/// Reads a name in hexadecimal digits.
pub(super) fn parse_object_name(digits: &[u8]) -> Option<ObjectName> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks_exact(2);
    let is_whole = pairs.remainder().is_empty() && matches!(digits.len(), 40 | 64);
    let bytes = pairs.map(|pair| Some(value(&pair[0])? * 16 + value(&pair[1])?));
    bytes.collect::<Option<ObjectName>>().filter(|_| is_whole)
}

/// True where the object of that name is this text.
pub(super) fn is_named(name: &ObjectName, text: &[u8]) -> bool {
    let algorithm: &'static Algorithm = if name.len() == 20 { &SHA1_FOR_LEGACY_USE_ONLY } else { &SHA256 };
    let mut hash = Context::new(algorithm);
    hash.update(format!("blob {}\0", text.len()).as_bytes());
    hash.update(text);
    hash.finish().as_ref() == name.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_name_that_git_gives_it() {
        // As `printf 'hello\n' | git hash-object --stdin` says, in both formats.
        let sha1 = parse_object_name(b"ce013625030ba8dba906f756967f9e9ca394464a").expect("it is a name");
        assert!(is_named(&sha1, b"hello\n") && !is_named(&sha1, b"hello"));
        let sha256 = parse_object_name(b"2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4")
            .expect("it is a name");
        assert!(is_named(&sha256, b"hello\n") && !is_named(&sha256, b"hello"));
        assert_eq!(parse_object_name(b"ce0136"), None);
        assert_eq!(parse_object_name(&[b'x'; 40]), None);
    }
}
