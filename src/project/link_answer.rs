//! Holds what the repository's files say of the image of a container: the Dockerfile that builds it, or why none is named.

use std::fmt;

use crate::repo::RelPath;

/// A Dockerfile that builds a container's image, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLink {
    pub dockerfile: RelPath,
    /// The Dockerfile's path in the repository.
    pub(super) in_repository: RelPath,
    /// The stage that is built; none for the last one.
    pub stage: Option<String>,
    /// What shows it, the weightiest first; never empty.
    pub evidence: Vec<LinkEvidence>,
}

/// A statement by which a link is shown, with its place: `skaffold.yaml:48: skaffold builds it`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkEvidence {
    pub text: &'static str,
    pub path: RelPath,
    pub line: usize,
    /// True where the tool puts the name of what it built in the image's place.
    pub names_image: bool,
}

/// The answer for one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    Linked(ImageLink),
    /// A builder that reads no Dockerfile makes it.
    WithoutDockerfile {
        builder: &'static str,
        evidence: LinkEvidence,
    },
    /// The settings name no Dockerfile, or one that is not there.
    SetOtherwise {
        absent: Option<RelPath>,
        evidence: LinkEvidence,
    },
    /// Several Dockerfiles are as likely.
    Undecided(Vec<ImageLink>),
}

/// The most Dockerfiles that are named where several are as likely.
const MAX_NAMED: usize = 3;

impl LinkAnswer {
    #[must_use]
    pub const fn link(&self) -> Option<&ImageLink> {
        match self {
            Self::Linked(link) => Some(link),
            _ => None,
        }
    }

    /// The link to what a Dockerfile ends as: what is known of an image is known of its last stage.
    pub(super) fn link_to_last_stage(&self) -> Option<&ImageLink> {
        self.link().filter(|link| link.stage.is_none())
    }

    /// The tool that puts the name of what it built in the image's place.
    #[must_use]
    pub fn naming_tool(&self) -> Option<&LinkEvidence> {
        match self {
            Self::Linked(link) => link.evidence.iter().find(|seen| seen.names_image),
            Self::WithoutDockerfile { evidence, .. } => Some(evidence).filter(|seen| seen.names_image),
            Self::SetOtherwise { .. } | Self::Undecided(_) => None,
        }
    }

    /// The reason why no Dockerfile is named, for people.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Linked(_) => None,
            Self::WithoutDockerfile { builder, evidence } => Some(format!(
                "built without a Dockerfile, by {builder} ({}:{})",
                evidence.path, evidence.line
            )),
            Self::SetOtherwise { absent: None, evidence } => {
                Some(format!("no Dockerfile here builds it: {evidence}"))
            }
            Self::SetOtherwise { absent: Some(path), evidence } => {
                Some(format!("{path}, which builds it, is not there: {evidence}"))
            }
            Self::Undecided(candidates) => {
                let named = candidates.iter().take(MAX_NAMED).map(ImageLink::named_with_place);
                let named: Vec<String> = named.collect();
                let more = candidates.len() - named.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                Some(format!("several Dockerfiles are as likely: {}{more}", named.join(", ")))
            }
        }
    }
}

impl ImageLink {
    /// The weightiest evidence in words, for the screen.
    #[must_use]
    pub fn evidence_text(&self) -> String {
        self.evidence.first().map(LinkEvidence::to_string).unwrap_or_default()
    }

    fn named_with_place(&self) -> String {
        let stage = self.stage.as_ref().map(|stage| format!(", stage {stage}")).unwrap_or_default();
        // What speaks for it may stand in itself.
        let seen = self.evidence.first().filter(|seen| seen.path != self.dockerfile);
        let place = seen.map(|seen| format!(" ({}:{})", seen.path, seen.line));
        format!("{}{stage}{}", self.dockerfile, place.unwrap_or_default())
    }
}

impl fmt::Display for LinkEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.text, self.path, self.line)
    }
}
