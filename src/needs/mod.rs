//! Says what a container's program needs to run, each need with its evidence, for the rules and the fixes that change
//! how it runs.

mod command_needs;
mod comment_reasons;
mod dockerfile;
mod image;
mod need_words;
mod observed_needs;
pub mod pod;
mod program_need;
mod written_words;

pub use command_needs::{CommandNeeds, find_command_needs};
pub use dockerfile::{ImageBuild, find_context_scripts, find_image_needs, find_instruction_reasons};
pub use image::{ImageStart, find_known_needs};
pub use need_words::{describe_memory, describe_need};
pub use observed_needs::{ObservedNeed, ObservedNeeds, ObservedNote, ObservedTopic, TriedContainer};
pub use program_need::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
pub use written_words::{DeclaredWrite, written_by_option, written_by_variable};
