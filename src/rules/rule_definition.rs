//! Defines a rule, for the catalogue: its id, severity, theme and page, and the checks that find it.

use super::{
    ContainerView, DockerfileView, DocumentView, FindingCollector, ManifestView, PodView, RuleDecision,
    RulePage,
};
use crate::finding::Severity;
use crate::kubernetes::{DocumentHeader, ManifestDocument};
use crate::project::RepositoryView;

/// The theme of a rule; findings of an object fold under these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleTheme {
    Identity,
    Filesystem,
    Token,
    Resources,
    Image,
    Privileges,
    Network,
    Rbac,
    Build,
    Link,
    File,
}

impl RuleTheme {
    /// All of them, in the order in which findings fold under them.
    pub const ALL: [Self; 11] = [
        Self::Identity,
        Self::Filesystem,
        Self::Token,
        Self::Resources,
        Self::Image,
        Self::Privileges,
        Self::Network,
        Self::Rbac,
        Self::Build,
        Self::Link,
        Self::File,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Filesystem => "filesystem",
            Self::Token => "token",
            Self::Resources => "resources",
            Self::Image => "image",
            Self::Privileges => "privileges",
            Self::Network => "network",
            Self::Rbac => "rbac",
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
    /// The severity of most of its findings, and its weight in the score; a finding may be milder.
    pub severity: Severity,
    pub theme: RuleTheme,
    /// What a person decides who mends its findings.
    pub decision: RuleDecision,
    /// True when it comes from the article that the product grew from.
    pub article: bool,
    /// The objects that it reads. A document that no rule reads is skipped without a full parse.
    pub kinds: RuleKinds,
    /// Its page, as Markdown.
    pub text: &'static str,
    pub checks: &'static [RuleCheck],
}

/// The objects of manifests that a rule reads. Those not declared here never reach its checks.
#[derive(Clone, Copy)]
pub enum RuleKinds {
    /// None: it judges Dockerfiles alone.
    NoObjects,
    /// Every object that holds a pod, whatever its kind.
    Pods,
    /// The objects of these kinds, whatever their group, and pods where it has checks for them.
    Objects(&'static [&'static str]),
    /// Those whose header passes the test.
    ByHeader(fn(&DocumentHeader<'_>) -> bool),
    /// Every document that is read anyway: the rule judges how it is written, not its content.
    EveryDocument,
}

impl RuleKinds {
    /// True when a document holds an object that the rule's checks of documents may see.
    #[must_use]
    pub fn are_in_document(&self, document: &ManifestDocument) -> bool {
        match self {
            Self::NoObjects | Self::Pods => false,
            Self::Objects(kinds) => {
                document.objects.iter().any(|object| kinds.contains(&object.kind.as_str()))
            }
            Self::ByHeader(_) | Self::EveryDocument => true,
        }
    }
}

/// The subject of a rule's check. The first two kinds are pure functions of one document; the others see the
/// repository.
#[derive(Clone, Copy)]
pub enum RuleCheck {
    /// A Dockerfile.
    Dockerfile(fn(&DockerfileView<'_>, &mut FindingCollector<'_>)),
    /// A pod.
    Pod(fn(&PodView<'_>, &mut FindingCollector<'_>)),
    /// Each container of a pod.
    Container(fn(&ContainerView<'_>, &mut FindingCollector<'_>)),
    /// A manifest's file as a whole. Never part of the score.
    Manifest(fn(&ManifestView<'_>, &mut FindingCollector<'_>)),
    /// A document of a manifest, whatever it holds. Never part of the score.
    Document(fn(&DocumentView<'_>, &mut FindingCollector<'_>)),
    /// A document, among all else that the repository holds. Never part of the score.
    RepoDocument(fn(&DocumentView<'_>, &RepositoryView<'_>, &mut FindingCollector<'_>)),
    /// A pod, among all else that the repository holds.
    RepoPod(fn(&PodView<'_>, &RepositoryView<'_>, &mut FindingCollector<'_>)),
    /// Each container, among all else that the repository holds.
    RepoContainer(fn(&ContainerView<'_>, &RepositoryView<'_>, &mut FindingCollector<'_>)),
    /// Each container that is linked to the Dockerfile which builds its image.
    LinkedContainer(fn(&ContainerView<'_>, &RepositoryView<'_>, &mut FindingCollector<'_>)),
}

impl Rule {
    /// The first sentence of the page, under its title.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let second = memchr::memmem::find(self.text.as_bytes(), b"\n## ");
        let head = second.map_or(self.text, |at| &self.text[..at]);
        head.trim().split_once('\n').map_or("", |(_, summary)| summary.trim())
    }

    /// The rule's page, read.
    #[must_use]
    pub fn parse_page(&self) -> RulePage<'static> {
        RulePage::parse_page(self.text)
    }
}

/// The text of a rule's page.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rules/", $id, ".md"))
    };
}
pub(super) use page;
