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

pub use counts::ReportCounts;
pub use github::render_github;
pub use images::render_pinned_images;
pub use json::{JsonReport, pinned_images_json};
pub use paint::TextPaint;
pub use sarif::{PatchesByFinding, write_sarif};
pub use text::TextReport;
