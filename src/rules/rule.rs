//! What a rule is: an id, a severity, a theme, a page, and the checks that find it.

use super::Page;
use crate::finding::Severity;

/// What a rule is about; findings of an object fold under these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Theme {
    Identity,
    Filesystem,
    Token,
    Resources,
    Image,
    Privileges,
    Build,
    Link,
    File,
}

impl Theme {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Filesystem => "filesystem",
            Self::Token => "token",
            Self::Resources => "resources",
            Self::Image => "image",
            Self::Privileges => "privileges",
            Self::Build => "build",
            Self::Link => "link",
            Self::File => "file",
        }
    }
}

/// One hardening idea, whichever kind of file it shows in.
pub struct Rule {
    /// Names the bad pattern, never the cure; never changes once released.
    pub id: &'static str,
    pub severity: Severity,
    pub theme: Theme,
    /// Whether it comes from the article that the product grew from.
    pub article: bool,
    /// Its page, as Markdown.
    pub text: &'static str,
}

impl Rule {
    /// The rule's page, read.
    #[must_use]
    pub fn page(&self) -> Page<'static> {
        Page::read(self.text)
    }
}
