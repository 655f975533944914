//! Handles the values of a fix while a person changes them: taken, proven by a fix made anew, or left as they were.

use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::fix_preview::PreviewState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::toast::Toast;
use super::super::value_editor::{ValueEditor, ValueField, ValueStage};
use crate::fix::{NoPlan, PlanValue, PlanValueKind};
use crate::settings::ValueChoice;

/// Opens the fields of the fix in view. Where it lacks an image's user, a free one is taken for the time being, so that
/// the fix can be made and the fields have a place in it.
pub(super) fn open_editor(state: &mut AppState) -> Vec<AppEffect> {
    let id = state.preview.generation;
    if let Some(required) = state.preview.required_value() {
        let uid = required.free_uid;
        let choice = ValueChoice::User { key: required.image.clone(), uid, gid: uid };
        let editor = ValueEditor { stage: ValueStage::Opening, id, ..ValueEditor::default() };
        return send_choices(state, editor, vec![choice]);
    }
    match state.preview.values().filter(|sheet| !sheet.is_empty()) {
        Some(sheet) => {
            let editor = ValueEditor::of_sheet(sheet, id);
            state.dialog = Some(DialogState::Values(Box::new(editor)));
        }
        // The fix comes in a moment, and the fields with it.
        None if state.preview.state == PreviewState::Pending => {
            let editor = ValueEditor { stage: ValueStage::Opening, id, ..ValueEditor::default() };
            state.dialog = Some(DialogState::Values(Box::new(editor)));
        }
        None => state.toast = Some(Toast::NotHere(ActionObstacle::NoValue)),
    }
    Vec::new()
}

/// Handles keys while the fields are open.
pub(super) fn on_value_key(
    state: &mut AppState,
    key: KeyPress,
    mut editor: Box<ValueEditor>,
) -> Vec<AppEffect> {
    if key.code == KeyName::Esc {
        return leave_editor(state, &editor);
    }
    if editor.stage == ValueStage::Typing {
        match key.code {
            KeyName::Enter => return take_values(state, editor),
            KeyName::Tab => editor.move_focus(true),
            KeyName::BackTab => editor.move_focus(false),
            KeyName::Down => editor.take_suggestion(true),
            KeyName::Up => editor.take_suggestion(false),
            _ => editor.type_key(key),
        }
    }
    state.dialog = Some(DialogState::Values(editor));
    Vec::new()
}

/// Takes the values, and has the fix made and proven with them: nothing is written.
fn take_values(state: &mut AppState, mut editor: Box<ValueEditor>) -> Vec<AppEffect> {
    // A choice that was refused gives way, also where the fields are as planned again.
    match editor.make_choices(editor.was_refused) {
        Ok(choices) if choices.is_empty() => Vec::new(),
        Ok(choices) => {
            editor.stage = ValueStage::Proving;
            send_choices(state, *editor, choices)
        }
        Err((at, reason)) => {
            editor.focused = at;
            editor.error = Some(reason);
            state.dialog = Some(DialogState::Values(editor));
            Vec::new()
        }
    }
}

/// Sends choices, and asks for the fix with them.
fn send_choices(state: &mut AppState, mut editor: ValueEditor, choices: Vec<ValueChoice>) -> Vec<AppEffect> {
    editor.has_chosen = true;
    let set = BackendRequest::SetValues { id: editor.id, choices };
    state.dialog = Some(DialogState::Values(Box::new(editor)));
    std::iter::once(AppEffect::Ask(set)).chain(request_anew(state)).collect()
}

/// Leaves the fields, and takes back what was chosen in them.
fn leave_editor(state: &mut AppState, editor: &ValueEditor) -> Vec<AppEffect> {
    if !editor.has_chosen {
        return Vec::new();
    }
    let restore = AppEffect::Ask(BackendRequest::RestoreValues { id: editor.id });
    std::iter::once(restore).chain(request_anew(state)).collect()
}

/// Asks for the fix again, and in the walk for what else follows from a value.
fn request_anew(state: &mut AppState) -> Vec<AppEffect> {
    let mut effects = state.request_plan(true);
    if state.walk.is_some() {
        effects.extend(state.request_walk());
    }
    effects
}

