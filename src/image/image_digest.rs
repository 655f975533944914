//! Reads the digest of a reference, and checks that it names one content for ever.

use std::fmt;

/// `algorithm:encoded`, borrowed from the reference it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageDigest<'a> {
    text: &'a str,
    colon: usize,
}

impl<'a> ImageDigest<'a> {
    /// Reads the grammar of the OCI image specification (descriptor.md, "Digests"): components of `[a-z0-9]+` joined
    /// by one of `+._-`, a colon, then `[a-zA-Z0-9=_-]+`. None where the text is something else.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (algorithm, encoded) = text.split_once(':')?;
        let component = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let fits = algorithm.split(['+', '.', '_', '-']).all(component)
            && !encoded.is_empty()
            && encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=_-".contains(&byte));
        fits.then_some(Self { text, colon: algorithm.len() })
    }

    #[must_use]
    pub fn algorithm(self) -> &'a str {
        &self.text[..self.colon]
    }

    /// The part after the colon.
    #[must_use]
    pub fn encoded(self) -> &'a str {
        &self.text[self.colon + 1..]
    }

    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.text
    }

    /// True when the algorithm is registered and the rest is as it demands: sha256 and blake3 take 64, sha512 takes 128
    /// lower-case hex digits (OCI image specification, "Registered algorithms"). Anything else pins nothing: no runtime
    /// can check it.
    #[must_use]
    pub fn is_well_formed(self) -> bool {
        let digits = match self.algorithm() {
            "sha256" | "blake3" => 64,
            "sha512" => 128,
            _ => return false,
        };
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        self.encoded().len() == digits && self.encoded().bytes().all(hex)
    }
}

impl fmt::Display for ImageDigest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text)
    }
}
