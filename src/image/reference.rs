//! Reads image references: registry, repository, tag and digest, each with its place in the text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::image_digest::ImageDigest;
use crate::text::Span;

/// The registry of names without one.
const DOCKER_HUB: &str = "docker.io";
/// Docker Hub's name of old, which every tool still reads as Docker Hub.
const OLD_DOCKER_HUB: &str = "index.docker.io";
/// The folder of Docker Hub's official images.
const OFFICIAL_FOLDER: &str = "library/";
/// The longest repository, and the longest tag, in bytes (distribution/reference, and the distribution specification).
const MAX_REPOSITORY_BYTES: usize = 255;
const MAX_TAG_BYTES: usize = 128;

/// The reason why a text is no image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("an image reference cannot be empty")]
    Empty,
    #[error("64 hex digits name an image's id, not a repository")]
    ImageId,
    #[error("a registry is a host name, with a port if need be")]
    Registry,
    #[error("a repository must be in lower case")]
    UpperCase,
    #[error("a repository is made of a-z, 0-9 and single separators (`.`, `_`, `__`, `-`) between them")]
    Repository,
    #[error("a repository has at most 255 characters")]
    TooLong,
    #[error("a tag is at most 128 of A-Z, a-z, 0-9, `_`, `.` and `-`, and begins with no `.` or `-`")]
    Tag,
    #[error("a digest is an algorithm, a colon and the encoded hash")]
    Digest,
}

/// An image reference as a file has it: `[registry/]repository[:tag][@digest]`.
///
/// The grammar is that of `distribution/reference`, with Docker Hub's short names; a digest needs only the grammar of
/// the image specification, so that a rule can still say what is wrong with it ([`ImageDigest::is_well_formed`]).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    text: String,
    registry: Option<Span>,
    repository: Span,
    tag: Option<Span>,
    digest: Option<Span>,
}

