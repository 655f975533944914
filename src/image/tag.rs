//! What a tag promises: a version, or whatever was published last.

/// The kinds of tag that the rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// `latest`, alone or with a variant behind it.
    Latest,
    /// A name or a major version that moves with each release.
    Moving,
    /// A version, a date, a build or a commit.
    Version,
}

impl TagKind {
    #[must_use]
    pub fn of(_tag: &str) -> Self {
        Self::Version
    }
}
