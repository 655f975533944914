//! Tells why a kustomization is not built, in words for its author.

use std::fmt;

/// The reason why a kustomization cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildFault(String);

impl BuildFault {
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0
    }

    /// The same, within what names it.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for BuildFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
