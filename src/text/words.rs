//! Many words, looked for in one pass over a text.

use aho_corasick::{AhoCorasick, MatchKind};

/// WordSet of which any may stand in a text.
pub struct WordMatcher(Option<AhoCorasick>);

impl WordMatcher {
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> Self {
        // Only of this kind are many bytes looked at together.
        Self(AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok())
    }

    /// Whether one of them stands in the text.
    #[must_use]
    pub fn any_in(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|words| words.is_match(text))
    }
}
