//! Defines the rows of a stage, its two views, and the counts in its title.

/// How the rows of a stage are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StageView {
    /// What is the same in many places is one row.
    #[default]
    Changes,
    Files,
}

/// A row of a stage, by the numbers of what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageRow {
    Change(usize),
    Place {
        change: usize,
        place: usize,
    },
    File(usize),
    Fix {
        file: usize,
        fix: usize,
    },
    /// The findings that are left out; their reasons stand under it.
    LeftOut,
    LeftReason(usize),
    /// The fixes that would break their programs.
    Breaking,
    BreakingReason(usize),
}

/// What of a stage is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageTotals {
    pub taken_files: usize,
    pub files: usize,
    pub taken_places: usize,
    pub places: usize,
    /// The findings that would be gone.
    pub resolved: usize,
    /// The taken changes whose text was not on the screen whole.
    pub unseen: usize,
}
