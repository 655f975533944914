//! The findings as text and as JSON.

mod json;
mod paint;
mod snippet;
mod text;

pub use json::json;
pub use paint::Paint;
pub use text::text;
