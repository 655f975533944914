//! Tells why an action of the walk does nothing here, as things stand in the chapter in view.

use std::sync::Arc;

use super::action::Action;
use super::action_obstacle::ActionObstacle;
use super::app_state::AppState;
use super::walk_action::WalkAction;
use super::walk_screen::WalkScreen;
use crate::repo::RelPath;
use crate::walkthrough::{Chapter, ChapterPage, ChapterStatus};

impl AppState {
    /// Why an action does nothing in the walk; none where it does something.
    #[must_use]
    pub fn find_walk_obstacle(&self, action: WalkAction) -> Option<ActionObstacle> {
        let Some(walking) = &self.walk else { return Some(ActionObstacle::NoChapter) };
        let Some(page) = walking.current_page() else { return Some(ActionObstacle::NoChapter) };
        let when = |is_so: bool, obstacle| is_so.then_some(obstacle);
        match action {
            WalkAction::Write => when(
                page.status != ChapterStatus::ToDo || walking.written_change().is_some(),
                ActionObstacle::NothingToWrite,
            ),
            WalkAction::OpenChange | WalkAction::NextPage => {
                when(self.preview.writable_plan().is_none(), ActionObstacle::NoChange)
            }
            WalkAction::Values => self.find_obstacle(Action::Values),
            WalkAction::AskRegistry => {
                let asks = page.chapter == Chapter::Image && !page.finding_keys.is_empty();
                when(!asks, ActionObstacle::NothingToAsk)
            }
            WalkAction::SkipChapter => {
                when(page.status != ChapterStatus::ToDo, ActionObstacle::NothingToSkip)
            }
            WalkAction::NextChapter => {
                let is_last = walking.chapter_index + 1 == Chapter::ALL.len();
                when(is_last && walking.next_app().is_none(), ActionObstacle::LastChapter)
            }
            WalkAction::Trial => when(self.walked_workload().is_none(), ActionObstacle::NoWorkload),
            WalkAction::EditLine => when(page.quotes.is_empty(), ActionObstacle::NoCitedLine),
            WalkAction::CopyCheck => when(!has_check(page), ActionObstacle::NoCheck),
            WalkAction::SaveResults => when(walking.initial.is_none(), ActionObstacle::NoChapter),
            WalkAction::GoToChapter(_) | WalkAction::PreviousChapter => None,
        }
    }

    /// The workload of the app that is walked through: its file and `Kind/name`.
    pub(super) fn walked_workload(&self) -> Option<(RelPath, Arc<str>)> {
        self.walk.as_ref()?.id.as_ref()?.workload.clone()
    }

    /// True while an app is chosen in the walk, so that its chapters have the keys.
    #[must_use]
    pub fn is_in_chapter(&self) -> bool {
        self.walk.as_ref().is_some_and(|walking: &WalkScreen| walking.id.is_some())
    }
}

/// True where the chapter has something to copy.
const fn has_check(page: &ChapterPage) -> bool {
    matches!(page.chapter, Chapter::Results) || !page.check.command.is_empty()
}

/// True for the actions of the panes that the walk leaves as they are.
pub(super) const fn is_for_walk(action: Action) -> bool {
    action.scrolls_page()
        || matches!(
            action,
            Action::Back
                | Action::Walk
                | Action::Help
                | Action::Palette
                | Action::Values
                | Action::Theme
                | Action::Undo
                | Action::UndoList
                | Action::Redo
                | Action::Redraw
                | Action::Suspend
                | Action::Quit
                | Action::Pause
                | Action::Rescan
        )
}
