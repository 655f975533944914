//! Runs the actions that fix: the fix in view, wider fixes, suppressions.

use std::fmt::Write as _;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::dialog_state::{DialogState, FixScope};
use super::super::fix_preview::PatchLine;
use super::super::screen_layout::Pane;
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::write_fix::{confirm_fix, write_or_confirm};
use super::{focus_pane, lookup_dialog};
use crate::text::diff::LineChange;
use crate::text::{make_printable, quote_git_path};

/// Writes the diff in view. A diff out of view is shown first, and a wide one is confirmed first.
pub(super) fn fix_selected(state: &mut AppState) -> Vec<AppEffect> {
    if let Some(keys) = lookup_dialog::keys_needing_registry(state) {
        return lookup_dialog::open_lookup(state, &keys);
    }
    if state.spans_widely() {
        let keys = state.selected_keys();
        return confirm_fix(state, FixScope::Selected, keys);
    }
    if !state.is_fix_visible() && state.preview.writable_plan().is_some() {
        let effects = focus_pane::focus_pane(state, Pane::Rule);
        state.toast = Some(Toast::ReviewFirst);
        return effects;
    }
    write_or_confirm(state)
}

pub(super) fn open_fix_menu(state: &mut AppState) -> Vec<AppEffect> {
    state.dialog = Some(DialogState::FixMenu { choice: 0 });
    Vec::new()
}

pub(super) fn ask_suppress_reason(state: &mut AppState) -> Vec<AppEffect> {
    match state.current_finding().filter(|_| state.is_single_finding()).map(|entry| entry.key.clone()) {
        Some(key) => state.dialog = Some(DialogState::SuppressReason { key, text: TextField::default() }),
        None => state.toast = Some(Toast::SelectOne),
    }
    Vec::new()
}

/// Copies the finding and its patch, as text.
pub(super) fn copy_finding(state: &mut AppState) -> Vec<AppEffect> {
    let Some(entry) = state.current_finding() else { return Vec::new() };
    let path = quote_git_path(entry.key.path.as_str());
    let message = make_printable(&entry.finding.message);
    let mut text = format!("{path}:{}: {message} [{}]\n", entry.line, entry.key.rule);
    for line in &state.preview.lines {
        let _ = match line {
            PatchLine::File(path) => writeln!(text, "\n{}", quote_git_path(path.as_str())),
            PatchLine::Gap => writeln!(text, "@@"),
            PatchLine::Line(line) => {
                let mark = match line.change {
                    LineChange::Unchanged => ' ',
                    LineChange::Added => '+',
                    LineChange::Removed => '-',
                };
                writeln!(text, "{mark}{}", line.text)
            }
        };
    }
    state.toast = Some(Toast::TextCopied);
    vec![AppEffect::Copy(text)]
}
