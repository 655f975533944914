//! Says what a container's program needs to run, each need with its evidence, for the rules and the fixes that change
//! how it runs.

pub mod pod;
mod program_need;

pub use program_need::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
