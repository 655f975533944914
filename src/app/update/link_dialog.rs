//! Handles keys in the list from which a person says which Dockerfile builds an image.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::{DialogState, KeptSetting};
use super::super::key_press::KeyName;
use super::super::link_choice::LinkChoice;
use super::super::toast::Toast;
use super::keep_values;
use super::key_input::KeyInput;
use crate::repo::FileKind;

/// Opens the list for the pairs in view.
pub(super) fn open_link_choice(state: &mut AppState) -> Vec<AppEffect> {
    let files = state.store.files().filter(|file| file.kind == FileKind::Dockerfile);
    let dockerfiles = files.map(|file| file.path.clone()).collect();
    let sheet = state.pairs.as_ref().and_then(|page| page.sheet.as_deref());
    match sheet.and_then(|sheet| LinkChoice::for_pairs(sheet, dockerfiles)) {
        Some(choice) => state.dialog = Some(DialogState::LinkChoice(Box::new(choice))),
        None => {
            let notice = "The container has no image that could be built here.";
            state.toast = Some(Toast::Notice(notice.to_owned()));
        }
    }
    Vec::new()
}

pub(super) fn on_link_key(
    state: &mut AppState,
    input: KeyInput,
    mut choice: Box<LinkChoice>,
) -> Vec<AppEffect> {
    let by = match input.action {
        Some(Action::Down) => 1,
        Some(Action::Up) => -1,
        Some(Action::HalfDown) => 5,
        Some(Action::HalfUp) => -5,
        Some(Action::Top) => isize::MIN,
        Some(Action::Bottom) => isize::MAX,
        Some(Action::Open) => return keep_values::ask_setting(state, KeptSetting::Link(choice)),
        Some(Action::Back | Action::Quit | Action::ChooseLink) => return Vec::new(),
        _ if input.is_key(KeyName::Esc) => return Vec::new(),
        _ => 0,
    };
    choice.cursor.move_by(by, choice.row_count());
    state.dialog = Some(DialogState::LinkChoice(choice));
    Vec::new()
}
