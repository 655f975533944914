//! Asks registries what a tag points to now, for fixes that pin images. The only room that asks beyond this machine.
//!
//! Of the distribution specification this needs little: a manifest's digest, the list of tags, and the challenges that
//! stand before them. No request is sent until somebody calls a method of [`ReferenceResolver`].

mod answer_cache;
mod challenge;
mod credential_helper;
mod docker_credentials;
mod equal_tags;
mod http_client;
mod image_manifest;
mod registry_client;
mod registry_error;
mod registry_session;
mod registry_url;
mod resolve_many;
mod tag_version;
mod token_service;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

pub use answer_cache::is_fresh;
pub use registry_client::{RegistryClient, RegistryOptions};
pub use registry_error::RegistryError;
pub use registry_url::is_loopback;
pub use resolve_many::{check_all_digests, resolve_all};

use super::Reference;

/// A registry's answer about a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagResolution {
    /// The digest that the tag points to: of the index, where there is one.
    pub digest: String,
    /// True when the image is built for one platform only, so that the digest is that platform's.
    pub is_single_platform: bool,
    /// For a tag that moves: tags that name one version and have the same digest now, the newest and most exact first.
    pub tags: Vec<String>,
    /// The reason why there may be more such tags, where not all could be checked.
    pub incomplete_reason: Option<String>,
    /// The hosts that got requests besides the registry itself: token services, and targets of redirects.
    pub other_hosts: Vec<String>,
    /// The time of the registry's answer, which may be some minutes ago.
    pub resolved_at: SystemTime,
}

/// The state of a digest that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestStatus {
    /// True when the registry still has it.
    pub exists: bool,
    /// The digest that the tag beside it points to now, where that is another one.
    pub moved_to: Option<String>,
    /// True when the tag beside it is no longer there.
    pub tag_gone: bool,
}

/// A source of answers about references. Both methods wait for the network: never call them where keys are read.
pub trait ReferenceResolver: Sync {
    /// Resolves the reference's tag.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError>;

    /// Checks that the registry still has the digest that the reference names, and that its tag still points to it.
    ///
    /// # Errors
    /// Why there is no answer, in words; of a reference without a digest, as if the registry had nothing under it.
    fn check_digest(&self, reference: &Reference) -> Result<DigestStatus, RegistryError>;
}

/// A flag that stops a query: once it is set, no more requests are sent. Its clones are one.
#[derive(Clone, Debug, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    pub fn request_cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The hosts that get requests for a registry's images, as people know them: the registry's address, and its token
/// service where that is known beforehand.
#[must_use]
pub fn registry_addresses(host: &str) -> (&str, Option<&'static str>) {
    match host {
        registry_session::HUB_NAME => (registry_session::HUB_ADDRESS, Some("auth.docker.io")),
        host => (host, None),
    }
}
