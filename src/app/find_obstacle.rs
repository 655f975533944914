//! Tells why an action does nothing here, as things stand on the screen.

use super::action::Action;
use super::action_obstacle::ActionObstacle;
use super::app_state::{AppState, FullscreenView};
use super::file_tree::FileTreeNode;
use super::find_walk_obstacle::is_for_walk;
use super::fix_preview::PreviewState;
use super::screen_layout::Pane;
use super::stage::is_for_stage;
use crate::fix::NoPlan;

impl AppState {
    /// Why an action does nothing here; none where it does something.
    #[must_use]
    pub fn find_obstacle(&self, action: Action) -> Option<ActionObstacle> {
        if self.stage.is_some() {
            return (!is_for_stage(action)).then_some(ActionObstacle::InStage);
        }
        if self.walk.is_some() && self.is_closed_by_walk(action) {
            return Some(ActionObstacle::InWalk);
        }
        if self.shows_pairs()
            && matches!(action, Action::Open | Action::Fix | Action::Pairs | Action::GoToLinked)
        {
            return None;
        }
        let when = |is_so: bool, obstacle| is_so.then_some(obstacle);
        match action {
            Action::Fix | Action::Copy => {
                when(self.iter_selected().next().is_none(), ActionObstacle::NoFinding)
            }
            Action::StageRule | Action::StageApp | Action::StageSeverity => {
                when(self.current_finding().is_none(), ActionObstacle::NoFinding)
            }
            Action::StageFile | Action::PinFile | Action::Edit if self.selects_folder() => {
                Some(ActionObstacle::FolderSelected)
            }
            Action::StageFolder => when(self.folder_in_view().is_none(), ActionObstacle::NoFile),
            Action::StageFile | Action::PinFile => {
                when(self.current_path().is_none(), ActionObstacle::NoFile)
            }
            Action::StageSafe | Action::FixAll | Action::PinAll => {
                when(self.index.entries.is_empty(), ActionObstacle::NoFinding)
            }
            Action::Take | Action::TakeAll | Action::WriteStage => Some(ActionObstacle::NoStage),
            Action::Values => self.find_value_obstacle(),
            Action::KeepValues => Some(ActionObstacle::NoTypedValue),
            Action::Ignore => when(self.current_finding().is_none(), ActionObstacle::NoFinding)
                .or_else(|| when(!self.is_single_finding(), ActionObstacle::SeveralFindings)),
            Action::Edit => when(self.current_path().is_none(), ActionObstacle::NoFile),
            Action::SetMark => when(self.current_path().is_none(), ActionObstacle::NoFile),
            Action::Diff => when(self.current_finding().is_none(), ActionObstacle::NoFinding),
            Action::Next | Action::Previous if self.shows_pairs() => Some(ActionObstacle::ListsCovered),
            Action::Next | Action::Previous => {
                let entries = self.current_path().map(|path| self.index.entries_in(path));
                let is_shown =
                    entries.is_some_and(|entries| entries.iter().any(|entry| self.is_shown(entry)));
                when(!is_shown, ActionObstacle::NoFindingInFile)
            }
            Action::NextInList | Action::PreviousInList => {
                when(self.findings_list.is_empty(), ActionObstacle::NoFinding)
            }
            Action::GoToLinked if self.shows_rendered() => when(
                self.rendered.as_ref().and_then(|page| page.selected_origin(&self.store)).is_none(),
                ActionObstacle::NoOrigin,
            ),
            Action::Rendered | Action::ValueSet => self.find_unit_obstacle(action),
            Action::ChooseLink => when(!self.shows_pairs(), ActionObstacle::NoPairs),
            Action::Pairs | Action::Trial => when(self.pair_subject().is_none(), ActionObstacle::NoWorkload),
            Action::GoToLinked => when(self.linked_file().is_none(), ActionObstacle::NoLinkedFile),
            Action::JumpBack => when(self.places.last_jump().is_none(), ActionObstacle::NoJump),
            Action::NextUnread => {
                let tally = self.index.tally;
                when(tally.partial + tally.skipped == 0, ActionObstacle::NoUnreadFile)
            }
            Action::GoToMark => when(self.places.marks.is_empty(), ActionObstacle::NoMarks),
            Action::MinSeverity
            | Action::Group
            | Action::FoldAll
            | Action::UnfoldAll
            | Action::ToggleFold
                if self.fullscreen.is_some() =>
            {
                Some(ActionObstacle::ListsCovered)
            }
            Action::MinSeverity => when(self.filter.shows_opened_cause(), ActionObstacle::ShownWhole),
            Action::Open if self.covers_panes_with_text() => Some(ActionObstacle::ListsCovered),
            Action::UnfoldAll if self.active_list == Pane::Files && self.folded_folders.is_empty() => {
                Some(ActionObstacle::AllOpen)
            }
            Action::FoldAll | Action::UnfoldAll | Action::ToggleFold => self.find_fold_obstacle(),
            Action::Walk => {
                when(self.store.workloads().next().is_none() && self.is_scanned, ActionObstacle::NoWorkload)
            }
            Action::Order => when(self.index.entries.is_empty(), ActionObstacle::NoFinding),
            Action::Left | Action::Right => when(self.is_in_text(), ActionObstacle::NothingAtSide),
            Action::Back => when(self.has_nothing_open(), ActionObstacle::NothingOpen),
            Action::Open if self.walk.is_some() => None,
            Action::Open => self.find_open_obstacle(),
            _ => None,
        }
    }

