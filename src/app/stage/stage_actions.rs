//! Says which actions a stage has, for its keys and for the palette.

use super::super::action::Action;

/// True for what a person can do in a stage.
pub(in crate::app) const fn is_for_stage(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::Top
            | Action::Bottom
            | Action::HalfDown
            | Action::HalfUp
            | Action::Right
            | Action::Left
            | Action::Open
            | Action::NextInList
            | Action::PreviousInList
            | Action::Next
            | Action::Previous
            | Action::Group
            | Action::Filter
            | Action::Take
            | Action::TakeAll
            | Action::Back
            | Action::WriteStage
            | Action::Copy
            | Action::Values
            | Action::Help
            | Action::Palette
            | Action::Redraw
            | Action::Suspend
            | Action::Quit
    )
}
