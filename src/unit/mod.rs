//! Holds units, what reaches a cluster made of the repository's files, and where each node was written.

mod deployed_unit;
mod node_origin;
mod unit_table;

pub use deployed_unit::{Unit, UnitKey, UnitKind, UnitStatus};
pub use node_origin::{Origin, WrittenAt};
pub use unit_table::{FindingReach, UnitTable};
