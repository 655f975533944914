//! Keeps what the screen shows of charts and overlays beside their files: what is made of them, where that was written,
//! the values in effect.

mod branch_marks;
mod line_origin;
mod rendered_files;
mod rendered_page;
mod secret_lines;
mod unit_choice;
mod values_in_effect;

pub use branch_marks::{BranchResult, PassedLine};
pub use line_origin::{LineOrigin, LineOriginKind};
pub use rendered_page::{RenderedPage, RenderedPart, RenderedRow};
pub use unit_choice::{UnitChoice, name_unit_source};
pub use values_in_effect::ValuesInEffect;
