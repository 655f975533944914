//! Reads image references, for rules and fixes, describes well-known images, and asks registries.

mod base_image;
mod distro_family;
mod family_names;
pub mod host;
mod image_digest;
pub mod known;
mod reference;
pub mod registry;
mod tag_kind;

pub use base_image::BaseImage;
pub use distro_family::{AccountTools, DistroFamily};
pub use image_digest::ImageDigest;
pub use known::KnownImage;
pub use reference::{Reference, ReferenceError};
pub use tag_kind::TagKind;