impl Reference {
    /// # Errors
    /// Fails where the text breaks the grammar; the error names the part.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        {
            return Err(ReferenceError::ImageId);
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => {
                ImageDigest::parse(digest).ok_or(ReferenceError::Digest)?;
                (rest, Some(Span::new(rest.len() + 1, text.len())))
            }
            None => (text, None),
        };
        let registry = registry_length(rest).map(|length| Span::new(0, length));
        let start = registry.map_or(0, |span| span.end + 1);
        if registry.is_some_and(|span| !is_registry(span.slice(rest))) {
            return Err(ReferenceError::Registry);
        }
        let end = rest[start..].find(':').map_or(rest.len(), |colon| start + colon);
        let tag = (end < rest.len()).then(|| Span::new(end + 1, rest.len()));
        if tag.is_some_and(|span| !is_tag(span.slice(rest))) {
            return Err(ReferenceError::Tag);
        }
        let reference =
            Self { text: text.to_owned(), registry, repository: Span::new(start, end), tag, digest };
        check_repository(reference.repository())?;
        if reference.path().len() > MAX_REPOSITORY_BYTES {
            return Err(ReferenceError::TooLong);
        }
        Ok(reference)
    }

    /// The whole, as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The registry as written, with its port; none where a short name leaves it to Docker Hub.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.map(|span| span.slice(&self.text))
    }

    /// The repository as written, without the registry: `nginx`, `library/nginx`, `team/app/api`.
    #[must_use]
    pub fn repository(&self) -> &str {
        self.repository.slice(&self.text)
    }

    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.map(|span| span.slice(&self.text))
    }

    #[must_use]
    pub fn digest(&self) -> Option<ImageDigest<'_>> {
        ImageDigest::parse(self.digest?.slice(&self.text))
    }

    /// True when a well-formed digest fixes the content, whatever becomes of the tag.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.digest().is_some_and(ImageDigest::is_well_formed)
    }

    /// The spans of the parts in [`Self::text`]: bytes, without the `/`, `:` and `@` between them.
    #[must_use]
    pub const fn registry_span(&self) -> Option<Span> {
        self.registry
    }

    #[must_use]
    pub const fn repository_span(&self) -> Span {
        self.repository
    }

    #[must_use]
    pub const fn tag_span(&self) -> Option<Span> {
        self.tag
    }

    #[must_use]
    pub const fn digest_span(&self) -> Option<Span> {
        self.digest
    }

    /// The end of name and tag: a digest goes here, `@` before it.
    #[must_use]
    pub fn digest_offset(&self) -> usize {
        self.tag.map_or(self.repository.end, |tag| tag.end)
    }

    /// The registry that a runtime uses: `docker.io` where none is written.
    #[must_use]
    pub fn host(&self) -> &str {
        self.registry().filter(|registry| *registry != OLD_DOCKER_HUB).unwrap_or(DOCKER_HUB)
    }

    /// The repository that a runtime requests from that registry: `library/nginx` for `nginx`.
    #[must_use]
    pub fn path(&self) -> Cow<'_, str> {
        let repository = self.repository();
        if self.host() == DOCKER_HUB && !repository.contains('/') {
            Cow::Owned(format!("{OFFICIAL_FOLDER}{repository}"))
        } else {
            Cow::Borrowed(repository)
        }
    }

    /// Registry and repository in full, without tag or digest: `docker.io/library/nginx`. Equal for two references
    /// exactly when they name the same repository.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.host(), self.path())
    }

    /// Registry and repository as people write them, without tag or digest: `nginx` for `docker.io/library/nginx`.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        if self.host() != DOCKER_HUB {
            return self.name();
        }
        let path = self.path();
        let official = path.strip_prefix(OFFICIAL_FOLDER).filter(|rest| !rest.contains('/'));
        let short = official.unwrap_or(&path);
        // `docker.io/localhost/app` has no short name: without its registry it would name another.
        if registry_length(short).is_some() { self.name() } else { short.to_owned() }
    }

    /// Registry and repository as they are written here, without tag or digest.
    #[must_use]
    pub fn written_name(&self) -> &str {
        &self.text[..self.repository.end]
    }

    /// The same reference with this digest, the tag kept and an old digest replaced.
    #[must_use]
    pub fn with_digest(&self, digest: &str) -> String {
        format!("{}@{digest}", &self.text[..self.digest_offset()])
    }

    /// The same repository with this tag, and neither the old tag nor its digest.
    #[must_use]
    pub fn with_tag(&self, tag: &str) -> String {
        format!("{}:{tag}", &self.text[..self.repository.end])
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        Self::parse(text)
    }
}

/// The length of the registry in bytes. The first component is one when it holds a dot or a colon, is `localhost`, or
/// has an upper-case letter (no repository has one); a name of one component never has a registry.
fn registry_length(name: &str) -> Option<usize> {
    let (first, _) = name.split_once('/')?;
    let is_registry = first == "localhost"
        || first.contains(['.', ':'])
        || first.bytes().any(|byte| byte.is_ascii_uppercase());
    is_registry.then_some(first.len())
}

/// A host name, an IPv4 address or an IPv6 address in brackets, and a port.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    }
    host.split('.').all(|label| {
        let edges = [label.bytes().next(), label.bytes().next_back()];
        edges.into_iter().all(|edge| edge.is_some_and(|byte| byte.is_ascii_alphanumeric()))
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn check_repository(path: &str) -> Result<(), ReferenceError> {
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(ReferenceError::UpperCase);
    }
    if path.split('/').all(is_component) { Ok(()) } else { Err(ReferenceError::Repository) }
}

/// Runs of letters and digits, with `.`, `_`, `__` or any number of `-` between two of them.
fn is_component(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let edges = [text.bytes().next(), text.bytes().next_back()];
    edges.into_iter().all(|edge| edge.is_some_and(word))
        && text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).all(|separator| {
            matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-')
        })
}

/// True for a text that may stand where a tag does.
pub(super) fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= MAX_TAG_BYTES
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}
