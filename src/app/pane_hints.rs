//! Lists the actions that the footer names, by the pane that has the keys.

use super::action::Action;
use super::screen_layout::Pane;

/// The actions that the footer names while a pane has the keys, in their order, with a word where it is another than
/// the table's.
#[must_use]
pub const fn pane_hints(pane: Pane) -> &'static [(Action, Option<&'static str>)] {
    match pane {
        Pane::Files => &[
            (Action::Open, Some("its findings")),
            (Action::Fix, Some("fix file")),
            (Action::StageSafe, Some("stage safe")),
            (Action::Undo, None),
            (Action::Filter, None),
            (Action::Walk, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::NextPane, Some("pane")),
            (Action::GoToLinked, None),
            (Action::Edit, None),
            (Action::Quit, None),
        ],
        Pane::Findings => &[
            (Action::Fix, None),
            (Action::Open, Some("open")),
            (Action::Back, Some("what first")),
            (Action::StageSafe, Some("stage safe")),
            (Action::Undo, None),
            (Action::Filter, None),
            (Action::Walk, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Values, None),
            (Action::Diff, None),
            (Action::MinSeverity, None),
            (Action::Group, None),
            (Action::Edit, None),
            (Action::Ignore, None),
            (Action::Quit, None),
        ],
        Pane::Source => &[
            (Action::Fix, None),
            (Action::Open, Some("its rule")),
            (Action::Undo, None),
            (Action::Values, None),
            (Action::Diff, None),
            (Action::GoToLinked, None),
            (Action::Edit, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Rendered, None),
            (Action::Next, Some("next here")),
            (Action::NextInList, Some("next")),
            (Action::Filter, None),
            (Action::Back, Some("back")),
            (Action::Quit, None),
        ],
        Pane::Rule => &[
            (Action::Fix, None),
            (Action::Open, Some("full width")),
            (Action::Undo, None),
            (Action::HalfDown, Some("scroll")),
            (Action::Ignore, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Copy, Some("copy")),
            (Action::Filter, None),
            (Action::Back, Some("back")),
            (Action::Quit, None),
        ],
    }
}

/// The actions that the footer always names, however narrow it is.
pub const LASTING_HINTS: [Action; 4] = [Action::Fix, Action::Open, Action::Palette, Action::Help];
