//! What a rule is: an id, a severity, a theme, a page, and the checks that find it.

use super::{BuildView, ContainerView, DocumentView, Findings, ManifestView, Page, PodView, Repository};
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
    /// Of most of its findings, and its weight in the score; a finding may be milder.
    pub severity: Severity,
    pub theme: Theme,
    /// Whether it comes from the article that the product grew from.
    pub article: bool,
    /// Its page, as Markdown.
    pub text: &'static str,
    pub checks: &'static [Check],
}

/// What a rule looks at. The first two kinds are pure functions of one document; the others see the repository.
#[derive(Clone, Copy)]
pub enum Check {
    /// A Dockerfile.
    Build(fn(&BuildView<'_>, &mut Findings<'_>)),
    /// A pod.
    Pod(fn(&PodView<'_>, &mut Findings<'_>)),
    /// Each container of a pod.
    Container(fn(&ContainerView<'_>, &mut Findings<'_>)),
    /// A manifest's file as a whole. Never part of the score.
    Manifest(fn(&ManifestView<'_>, &mut Findings<'_>)),
    /// A document of a manifest, whatever it holds. Never part of the score.
    Document(fn(&DocumentView<'_>, &mut Findings<'_>)),
    /// A document, among all else that the repository holds. Never part of the score.
    Objects(fn(&DocumentView<'_>, &Repository<'_>, &mut Findings<'_>)),
    /// A pod, among all else that the repository holds.
    Workload(fn(&PodView<'_>, &Repository<'_>, &mut Findings<'_>)),
    /// Each container, among all else that the repository holds.
    ContainerAmong(fn(&ContainerView<'_>, &Repository<'_>, &mut Findings<'_>)),
    /// Each container that is linked to the Dockerfile which builds its image.
    Link(fn(&ContainerView<'_>, &Repository<'_>, &mut Findings<'_>)),
}

impl Check {
    /// Whether the whole repository decides, not one document alone.
    #[must_use]
    pub const fn is_wide(&self) -> bool {
        matches!(self, Self::Objects(_) | Self::Workload(_) | Self::ContainerAmong(_) | Self::Link(_))
    }
}

impl Rule {
    /// What the page says first, under its title.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let second = memchr::memmem::find(self.text.as_bytes(), b"\n## ");
        let head = second.map_or(self.text, |at| &self.text[..at]);
        head.trim().split_once('\n').map_or("", |(_, summary)| summary.trim())
    }

    /// The rule's page, read.
    #[must_use]
    pub fn page(&self) -> Page<'static> {
        Page::read(self.text)
    }
}

/// The text of a rule's page.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rules/", $id, ".md"))
    };
}
pub(super) use page;
