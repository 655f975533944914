//! Handles keys in the palette: words choose among the actions, Enter does one.

use super::super::action_palette::ActionPalette;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::DialogState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::palette_rows::PaletteCommand;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::{first_screen_input, panes, walk};

pub(super) fn on_palette_key(
    state: &mut AppState,
    key: KeyPress,
    mut palette: ActionPalette,
) -> Vec<AppEffect> {
    let rows = palette.find_rows(state);
    let last = rows.len().saturating_sub(1);
    match key.code {
        KeyName::Esc => return Vec::new(),
        KeyName::Backspace if palette.field.text().is_empty() => return Vec::new(),
        KeyName::Enter => match rows.get(palette.choice) {
            Some(row) if row.obstacle.is_none() => return run_command(state, row.command),
            Some(row) => state.toast = row.obstacle.map(Toast::NotHere),
            None => {}
        },
        KeyName::Down => palette.choice = (palette.choice + 1).min(last),
        KeyName::Up => palette.choice = palette.choice.saturating_sub(1),
        KeyName::PageDown => palette.choice = (palette.choice + PAGE).min(last),
        KeyName::PageUp => palette.choice = palette.choice.saturating_sub(PAGE),
        KeyName::Tab => {
            if let Some(row) = rows.get(palette.choice) {
                palette.field = TextField::with_text(row.name);
                palette.choice = 0;
            }
        }
        _ => {
            let before = palette.field.text().to_owned();
            if palette.field.on_key(key) && palette.field.text() != before {
                palette.choice = 0;
            }
        }
    }
    state.dialog = Some(DialogState::Palette(palette));
    Vec::new()
}

/// Does what the row names, where the keys go now.
fn run_command(state: &mut AppState, command: PaletteCommand) -> Vec<AppEffect> {
    match command {
        PaletteCommand::Walk(action) => walk::run_walk_action(state, action),
        PaletteCommand::Pane(action) if state.walk.is_some() => walk::run_pane_action(state, action),
        PaletteCommand::Pane(action) if state.first_screen.is_open && state.stage.is_none() => {
            first_screen_input::run_action(state, action)
        }
        PaletteCommand::Pane(action) => panes::apply_action(state, action),
    }
}

/// The rows that a page key goes.
const PAGE: usize = 10;
