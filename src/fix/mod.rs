//! From intents to verified edits, written to disk and taken back.

mod offer;
mod plan;

pub use offer::{Offer, Offers};
pub use plan::{FilePatch, FindingKey, Plan};
