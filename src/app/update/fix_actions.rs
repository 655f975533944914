//! Runs the actions that fix: the fix in view, wider fixes, suppressions.

use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::AppEffect;
use super::super::app_state::{AppState, FullscreenView};
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::patched_file::PatchSide;
use super::super::redact::SecretRedactor;
use super::super::stage::StageScope;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::write_fix::write_or_confirm;
use super::{lookup_dialog, stage_input};
use crate::finding::FindingKey;
use crate::text::diff::unified_patch;
use crate::text::{make_printable, quote_git_path};

/// Writes the diff in view. A diff out of view is shown first, and a wide one is confirmed first.
pub(super) fn fix_selected(state: &mut AppState) -> Vec<AppEffect> {
    if let Some(mended) = &state.mended {
        state.toast = Some(Toast::AlreadyFixed(mended.title.clone()));
        return Vec::new();
    }
    let Some(first) = state.iter_selected().next() else {
        state.toast = Some(Toast::NotHere(ActionObstacle::NoFinding));
        return Vec::new();
    };
    if state.is_displaced {
        let place = format!("{}:{}", first.key.path, first.line);
        state.toast = Some(Toast::SelectionGone { rule: first.key.rule, place });
        return Vec::new();
    }
    if state.is_half_saved() {
        state.toast = Some(Toast::NotHere(ActionObstacle::HalfSaved));
        return Vec::new();
    }
    if let Some(keys) =
        lookup_dialog::keys_needing_registry(state).filter(|_| !state.preview.has_typed_image())
    {
        return lookup_dialog::open_lookup(state, &keys);
    }
    if state.spans_widely() {
        return stage_input::open_stage(state, StageScope::Selected);
    }
    if state.preview.writable_plan().is_some() && !state.is_fix_seen() {
        return show_next_page(state);
    }
    write_or_confirm(state)
}

/// Shows what was not shown yet of the fix: in pages of full width, one after the other.
pub(super) fn show_next_page(state: &mut AppState) -> Vec<AppEffect> {
    if state.scroll_limits.frame.generation != state.preview.generation {
        // It came a moment ago, and no frame has shown it.
        state.toast = Some(Toast::FixPending);
        return Vec::new();
    }
    if state.pages_scroll().is_none() {
        state.fullscreen = Some(FullscreenView::Diff);
        state.patch_scroll = 0;
        return Vec::new();
    }
    let next = state.next_page_scroll();
    match &mut state.dialog {
        Some(DialogState::ConfirmFix { scroll, .. }) => *scroll = next,
        _ => state.patch_scroll = next,
    }
    Vec::new()
}

/// Shows the file as it is, as it will be, or both in one; in pages where the source is not on the screen.
pub(super) fn part_diff(state: &mut AppState) -> Vec<AppEffect> {
    if state.fullscreen == Some(FullscreenView::Diff) {
        state.fullscreen = None;
        return Vec::new();
    }
    if !state.shows_source() || state.fullscreen.is_some() {
        state.fullscreen = Some(FullscreenView::Diff);
        state.patch_scroll = 0;
        return Vec::new();
    }
    state.source.side = match state.source.side {
        PatchSide::Both => PatchSide::Before,
        PatchSide::Before => PatchSide::After,
        PatchSide::After | PatchSide::Written => PatchSide::Both,
    };
    Vec::new()
}

pub(super) fn ask_suppress_reason(state: &mut AppState) -> Vec<AppEffect> {
    state.first_screen.asks_reason = false;
    let Some(key) = state.current_finding().map(|entry| entry.key.clone()) else {
        state.toast = Some(Toast::NotHere(ActionObstacle::NoFinding));
        return Vec::new();
    };
    if !state.is_single_finding() {
        state.toast = Some(Toast::SelectOne);
        return Vec::new();
    }
    open_reason(state, key, TextField::default())
}

/// Asks for the reason why a finding is allowed, unless it is allowed already; meanwhile the backend looks whether a
/// comment could stand there.
pub(super) fn open_reason(state: &mut AppState, key: FindingKey, text: TextField) -> Vec<AppEffect> {
    let quiet = state.index.find_entry(&key).and_then(|entry| entry.suppression.as_deref());
    if let Some(quiet) = quiet.filter(|quiet| !quiet.is_baselined()) {
        state.toast = Some(Toast::AllowedAlready(quiet.to_string()));
        return Vec::new();
    }
    state.dialog = Some(DialogState::SuppressReason { key: key.clone(), text, place: None });
    vec![AppEffect::Ask(BackendRequest::CheckException { key })]
}

/// Copies the finding and its patch: `git apply` passes over the first and takes the other. Secrets are masked, as in
/// all that leaves the source.
pub(super) fn copy_finding(state: &mut AppState) -> Vec<AppEffect> {
    let Some(entry) = state.current_finding() else {
        state.toast = Some(Toast::NothingSelected);
        return Vec::new();
    };
    let path = quote_git_path(entry.key.path.as_str());
    let message = make_printable(&entry.finding.message);
    let mut text = format!("{path}:{}: {message} [{}]\n", entry.line, entry.key.rule);
    for patch in state.preview.writable_plan().map(|plan| plan.patches.as_slice()).unwrap_or_default() {
        let lines = unified_patch(patch.path.as_str(), patch.before.text(), patch.after.text());
        text.push('\n');
        text.push_str(&SecretRedactor::for_file(&state.store, &patch.path).redact_patch(&lines));
    }
    state.toast = Some(Toast::TextCopied);
    vec![AppEffect::Copy(text)]
}
