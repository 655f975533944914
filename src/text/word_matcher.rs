//! Searches a text for many words in one pass, for rules.

use aho_corasick::{AhoCorasick, MatchKind};

/// Words of which any may stand in a text.
pub struct WordMatcher(Option<AhoCorasick>);

impl WordMatcher {
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> Self {
        // Only this kind examines many bytes together.
        Self(AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok())
    }

    /// True when one of them stands in the text.
    #[must_use]
    pub fn any_in(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|words| words.is_match(text))
    }
}
