//! Handles keys while a dialog lies over the panes.

use super::super::action::Action;
use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::{DialogState, FixScope};
use super::super::key_press::{KeyName, KeyPress};
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::key_input::KeyInput;
use super::scroll::scroll_offset;
use super::{
    breaking_dialog, fix_actions, keep_values, key_input, lookup_dialog, palette_input, pin_check_dialog,
    reason_input, text_input, undo_list_input, value_input, watch_news, write_fix,
};

/// Handles a key; one that comes to nothing is answered.
pub(super) fn on_dialog_key(state: &mut AppState, key: KeyPress, input: KeyInput) -> Vec<AppEffect> {
    // A key at the edge of a text has an answer: nothing moves.
    let is_for_text = !matches!(key.code, KeyName::Function(_) | KeyName::Insert)
        && text_input::focused_text(state).is_some();
    if is_for_text || input.action.is_some_and(Action::scrolls_page) {
        return run_dialog_key(state, key, input);
    }
    let before = state.dialog.clone();
    let seen = (state.risk_scroll, state.fullscreen);
    let effects = run_dialog_key(state, key, input);
    let is_quiet = state.toast.is_none() && effects.is_empty();
    if is_quiet && state.dialog == before && seen == (state.risk_scroll, state.fullscreen) {
        state.toast = match input.action {
            Some(_) => Some(Toast::NotHere(ActionObstacle::InDialog)),
            None => key_input::unbound_toast(state, &[key]),
        };
    }
    effects
}

fn run_dialog_key(state: &mut AppState, key: KeyPress, input: KeyInput) -> Vec<AppEffect> {
    match state.dialog.take() {
        Some(DialogState::Help { scroll, filter }) => {
            state.dialog = update_help(state, key, input, scroll, filter);
            Vec::new()
        }
        Some(DialogState::Palette(palette)) => palette_input::on_palette_key(state, key, palette),
        Some(DialogState::ConfirmFix { scope: reach, keys, scroll }) => {
            let at = state.risk_scroll.take();
            if at.is_some() || input.action == Some(Action::Page) {
                let limit = state.scroll_limits.patch;
                state.risk_scroll = match (at, input.action) {
                    (Some(at), action) if action.is_some_and(Action::scrolls_page) => {
                        Some(scroll_offset(at, action, limit))
                    }
                    (Some(_), _) => None,
                    (None, _) => Some(0),
                };
                state.dialog = Some(DialogState::ConfirmFix { scope: reach, keys, scroll });
                return Vec::new();
            }
            let moved = scroll_offset(scroll, input.action, state.scroll_limits.patch);
            state.dialog = Some(DialogState::ConfirmFix { scope: reach, keys, scroll: moved });
            match reach {
                FixScope::Settings => keep_values::answer_keeping(state, input),
                FixScope::Breaking => breaking_dialog::answer_breaking(state, input),
            }
        }
        Some(DialogState::SuppressReason { key: finding, text, place }) => {
            reason_input::edit_reason(state, key, finding, (text, place))
        }
        Some(DialogState::Values(editor)) if input.action == Some(Action::KeepValues) => {
            keep_values::ask_keep(state, editor)
        }
        Some(DialogState::Values(editor)) => value_input::on_value_key(state, key, editor),
        Some(DialogState::ChangeLog { row }) => watch_news::on_log_key(state, input, row),
        Some(DialogState::LinkChoice(choice)) => super::link_dialog::on_link_key(state, input, choice),
        Some(DialogState::UndoList(list)) => undo_list_input::on_undo_list_key(state, input, list),
        Some(DialogState::PinCheck(asked)) => pin_check_dialog::on_pin_check_key(state, asked, input),
        Some(DialogState::Trial(trial)) => super::trial_input::on_trial_key(state, trial, input),
        Some(DialogState::Lookup(asked)) => lookup_dialog::on_lookup_key(state, asked, input),
        None => Vec::new(),
    }
}

/// The help after the key; none where the key closes it.
fn update_help(
    state: &AppState,
    key: KeyPress,
    input: KeyInput,
    scroll: usize,
    filter: Option<TextField>,
) -> Option<DialogState> {
    let action = input.action;
    let mut moves = action;
    let filter = match (filter, key.code) {
        (None, _) if action == Some(Action::Filter) => Some(TextField::default()),
        (None, _) if matches!(action, Some(Action::Help | Action::Back | Action::Quit | Action::Open)) => {
            return None;
        }
        (None, _) | (Some(_), KeyName::Esc) => None,
        (Some(_), KeyName::Enter) => return None,
        (Some(field), KeyName::Backspace) if field.text().is_empty() => None,
        (Some(mut field), _) => {
            let is_typed = field.on_key(key);
            moves = action.filter(|_| !is_typed);
            Some(field)
        }
    };
    Some(DialogState::Help { scroll: scroll_offset(scroll, moves, state.scroll_limits.help), filter })
}

/// Only `y` says yes; Enter is too easily pressed.
pub(super) fn answer_confirmation(state: &mut AppState, input: KeyInput) -> Vec<AppEffect> {
    let no = matches!(input.typed_char(), Some('n' | 'N' | 'q'))
        || input.is_key(KeyName::Enter)
        || input.is_key(KeyName::Esc);
    let turns = matches!(input.action, Some(Action::Fix)) || input.typed_char() == Some(' ');
    if turns && state.preview.writable_plan().is_some() && !state.is_fix_seen() {
        return fix_actions::show_next_page(state);
    }
    if input.typed_char() == Some('y') {
        if state.preview.writable_plan().is_some() && !state.is_fix_seen() {
            state.toast = Some(Toast::PagesLeft);
            return Vec::new();
        }
        if state.preview.writable_plan().is_some() {
            state.dialog = None;
            return write_fix::write_plan(state);
        }
        state.toast = Some(write_fix::no_plan_toast(state));
        Vec::new()
    } else if no || input.action == Some(Action::Back) {
        state.dialog = None;
        state.request_plan(true)
    } else {
        Vec::new()
    }
}
