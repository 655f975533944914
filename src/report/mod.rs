//! The findings as text, as JSON, as SARIF and as GitHub annotations.

mod github;
mod images;
mod json;
mod paint;
mod sarif;
mod secret;
mod snippet;
mod text;

pub use github::github;
pub use images::images;
pub use json::json;
pub use paint::Paint;
pub use sarif::{Patches, sarif};
pub use text::text;
