//! The findings as text, as JSON, as SARIF and as GitHub annotations.

mod counts;
mod github;
mod images;
mod json;
mod list;
mod paint;
mod sarif;
mod secret;
mod snippet;
mod text;

pub use counts::Counts;
pub use github::github;
pub use images::images;
pub use json::{Json, pinned};
pub use paint::Paint;
pub use sarif::{Patches, sarif};
pub use text::Text;