/// Receives the fix that was asked for last: its fields are opened, or the values taken in it are proven.
pub(super) fn on_plan_received(state: &mut AppState) -> Vec<AppEffect> {
    let Some(DialogState::Values(editor)) = &state.dialog else { return Vec::new() };
    if state.preview.state == PreviewState::Pending {
        return Vec::new();
    }
    match editor.stage {
        ValueStage::Typing => {}
        ValueStage::Opening if !editor.has_chosen => {
            state.dialog = None;
            return open_editor(state);
        }
        ValueStage::Opening => open_chosen(state, editor.id),
        ValueStage::Proving => {
            // What stood in a stage was proven with the value before: it is the new one that is withheld.
            let withheld = state.stage.is_some().then(|| first_withheld(&state.preview.state)).flatten();
            let refusal =
                withheld.map(|reason| (None, reason)).or_else(|| find_refusal(editor, &state.preview.state));
            match (refusal, &mut state.dialog) {
                (None, dialog) => *dialog = None,
                (Some((at, reason)), Some(DialogState::Values(editor))) => {
                    editor.stage = ValueStage::Typing;
                    editor.focused = at.unwrap_or(editor.focused);
                    editor.error = Some(reason);
                    editor.was_refused = true;
                }
                _ => {}
            }
        }
    }
    Vec::new()
}

/// Opens the fields of the fix with a free value, or says why there is none even so.
fn open_chosen(state: &mut AppState, id: u64) {
    let sheet = state.preview.values().filter(|sheet| !sheet.is_empty());
    let opened = sheet.map(|sheet| ValueEditor { has_chosen: true, ..ValueEditor::of_sheet(sheet, id) });
    if opened.is_none() {
        let reason = match &state.preview.state {
            PreviewState::Failed(no_plan) => Some(no_plan.to_string()),
            _ => None,
        };
        state.toast = Some(Toast::NoFix(reason));
    }
    state.dialog = opened.map(|editor| DialogState::Values(Box::new(editor)));
}

/// Why a finding is withheld from the fix.
fn first_withheld(preview: &PreviewState) -> Option<String> {
    let PreviewState::Ready(plan) = preview else { return None };
    plan.withheld.first().map(|(_, reason)| reason.clone())
}

/// Why the fix does not hold the values that were typed, and the field that is meant where it is one; none where it does.
fn find_refusal(editor: &ValueEditor, preview: &PreviewState) -> Option<(Option<usize>, String)> {
    let sheet = match preview {
        PreviewState::Ready(plan) => match plan.withheld.first().filter(|_| plan.patches.is_empty()) {
            Some((_, reason)) => return Some((None, reason.clone())),
            None => &plan.values,
        },
        PreviewState::Failed(NoPlan::NeedsValue { values, .. }) => values,
        PreviewState::Failed(no_plan) => return Some((None, no_plan.to_string())),
        PreviewState::None | PreviewState::Pending => return None,
    };
    let is_lacking = matches!(preview, PreviewState::Failed(_));
    let changed = |field: &ValueField| field.is_changed() && !field.typed_text().is_empty();
    for (at, field) in editor.fields.iter().enumerate().filter(|(_, field)| changed(field)) {
        let same = |value: &&PlanValue| {
            let is_owned =
                value.owners.iter().any(|own| field.value.owners.iter().any(|other| own.is_same(other)));
            value.kind == field.value.kind && is_owned
        };
        let planned = sheet.values.iter().find(same);
        let differs = planned
            .filter(|value| !field.typed_text().ends_with(&value.text) && !is_lacking && !is_path(field));
        if let Some(value) = differs {
            let name = value.kind.name();
            let reason = format!("the {name} would be {}, which the rest of the file asks for", value.text);
            return Some((Some(at), reason));
        }
    }
    is_lacking.then(|| (None, "the digest is still lacking: its registry has it, or a person".to_owned()))
}

const fn is_path(field: &ValueField) -> bool {
    matches!(field.value.kind, PlanValueKind::Path | PlanValueKind::AddedPath)
}
