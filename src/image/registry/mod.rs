//! Registries: what a tag points to now, asked of the registry that has it. The only room that opens a socket.
//!
//! Of the distribution specification this needs little: a manifest's digest, the list of tags, and the challenges that
//! stand before them. Nothing is asked until somebody calls a method of [`ReferenceResolver`].

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

/// What a registry says of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagResolution {
    /// The digest that the tag points to: of the index, where there is one.
    pub digest: String,
    /// Whether the image is built for one platform only, so that the digest is that platform's.
    pub is_single_platform: bool,
    /// For a tag that moves: tags that name one version and have the same digest now, the newest and most exact first.
    pub tags: Vec<String>,
    /// Why there may be more such tags, where not all could be looked at.
    pub incomplete_reason: Option<String>,
    /// Who was asked besides the registry itself: token services, and where it sent us.
    pub other_hosts: Vec<String>,
    /// When the registry said so; an answer may be some minutes old.
    pub resolved_at: SystemTime,
}

/// What has become of a digest that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestStatus {
    /// Whether the registry still has it.
    pub exists: bool,
    /// The digest that the tag beside it points to now, where that is another one.
    pub moved_to: Option<String>,
    /// Whether the tag beside it is no longer there.
    pub tag_gone: bool,
}

/// Whoever can say what a reference is. Both wait for the network: never call them where keys are read.
pub trait ReferenceResolver: Sync {
    /// What the reference's tag is now.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError>;

    /// Whether the registry still has the digest that the reference names, and whether its tag still points to it.
    ///
    /// # Errors
    /// Why there is no answer, in words; of a reference without a digest, as if the registry had nothing under it.
    fn check_digest(&self, reference: &Reference) -> Result<DigestStatus, RegistryError>;
}

/// Tells what asks to stop: once it is set, nothing more is asked. Its clones are one.
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

/// Who is asked for a registry's images, as people know it: the registry's address, and its token service where that
/// is known before it is asked.
#[must_use]
pub fn registry_addresses(host: &str) -> (&str, Option<&'static str>) {
    match host {
        registry_session::HUB_NAME => (registry_session::HUB_ADDRESS, Some("auth.docker.io")),
        host => (host, None),
    }
}
