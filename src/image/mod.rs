//! Container images: references, what is known of well-known ones, and what registries say.

mod base;
mod digest;
mod family;
pub mod host;
pub mod known;
mod names;
mod reference;
pub mod registry;
mod tag;

pub use base::BaseImage;
pub use digest::ImageDigest;
pub use family::{AccountTools, DistroFamily};
pub use known::KnownImage;
pub use reference::{Reference, ReferenceError};
pub use tag::TagKind;