    /// True where the key that fixes does something with what is selected: writes it, asks for what it lacks, or stages
    /// it.
    #[must_use]
    pub fn offers_fix(&self) -> bool {
        let is_refused = matches!(
            &self.preview.state,
            PreviewState::Failed(no_plan) if !matches!(no_plan, NoPlan::NeedsValue { .. })
        );
        !is_refused && !self.is_half_saved() && self.iter_selected().any(|entry| entry.safety().is_some())
    }

    /// True where the keys go to the tree of files and a folder is selected: the file in view is another's.
    fn selects_folder(&self) -> bool {
        let is_panes = self.walk.is_none() && self.fullscreen.is_none() && !self.first_screen.is_open;
        let is_folder = matches!(self.selected_path, Some(FileTreeNode::Folder(_)));
        is_panes && is_folder && self.focus == Pane::Files
    }

    /// True for an action that does nothing in the walk. Until an app is chosen, Enter chooses it.
    fn is_closed_by_walk(&self, action: Action) -> bool {
        !is_for_walk(action) && (self.is_in_chapter() || action != Action::Open)
    }

    /// True where the page or the fix has the whole screen, and Enter would do something in a pane under it. The page is
    /// opened and closed by Enter in its own pane.
    fn covers_panes_with_text(&self) -> bool {
        let is_text = matches!(self.fullscreen, Some(FullscreenView::Page | FullscreenView::Diff));
        is_text && self.focus != Pane::Rule && self.walk.is_none()
    }

    /// True where the keys go to lines that wrap, and to no list.
    fn is_in_text(&self) -> bool {
        let is_page = self.fullscreen.is_some() && !self.shows_rendered();
        is_page || self.fullscreen.is_none() && matches!(self.focus, Pane::Source | Pane::Rule)
    }

    /// True where Esc has nothing to close, to clear or to go back from.
    fn has_nothing_open(&self) -> bool {
        let is_list = matches!(self.focus, Pane::Files | Pane::Findings);
        let is_plain = self.fullscreen.is_none() && self.walk.is_none() && !self.first_screen.is_open;
        is_plain && is_list && !self.filter.is_active() && self.mended.is_none()
    }

    /// A chart or overlay has something to show; there may be several value sets or overlays.
    fn find_unit_obstacle(&self, action: Action) -> Option<ActionObstacle> {
        let units = self.current_path().and_then(|path| self.unit_choice.units_of_file(&self.store, path));
        match units {
            None => Some(ActionObstacle::NoUnit),
            Some((units, _)) if action == Action::ValueSet && units.len() < 2 => {
                Some(ActionObstacle::OneUnit)
            }
            Some(_) => None,
        }
    }

    /// Why the fix in view has no values to change.
    fn find_value_obstacle(&self) -> Option<ActionObstacle> {
        let preview = &self.preview;
        let has_values = preview.required_value().is_some()
            || preview.values().is_some_and(|sheet| !sheet.is_empty())
            || preview.state == PreviewState::Pending;
        (!has_values).then_some(ActionObstacle::NoValue)
    }

    fn find_fold_obstacle(&self) -> Option<ActionObstacle> {
        if self.active_list == Pane::Files {
            return self.tree.is_empty().then_some(ActionObstacle::NothingToFold);
        }
        if self.findings_list.rows.is_empty() {
            return Some(ActionObstacle::NothingToFold);
        }
        let is_entry = self.filter.shows_opened_cause();
        let opens_folds =
            if is_entry { ActionObstacle::ShownWhole } else { ActionObstacle::SearchOpensFolds };
        self.filter.is_active().then_some(opens_folds)
    }

    /// Enter goes to what is selected.
    fn find_open_obstacle(&self) -> Option<ActionObstacle> {
        let line = self.source.cursor.row + 1;
        match self.focus {
            Pane::Files => self.selected_path.is_none().then_some(ActionObstacle::NoFile),
            Pane::Findings => self.selected_row().is_none().then_some(ActionObstacle::NoFinding),
            Pane::Source => {
                let on_line = self.current_path().and_then(|path| self.finding_at(path, line));
                on_line.is_none().then_some(ActionObstacle::NoFindingOnLine)
            }
            Pane::Rule => None,
        }
    }
}
