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

pub use base::Base;
pub use digest::Digest;
pub use family::{Dialect, Family};
pub use known::Known;
pub use reference::{ParseError, Reference};
pub use tag::TagKind;
