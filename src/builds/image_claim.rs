//! Holds what a build file says of an image: its name, and the Dockerfile and stage it is built from.

use std::sync::Arc;

use super::build_argument::BuildArgument;
use super::unknown_text::{UNKNOWN, UNKNOWN_PLATFORM, has_unknown};
use crate::repo::RelPath;

/// Stands for a command of the repository's own, of which nothing is known.
pub(super) const OWN_BUILDER: &str = "a builder of its own";

/// The platforms that names of images end with.
const PLATFORMS: [&str; 8] = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "x86_64"];

/// A statement of a build file: this image is built so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageClaim {
    /// None where its name is not known, or the service that it is built for has none.
    pub image: Option<ClaimedImage>,
    pub recipe: BuildRecipe,
    pub tool: BuildTool,
    /// The place of the statement.
    pub path: RelPath,
    pub line: usize,
    /// The service of a compose file that it is built for.
    pub service: Option<String>,
}

/// The image's name in a build file. What only the build knows of it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedImage {
    /// Without tag and digest.
    name: String,
    tag: Option<String>,
}

/// The source that an image is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildRecipe {
    /// A Dockerfile and the stage of it. Each folder in which the build may be started makes a choice of its own: of that the
    /// first path that is there.
    Dockerfile { choices: Vec<Vec<RelPath>>, stage: Option<String>, arguments: Arc<[BuildArgument]> },
    /// A builder that reads no Dockerfile.
    WithoutDockerfile(&'static str),
    /// A source that cannot be told from the files.
    Unknown,
}

/// The tool that a build file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuildTool {
    /// A compose service without an image's name.
    ComposeService,
    AzdService,
    Compose,
    Devspace,
    Skaffold,
    Tilt,
    Script,
    Make,
    Just,
    Task,
    Bake,
    Pipeline,
    CloudBuild,
    Workflow,
    Goreleaser,
}

impl BuildTool {
    /// The weight of its word beside that of another file of the same scope: what releases images counts more than what
    /// only builds them, that more than what builds them for development, and a name that is only a habit least.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Workflow | Self::Goreleaser | Self::CloudBuild | Self::Pipeline | Self::Bake => 5,
            Self::Make | Self::Just | Self::Task | Self::Script => 4,
            Self::Tilt | Self::Skaffold | Self::Devspace | Self::Compose => 3,
            Self::ComposeService | Self::AzdService => 2,
        }
    }

    /// The statement in words, for people.
    #[must_use]
    pub const fn statement(self) -> &'static str {
        match self {
            Self::ComposeService => "a compose service of its name is built from it",
            Self::AzdService => "a service of its name is built from it",
            Self::Compose => "compose builds it",
            Self::Devspace => "devspace builds it",
            Self::Skaffold => "skaffold builds it",
            Self::Tilt => "Tilt builds it",
            Self::Script => "a script builds it",
            Self::Make => "make builds it",
            Self::Just => "just builds it",
            Self::Task => "task builds it",
            Self::Bake => "bake builds it",
            Self::Pipeline => "a pipeline builds it",
            Self::CloudBuild => "Cloud Build builds it",
            Self::Workflow => "a workflow builds it",
            Self::Goreleaser => "GoReleaser builds it",
        }
    }

    /// True where it deploys too, and puts the name of what it built where a manifest names the image: an image with a
    /// digest it leaves alone.
    #[must_use]
    pub const fn names_image(self) -> bool {
        matches!(self, Self::Skaffold | Self::Tilt | Self::Devspace)
    }

    /// True for what is only for development: of several files the nearest speaks for the examples around it.
    #[must_use]
    pub const fn is_for_development(self) -> bool {
        self.rank() <= 3
    }
}

impl BuildRecipe {
    /// A Dockerfile that lies in no folder of the repository.
    pub(super) fn elsewhere() -> Self {
        Self::Dockerfile { choices: Vec::new(), stage: None, arguments: Arc::default() }
    }

    /// The recipe of that one Dockerfile; unknown where its path is.
    pub(super) fn of_path(path: Option<RelPath>, stage: Option<String>) -> Self {
        match path {
            Some(path) if stage.as_deref().is_none_or(|stage| !has_unknown(stage)) => {
                Self::Dockerfile { choices: vec![vec![path]], stage, arguments: Arc::default() }
            }
            _ => Self::Unknown,
        }
    }

    /// The same with what the build is given.
    pub(super) fn with_arguments(mut self, given: Vec<BuildArgument>) -> Self {
        if let Self::Dockerfile { arguments, .. } = &mut self {
            *arguments = given.into();
        }
        self
    }

    #[must_use]
    pub fn arguments(&self) -> &[BuildArgument] {
        match self {
            Self::Dockerfile { arguments, .. } => arguments,
            _ => &[],
        }
    }

    /// The one Dockerfile that it can be, of those that are there.
    pub fn find_dockerfile(&self, is_there: impl Fn(&RelPath) -> bool) -> Option<&RelPath> {
        let Self::Dockerfile { choices, .. } = self else { return None };
        let mut found = choices.iter().filter_map(|paths| paths.iter().find(|path| is_there(path)));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }

    #[must_use]
    pub fn stage(&self) -> Option<&str> {
        match self {
            Self::Dockerfile { stage, .. } => stage.as_deref(),
            _ => None,
        }
    }
}

impl ClaimedImage {
    /// The image as a build file names it; none where not even the last part of its name is known.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['"', '\'']);
        let name = text.split('@').next().unwrap_or_default();
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
            _ => (name, None),
        };
        let platform: [char; 2] = ['-', '_'];
        let name = name.strip_suffix(UNKNOWN_PLATFORM).map_or(name, |name| name.trim_end_matches(platform));
        let image = Self { name: name.to_owned(), tag };
        let last = image.last_part();
        let is_named = !last.is_empty()
            && !has_unknown(last)
            && last.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        is_named.then_some(image)
    }

    /// The same without the platform that its name or tag ends with: `web-amd64`.
    pub(super) fn without_platform(&self) -> Option<Self> {
        let last = self.last_part();
        let short = PLATFORMS.iter().find_map(|platform| last.strip_suffix(platform)?.strip_suffix('-'))?;
        let length = self.name.len() - (last.len() - short.len());
        Some(Self { name: self.name[..length].to_owned(), tag: self.tag.clone() })
    }

    /// The last part of the name. A variable before it is taken for what ends in a slash.
    #[must_use]
    pub fn last_part(&self) -> &str {
        let last = self.name.rsplit('/').next().unwrap_or_default();
        last.rsplit(UNKNOWN).next().filter(|_| !last.ends_with(UNKNOWN)).unwrap_or(last)
    }

    /// What stands before the last part, without a slash: registry and namespace. None where there is nothing.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        let before = self.name.strip_suffix(self.last_part())?.trim_end_matches('/');
        (!before.is_empty()).then_some(before)
    }

    /// True where a part of what stands before the last part is not known.
    #[must_use]
    pub fn has_open_namespace(&self) -> bool {
        self.namespace().is_some_and(has_unknown)
    }

    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }
}
