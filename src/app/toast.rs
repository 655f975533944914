//! Defines the toasts, which tell the user what just happened, until the next key or for some seconds.

use std::sync::Arc;

use super::action_obstacle::ActionObstacle;
use super::key_sequence::KeySequence;
use crate::finding::Severity;
use crate::repo::RelPath;
use crate::unit::UnitKey;

/// A message on what just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    FixWritten {
        title: String,
        files: Vec<RelPath>,
    },
    FixUndone(Vec<RelPath>),
    FixRedone(Vec<RelPath>),
    /// What was taken back in these files is made again.
    TakeBackUndone(Vec<RelPath>),
    /// The last write stays: this file has changed since.
    UndoRefused(RelPath),
    /// The finding cannot be allowed by a comment; the reason.
    CannotAllow(String),
    /// The finding is allowed already; by what.
    AllowedAlready(String),
    /// A part of a write was taken back in these files; the number of hunks that stay, and why the first does.
    StepTakenBack {
        files: Vec<RelPath>,
        left: usize,
        reason: Option<String>,
    },
    /// Nothing was written; the reason.
    WriteRefused(String),
    /// There is nothing that `f` could write; the reason, where it is known.
    NoFix(Option<String>),
    /// The worst of the findings that are new, and the number of the others.
    NewFinding {
        severity: Severity,
        rule: &'static str,
        /// The path and the line.
        place: String,
        more: usize,
    },
    /// The row was fixed just now; the fix's title.
    AlreadyFixed(String),
    /// What was selected went by itself; the finding that is selected now.
    SelectionGone {
        rule: &'static str,
        place: String,
    },
    /// What speaks against a fix stands in a file that is not shown here.
    EvidenceElsewhere {
        path: RelPath,
        line: usize,
    },
    /// The fix is still being made.
    FixPending,
    /// It is not known yet where the comment goes.
    CommentPending,
    /// The comment has more lines than the screen has room for.
    CommentTooLong,
    /// The registry is asked by another key than the one that opened the question.
    RegistryNotAsked,
    /// The action needs a single finding.
    SelectOne,
    /// Some pages of the fix were not shown yet.
    PagesLeft,
    /// The change was covered when it was to be written: from now on it is in view.
    ChangeInView,
    /// So many changes of a stage were not shown whole.
    ChangesUnseen(usize),
    /// Nothing of a stage is taken.
    NothingTaken,
    TextCopied,
    LookingAgain,
    /// Everything was read again: the files, and the findings that came and went.
    LookedAgain {
        files: usize,
        new: usize,
        resolved: usize,
    },
    /// Changes on disk are not followed any more, or again.
    WatchPaused(bool),
    /// There is nothing that the key could be about.
    NothingSelected,
    /// No finding stands on the line; its number.
    NothingOnLine(usize),
    /// One of several findings on a line is selected: which, of how many, and the line.
    PickedOnLine {
        nth: usize,
        count: usize,
        line: usize,
    },
    /// No image names a digest that could be checked.
    NoPinnedImages,
    /// The changes while the window had no focus: the number of findings that came and went, and the score before and
    /// after.
    WhileAway {
        new: usize,
        resolved: usize,
        scores: Option<(u8, u8)>,
    },
    EditorFailed(String),
    ThemeChanged(String),
    /// A chart is shown with another value set: its name, its number and how many there are.
    UnitChosen {
        unit: Arc<UnitKey>,
        number: usize,
        count: usize,
    },
    /// A line of the user's file is left out; the reason, and the number of other such lines.
    ConfigProblem {
        line: usize,
        problem: String,
        more: usize,
    },
    /// Nothing is bound to these keys; the keys that list all.
    UnboundSequence {
        keys: KeySequence,
        palette: Option<KeySequence>,
    },
    /// The action does nothing here.
    NotHere(ActionObstacle),
    MarkSet {
        letter: char,
        path: RelPath,
        line: usize,
    },
    /// No place is kept under that letter.
    NoMark(char),
    /// A sequence was left before it was whole; what was pressed of it.
    SequenceLeft(KeySequence),
    /// What the rest of the program wants known.
    Notice(String),
}

impl Toast {
    /// True where only a key takes it away: what was not written, or is left out, stands nowhere else.
    #[must_use]
    pub const fn stays(&self) -> bool {
        matches!(
            self,
            Self::WriteRefused(_)
                | Self::UndoRefused(_)
                | Self::CannotAllow(_)
                | Self::EditorFailed(_)
                | Self::ConfigProblem { .. }
        )
    }

    /// True where something was not done.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::WriteRefused(_)
                | Self::UndoRefused(_)
                | Self::CannotAllow(_)
                | Self::AllowedAlready(_)
                | Self::NoFix(_)
                | Self::SelectOne
                | Self::SelectionGone { .. }
                | Self::CommentTooLong
                | Self::RegistryNotAsked
                | Self::UnboundSequence { .. }
                | Self::NotHere(_)
                | Self::NoMark(_)
                | Self::EditorFailed(_)
                | Self::ConfigProblem { .. }
        )
    }
}
