//! Units: what reaches a cluster, made of the repository's files, and where each of their nodes was written.

mod made;
mod origin;
mod table;

pub use made::{Unit, UnitKey, UnitKind, UnitStatus};
pub use origin::{Origin, WrittenAt};
pub use table::{FindingReach, UnitTable};
