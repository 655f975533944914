//! Defines the scopes of a stage, and the findings that one comes to.

use crate::finding::{FindingKey, FixRisk};

/// What a wide fix is about, between one finding and everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StageScope {
    /// The selected findings, where they span files.
    #[default]
    Selected,
    Rule,
    File,
    Folder,
    App,
    Severity,
    /// All fixes that nothing is known against.
    Safe,
    All,
}

impl StageScope {
    /// The most that may be known against what it holds. What will break a program is part of no stage.
    #[must_use]
    pub const fn max_risk(self) -> FixRisk {
        match self {
            Self::Safe => FixRisk::None,
            _ => FixRisk::MayBreak,
        }
    }
}

/// The findings of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopedFindings {
    pub fixable: Vec<FindingKey>,
    /// Those that no stage can fix, with the reason.
    pub others: Vec<(FindingKey, String)>,
}
