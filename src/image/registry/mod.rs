//! Registries: what a tag points to now, asked of the registry that has it. The only room that opens a socket.
//!
//! Of the distribution specification this needs little: a manifest's digest, the list of tags, and the challenges that
//! stand before them. Nothing is asked until somebody calls [`Resolve::resolve`] or [`Registries::standing`].

mod cache;
mod challenge;
mod credentials;
mod error;
mod helper;
mod manifest;
mod many;
mod registries;
mod session;
mod tags;
mod token;
mod url;
mod version;
mod wire;

use std::time::SystemTime;

pub use error::Error;
pub use many::resolve_all;
pub use registries::{Options, Registries};

use super::Reference;

/// What a registry says of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The digest that the tag points to: of the index, where there is one.
    pub digest: String,
    /// Whether the image is built for one platform only, so that the digest is that platform's.
    pub single: bool,
    /// For a tag that moves: tags that name one version and have the same digest now, the newest and most exact first.
    pub tags: Vec<String>,
    /// Who was asked besides the registry itself: token services, and where it sent us.
    pub hosts: Vec<String>,
    /// When the registry said so; an answer may be some minutes old.
    pub at: SystemTime,
}

/// What has become of a digest that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the registry still has it.
    pub exists: bool,
    /// The digest that the tag beside it points to now, where that is another one.
    pub moved_to: Option<String>,
}

/// Whoever can say what a reference is.
pub trait Resolve: Sync {
    /// Waits for the network: never call it where keys are read.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    fn resolve(&self, reference: &Reference) -> Result<Resolution, Error>;
}
