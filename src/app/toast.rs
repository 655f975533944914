//! A word on what just happened; it goes with the next key.

use super::key_sequence::KeySequence;
use crate::repo::RelPath;

/// What just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    FixWritten {
        title: String,
        files: Vec<RelPath>,
    },
    FixUndone(Vec<RelPath>),
    FixRedone(Vec<RelPath>),
    /// Nothing was written, and why.
    WriteRefused(String),
    /// There is nothing that `f` could write, and why, where that is known.
    NoFix(Option<String>),
    /// The fix is still being made.
    FixPending,
    /// It is done to one finding at a time.
    SelectOne,
    /// The fix was not on the screen; it is now.
    ReviewFirst,
    TextCopied,
    /// No image names a digest that could be checked.
    NoPinnedImages,
    /// What changed while the window was left: how many findings came and went, and the score before and after.
    WhileAway {
        new: usize,
        resolved: usize,
        scores: Option<(u8, u8)>,
    },
    EditorFailed(String),
    ThemeChanged(String),
    /// A line of the user's file is left out, and why; and how many more are.
    ConfigProblem {
        line: usize,
        problem: String,
        more: usize,
    },
    /// No sequence of keys goes like this.
    UnboundSequence(KeySequence),
    /// A sequence was left before it was whole; what was pressed of it.
    SequenceLeft(KeySequence),
    /// What the rest of the program wants known.
    Notice(String),
}

impl Toast {
    /// Whether something was not done.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::WriteRefused(_)
                | Self::NoFix(_)
                | Self::SelectOne
                | Self::UnboundSequence(_)
                | Self::EditorFailed(_)
                | Self::ConfigProblem { .. }
        )
    }
}
