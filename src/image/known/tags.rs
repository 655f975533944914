//! Which of an image's tags a row speaks of.

use serde::{Deserialize, Deserializer};

/// A choice of tags. A row without one speaks of all that no earlier row took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TagSelector {
    /// The tag holds one of these words, a version joined to it or not: `alpine` is in `17-alpine3.23`.
    words: &'static [&'static str],
    /// The version that the tag begins with is below this one; a tag without a version is the newest, and is not, and so
    /// is `1` the newest of all that begin with it.
    below: Option<VersionBound>,
}

/// A version: its first number, and its second where that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct VersionBound {
    major: u32,
    minor: Option<u32>,
}

impl TagSelector {
    /// Whether every tag is meant.
    #[must_use]
    pub const fn is_all(self) -> bool {
        self.words.is_empty() && self.below.is_none()
    }

    /// Whether the row speaks of this tag.
    #[must_use]
    pub fn matches(self, tag: &str) -> bool {
        let word = self.words.is_empty() || self.words.iter().any(|word| has_word(tag, word));
        let below = self.below.is_none_or(|bound| {
            VersionBound::read(tag.strip_prefix('v').unwrap_or(tag)).is_some_and(|tag| tag.is_below(bound))
        });
        word && below
    }
}

impl VersionBound {
    /// The version that a text begins with: 17 and 2 of `17.2-bookworm`.
    fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            (text[..end].parse().ok(), end)
        };
        let (major, end) = number(text);
        let minor = text[end..].strip_prefix('.').and_then(|rest| number(rest).0);
        Some(Self { major: major?, minor })
    }

    fn is_below(self, bound: Self) -> bool {
        let minor = || matches!((self.minor, bound.minor), (Some(minor), Some(bound)) if minor < bound);
        self.major < bound.major || (self.major == bound.major && minor())
    }
}

impl Deserialize<'static> for TagSelector {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        /// `{ words = ["alpine"], below = 18 }`, either alone or both.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct SelectorRecord {
            #[serde(default, borrow)]
            words: Vec<&'static str>,
            below: Option<VersionRecord>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum VersionRecord {
            Major(u32),
            Minor(String),
        }
        let SelectorRecord { words, below } = SelectorRecord::deserialize(deserializer)?;
        let below = match below {
            None => None,
            Some(VersionRecord::Major(major)) => Some(VersionBound { major, minor: None }),
            Some(VersionRecord::Minor(text)) => {
                let bound = VersionBound::read(&text).filter(|bound| bound.minor.is_some());
                Some(bound.ok_or_else(|| serde::de::Error::custom("a version is 18 or \"1.11\""))?)
            }
        };
        Ok(Self { words: words.leak(), below })
    }
}

/// Whether one of the tag's words, split at `-` and `_`, is this one, with a version after it or not.
pub(in crate::image) fn has_word(tag: &str, word: &str) -> bool {
    tag.split(['-', '_']).any(|part| {
        part.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    })
}
