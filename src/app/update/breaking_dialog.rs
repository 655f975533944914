//! Answers the question whether to write a fix that will break the program: only `y` writes, and there are better ways.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::DialogState;
use super::super::screen_layout::Pane;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::dialogs::answer_confirmation;
use super::fix_actions;
use super::focus_pane::focus_pane;
use super::key_input::KeyInput;
use crate::finding::RiskEvidence;

/// Handles keys while the question is open: what is neither a yes nor a look at it is a no.
pub(super) fn answer_breaking(state: &mut AppState, input: KeyInput) -> Vec<AppEffect> {
    let looks = input.action.is_some_and(|action| action.scrolls_page() || action == Action::Fix);
    if input.typed_char() == Some('y') || looks || input.typed_char() == Some(' ') {
        return answer_confirmation(state, input);
    }
    match input.action {
        Some(Action::Ignore) => allow_instead(state),
        Some(Action::Open) => go_to_evidence(state),
        _ => {
            state.dialog = None;
            state.request_plan(true)
        }
    }
}

/// Asks for the reason to allow the finding: the evidence is one.
fn allow_instead(state: &mut AppState) -> Vec<AppEffect> {
    let evidence = first_evidence(state).map(|seen| seen.text.to_string()).unwrap_or_default();
    let key = match &state.dialog {
        Some(DialogState::ConfirmFix { keys, .. }) => keys.first().cloned(),
        _ => None,
    };
    state.dialog = None;
    let asked = key.map(|key| fix_actions::open_reason(state, key, TextField::with_text(evidence)));
    let mut effects = state.request_plan(true);
    effects.extend(asked.into_iter().flatten());
    effects
}

/// Shows the line that the evidence stands on.
fn go_to_evidence(state: &mut AppState) -> Vec<AppEffect> {
    let evidence = first_evidence(state).cloned();
    state.dialog = None;
    let mut effects = state.request_plan(true);
    let Some(seen) = evidence else { return effects };
    if state.store.file(&seen.path).is_some_and(|file| file.source.is_some()) {
        effects.extend(focus_pane(state, Pane::Source));
        state.show_source(seen.path, seen.line);
    } else {
        state.toast = Some(Toast::EvidenceElsewhere { path: seen.path, line: seen.line });
    }
    effects
}

fn first_evidence(state: &AppState) -> Option<&RiskEvidence> {
    state.preview.writable_plan()?.evidence.first()
}
