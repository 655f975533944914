//! A word on what just happened; it goes with the next key.

use crate::repo::RelPath;

/// What just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    Written {
        title: String,
        files: Vec<RelPath>,
    },
    Undone(Vec<RelPath>),
    Redone(Vec<RelPath>),
    /// Nothing was written, and why.
    Refused(String),
    /// There is nothing that `f` could write, and why, where that is known.
    NoFix(Option<String>),
    /// The fix is still being made.
    NotYet,
    /// It is done to one finding at a time.
    OneOnly,
    /// The fix was not on the screen; it is now.
    Look,
    Copied,
    /// No image names a digest that could be checked.
    NothingPinned,
    /// What changed while the window was left: how many findings came and went, and the score before and after.
    Meanwhile {
        new: usize,
        resolved: usize,
        scores: Option<(u8, u8)>,
    },
    NotEdited(String),
    Theme(String),
    /// A line of the user's file is left out, and why; and how many more are.
    Config {
        line: usize,
        what: String,
        more: usize,
    },
    /// What the rest of the program wants known.
    Notice(String),
}

impl Toast {
    /// Whether something was not done.
    #[must_use]
    pub const fn is_bad(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::NoFix(_) | Self::OneOnly | Self::NotEdited(_) | Self::Config { .. }
        )
    }
}
