//! Handles the keys of the walk, by its table and by that of the panes.

use super::super::{key_input::KeyInput, panes, trial_input, value_input};
use super::skip_prompt;
use crate::app::action::Action;
use crate::app::app_event::AppEffect;
use crate::app::app_state::AppState;
use crate::app::key_press::KeyPress;
use crate::app::toast::Toast;
use crate::app::walk_action::{WalkAction, find_walk_action};

/// Keys of the walk.
pub(in crate::app::update) fn on_walk_key(
    state: &mut AppState,
    key: KeyPress,
    input: KeyInput,
) -> Vec<AppEffect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if let Some(asking) = walking.prompt.take() {
        return skip_prompt::on_prompt_key(state, key, asking);
    }
    if let Some(effects) = run_program_action(state, input.action) {
        return effects;
    }
    let own = find_walk_action(input.typed_char(), input.action).filter(|_| state.is_in_chapter());
    if let Some(action) = own {
        return answer_walk_action(state, action);
    }
    run_movement(state, input.action).unwrap_or_else(|| answer_unbound(state, key, input.action))
}

/// Does what an action of the panes does in the walk, where it does something.
pub(in crate::app::update) fn run_pane_action(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    run_program_action(state, Some(action)).or_else(|| run_movement(state, Some(action))).unwrap_or_default()
}

/// The actions that are the same in the walk as everywhere.
fn run_program_action(state: &mut AppState, action: Option<Action>) -> Option<Vec<AppEffect>> {
    let action = action?;
    match action {
        Action::Walk => Some(super::leave_walk(state)),
        Action::Quit
        | Action::Suspend
        | Action::Redraw
        | Action::Help
        | Action::Palette
        | Action::Undo
        | Action::UndoList
        | Action::Redo
        | Action::Theme
        | Action::Rescan
        | Action::Pause => Some(panes::apply_action(state, action)),
        _ => None,
    }
}

/// Moves in the chapter or among the apps; none for what does not.
fn run_movement(state: &mut AppState, action: Option<Action>) -> Option<Vec<AppEffect>> {
    if !state.is_in_chapter() {
        return super::choose_app(state, action);
    }
    match action {
        Some(Action::Back) if state.fullscreen.is_some() => Some(super::toggle_change(state)),
        Some(Action::Back) => Some(super::turn_chapter(state, -1)),
        _ => super::scroll_walk(state, action).then(Vec::new),
    }
}

/// Does it, or says why it does nothing here.
fn answer_walk_action(state: &mut AppState, action: WalkAction) -> Vec<AppEffect> {
    match state.find_walk_obstacle(action).filter(|_| !answers_itself(action)) {
        Some(obstacle) => {
            state.toast = Some(Toast::NotHere(obstacle));
            Vec::new()
        }
        None => run_walk_action(state, action),
    }
}

/// True for the actions that say why they do nothing in words of their own, or do something even then.
const fn answers_itself(action: WalkAction) -> bool {
    matches!(action, WalkAction::Write | WalkAction::Values | WalkAction::OpenChange)
}

pub(in crate::app::update) fn run_walk_action(state: &mut AppState, action: WalkAction) -> Vec<AppEffect> {
    match action {
        WalkAction::Write => super::write_chapter_fix(state),
        WalkAction::OpenChange => super::toggle_change(state),
        WalkAction::NextPage => super::show_next_page(state),
        WalkAction::Values => value_input::open_editor(state),
        WalkAction::AskRegistry => super::ask_registry(state),
        WalkAction::Trial => open_app_trial(state),
        WalkAction::SkipChapter => skip_prompt::ask_skip_reason(state),
        WalkAction::NextChapter => super::turn_chapter(state, 1),
        WalkAction::PreviousChapter => super::turn_chapter(state, -1),
        WalkAction::EditLine => super::open_quoted_line(state),
        WalkAction::CopyCheck => super::copy_check(state),
        WalkAction::SaveResults => super::export_results(state, false),
        WalkAction::GoToChapter(at) => super::go_to_chapter(state, at),
    }
}

/// The trial of the app that is walked through.
fn open_app_trial(state: &mut AppState) -> Vec<AppEffect> {
    let Some((path, object)) = state.walked_workload() else { return Vec::new() };
    trial_input::open_trial_of(state, path, object)
}

/// The answer to a key that does nothing in the walk.
fn answer_unbound(state: &mut AppState, key: KeyPress, action: Option<Action>) -> Vec<AppEffect> {
    let keymap = &state.config.keymap;
    // The end of a sequence is no name for it.
    let sequence = action.filter(|action| keymap.action_for(key) != Some(*action));
    let keys = sequence.map_or_else(|| key.to_string(), |action| keymap.keys_as_text(action));
    let help = keymap.keys_as_text(Action::Help);
    state.toast = Some(Toast::Notice(format!("{keys} does nothing in the walk; {help} lists its keys.")));
    Vec::new()
}
