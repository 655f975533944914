//! Keeps what a group of a stage would write with all of it taken, and with what is taken of it.

use crate::fix::StagedGroup;

/// A group of files that depend on one another.
#[derive(Clone, Debug, PartialEq)]
pub struct StageGroup {
    /// With everything taken.
    pub full: StagedGroup,
    /// With what is taken, where that is not everything.
    pub(super) parted: Option<StagedGroup>,
    /// True while what is taken is planned anew.
    pub(super) is_pending: bool,
}

impl StageGroup {
    /// What would be written.
    #[must_use]
    pub fn taken(&self) -> &StagedGroup {
        self.parted.as_ref().unwrap_or(&self.full)
    }

    /// What would be written, or what could be.
    #[must_use]
    pub fn side(&self, is_taken: bool) -> &StagedGroup {
        if is_taken { self.taken() } else { &self.full }
    }

    /// True where not everything is taken.
    #[must_use]
    pub const fn is_parted(&self) -> bool {
        self.parted.is_some()
    }
}
