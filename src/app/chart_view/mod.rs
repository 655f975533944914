//! Keeps what the screen shows of a chart beside its files: what they render, where that was written, the values in effect.

mod branch_marks;
mod line_origin;
mod rendered_chart_files;
mod rendered_page;
mod value_set_choice;
mod values_in_effect;

pub use branch_marks::{BranchResult, PassedLine};
pub use line_origin::{LineOrigin, LineOriginKind};
pub use rendered_page::{RenderedPage, RenderedPart, RenderedRow};
pub use value_set_choice::{ValueSetChoice, name_value_set};
pub use values_in_effect::ValuesInEffect;
