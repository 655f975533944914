//! Writes the findings as text, JSON, SARIF and GitHub annotations, for commands.

mod finding_pages;
mod github_annotations;
mod json_list;
mod json_report;
mod link_json;
mod link_lines;
mod pinned_images_report;
mod report_counts;
mod sarif;
mod secret_values;
mod snippet;
mod text_paint;
mod text_report;

pub use github_annotations::{AnnotationStyle, VisitStores, write_github};
pub use json_report::{JsonReport, ReportedFiles, pinned_images_json};
pub use pinned_images_report::render_pinned_images;
pub use report_counts::ReportCounts;
pub use sarif::{LogFixes, LoggedFile, LoggedFixes, PatchesByFinding, write_sarif};
pub use text_paint::TextPaint;
pub use text_report::bar_line;
pub use text_report::{ReportSurroundings, TextReport, TextStyle};
