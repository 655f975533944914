//! Which of an image's tags a row speaks of.

use serde::{Deserialize, Deserializer};

/// A choice of tags. A row without one speaks of all that no earlier row took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TagSelector {
    /// The tag holds one of these words, a version joined to it or not: `alpine` is in `17-alpine3.23`.
    words: &'static [&'static str],
    /// The tag's leading number is below this one; a tag without a number is the newest, and is not.
    below: Option<u32>,
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
        let below = self.below.is_none_or(|bound| major(tag).is_some_and(|major| major < bound));
        word && below
    }
}

impl Deserialize<'static> for TagSelector {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        /// `{ words = ["alpine"], below = 18 }`, either alone or both.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Record {
            #[serde(default, borrow)]
            words: Vec<&'static str>,
            below: Option<u32>,
        }
        let Record { words, below } = Record::deserialize(deserializer)?;
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

/// The number that a tag begins with, `v` before it or not: 17 for `17.2-bookworm`.
fn major(tag: &str) -> Option<u32> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|c: char| !c.is_ascii_digit()).unwrap_or(tag.len());
    tag[..end].parse().ok()
}
