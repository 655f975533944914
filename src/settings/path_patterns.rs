//! Matches paths by patterns as in a `.gitignore` file, for settings.

use std::fmt;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns of paths, in the order in which they were given; a later one may take back an earlier with `!`.
#[derive(Clone)]
pub struct PathPatterns {
    patterns: Vec<String>,
    matcher: Gitignore,
}

impl PathPatterns {
    /// # Errors
    /// Which pattern cannot be read, and why.
    pub fn new(patterns: Vec<String>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in &patterns {
            builder.add_line(None, pattern).map_err(|_| format!("`{pattern}` is no pattern of a path"))?;
        }
        let matcher = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { patterns, matcher })
    }

    /// True when a file, or a folder that it lies in, matches.
    #[must_use]
    pub fn matches_path(&self, path: &str) -> bool {
        !self.patterns.is_empty() && self.matcher.matched_path_or_any_parents(path, false).is_ignore()
    }

    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

impl Default for PathPatterns {
    fn default() -> Self {
        Self { patterns: Vec::new(), matcher: Gitignore::empty() }
    }
}

impl PartialEq for PathPatterns {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for PathPatterns {}

impl fmt::Debug for PathPatterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.patterns.fmt(f)
    }
}
