//! From intents to verified edits, written to disk and taken back.

mod plan;

pub use plan::{FilePatch, FindingKey, Plan};
