//! Handles keys in the stage of a wide fix: what is taken, what is shown, and the write of what was seen.

use std::collections::BTreeSet;

use super::super::action::Action;
use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::{AppEffect, MouseEvent, MouseKind};
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::key_press::{KeyName, KeyPress};
use super::super::redact::SecretRedactor;
use super::super::stage::{FixStage, ScopedFindings, StageAreas, StageRow, StageScope, is_for_stage};
use super::super::text_field::TextField;
use super::super::toast::Toast;
use super::key_input::KeyInput;
use super::{key_input, lookup_dialog, value_input};
use crate::audit::ListedFinding;
use crate::finding::FindingKey;
use crate::fix::StageOutcome;
use crate::text::diff::unified_patch;

/// The rows around the cursor that stay in sight.
const MARGIN: usize = 1;

/// Opens the stage of a scope. Where registries have the values of all of it, they are asked instead.
pub(super) fn open_stage(state: &mut AppState, scope: StageScope) -> Vec<AppEffect> {
    let found = state.findings_in_scope(scope);
    let title = state.scope_title(scope);
    open_found(state, scope, title, found)
}

/// Opens the stage of these findings, under a title that says what they are.
pub(super) fn open_stage_of(state: &mut AppState, title: String, keys: &[FindingKey]) -> Vec<AppEffect> {
    let found = state.scope_of_keys(keys);
    open_found(state, StageScope::Selected, title, found)
}

fn open_found(
    state: &mut AppState,
    scope: StageScope,
    title: String,
    found: ScopedFindings,
) -> Vec<AppEffect> {
    let needs_registry =
        |key: &FindingKey| state.index.find_entry(key).is_some_and(ListedFinding::needs_registry);
    let images: Vec<FindingKey> =
        found.others.iter().map(|(key, _)| key).filter(|key| needs_registry(key)).cloned().collect();
    if found.fixable.is_empty() && !images.is_empty() && images.len() == found.others.len() {
        return lookup_dialog::open_lookup(state, &images);
    }
    if found.fixable.is_empty() && found.others.is_empty() {
        state.toast = Some(Toast::NoFix(None));
        return Vec::new();
    }
    state.leave_mended_place();
    state.fullscreen = None;
    state.stage = Some(Box::new(FixStage::new(scope, title, found)));
    request_groups(state)
}

/// Asks registries about images of the file in view, or of all files.
pub(super) fn pin_images(state: &mut AppState, is_everywhere: bool) -> Vec<AppEffect> {
    let path = state.current_path().cloned();
    let entries = state.index.entries.iter().filter(|entry| entry.needs_registry());
    let entries = entries.filter(|entry| is_everywhere || path.as_ref() == Some(&entry.key.path));
    let keys: Vec<FindingKey> = entries.map(|entry| entry.key.clone()).collect();
    lookup_dialog::open_lookup(state, &keys)
}

/// Asks for the plans that are lacking, and for what the whole comes to where none is.
pub(super) fn request_groups(state: &mut AppState) -> Vec<AppEffect> {
    let Some(stage) = &mut state.stage else { return Vec::new() };
    stage.before = StageOutcome::of_reports(state.store.score(), state.store.workloads());
    let keys = stage.keys_to_plan();
    let max_risk = stage.scope.max_risk();
    stage.begin_planning(keys.len());
    state.preview.begin_keyless_request();
    let generation = state.preview.generation;
    if keys.is_empty() {
        return weigh_stage(state);
    }
    vec![AppEffect::Ask(BackendRequest::PlanStage { generation, keys, max_risk })]
}

/// Asks what the repository would come to with what is taken.
pub(super) fn weigh_stage(state: &AppState) -> Vec<AppEffect> {
    let Some(stage) = state.stage.as_ref().filter(|stage| stage.totals.taken_places > 0) else {
        return Vec::new();
    };
    let (generation, patches) = (state.preview.generation, stage.joined_plan().patches);
    vec![AppEffect::Ask(BackendRequest::WeighStage { generation, patches })]
}

/// Leaves the stage: nothing of it was written, and nothing more of it is planned.
pub(super) fn leave_stage(state: &mut AppState) -> Vec<AppEffect> {
    state.stage = None;
    state.request_plan(true)
}

pub(super) fn on_stage_key(state: &mut AppState, key: KeyPress, input: KeyInput) -> Vec<AppEffect> {
    let Some(stage) = &mut state.stage else { return Vec::new() };
    if let Some(field) = &mut stage.search {
        match key.code {
            KeyName::Enter => stage.search = None,
            KeyName::Esc => {
                stage.search = None;
                stage.search_words("");
            }
            _ => {
                field.on_key(key);
                let words = field.text().to_owned();
                stage.search_words(&words);
            }
        }
        follow_cursor(state);
        return Vec::new();
    }
    match input.action {
        Some(action) => answer_in_stage(state, action),
        None => {
            state.toast = key_input::unbound_toast(state, &[key]);
            Vec::new()
        }
    }
}

/// A click selects a row, a second one opens it; the wheel goes through the rows, or scrolls the change that it is over.
pub(super) fn on_stage_mouse(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    let areas = StageAreas::new(state.size);
    let is_over_list = areas.list.contains(mouse.column, mouse.row);
    let action = match mouse.kind {
        MouseKind::WheelUp if is_over_list => Action::Up,
        MouseKind::WheelDown if is_over_list => Action::Down,
        MouseKind::WheelUp => Action::HalfUp,
        MouseKind::WheelDown => Action::HalfDown,
        MouseKind::Press if is_over_list => {
            state.toast = None;
            let Some(stage) = &mut state.stage else { return Vec::new() };
            let line = usize::from(mouse.row - areas.list.y);
            let row = line.checked_sub(stage.search_lines()).map(|line| line + stage.cursor.top);
            match row.filter(|row| *row < stage.rows.len()) {
                Some(row) if row != stage.cursor.row => {
                    select_row(stage, row);
                    return Vec::new();
                }
                Some(_) => Action::Open,
                None => return Vec::new(),
            }
        }
        _ => return Vec::new(),
    };
    answer_in_stage(state, action)
}

/// Runs an action in the stage, or says that it does nothing there.
pub(super) fn answer_in_stage(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    let (size, is_stage_action) = (state.size, is_for_stage(action));
    if !is_stage_action {
        state.toast = Some(Toast::NotHere(ActionObstacle::InStage));
        return Vec::new();
    }
    let last_note = state.scroll_limits.notes;
    let AppState { stage: Some(stage), store, .. } = state else { return Vec::new() };
    let mut touched = BTreeSet::new();
    match action {
        Action::Down | Action::Up | Action::Top | Action::Bottom => {
            let by = match action {
                Action::Down => 1,
                Action::Up => -1,
                Action::Top => isize::MIN,
                _ => isize::MAX,
            };
            select_row(stage, stage.cursor.row.saturating_add_signed(by));
        }
        Action::HalfDown | Action::HalfUp => {
            let last = (stage.last_scroll(store, size), last_note);
            scroll_stage(stage, action == Action::HalfDown, last, size);
        }
        Action::Right => stage.fold_selected(Some(true)),
        Action::Left => stage.fold_selected(Some(false)),
        Action::Open => stage.fold_selected(None),
        Action::NextInList | Action::PreviousInList => {
            show_neighbour_hunk(stage, action == Action::NextInList, store, size);
        }
        Action::Next => show_next_unseen(stage, true, store, size),
        Action::Previous => show_next_unseen(stage, false, store, size),
        Action::Group => stage.turn_view(),
        Action::Filter => {
            stage.search = Some(TextField::with_text(stage.words.as_str()));
            stage.revision += 1;
        }
        Action::Take => touched = stage.toggle_selected(),
        Action::TakeAll => touched = stage.toggle_all(),
        Action::Back if !stage.words.is_empty() => stage.search_words(""),
        Action::Back => return leave_stage(state),
        Action::WriteStage => return write_stage(state),
        Action::Copy => return copy_patch(state),
        Action::Values => return open_values(state),
        Action::Quit => return vec![AppEffect::Quit],
        Action::Suspend => return vec![AppEffect::Suspend],
        Action::Redraw => return vec![AppEffect::Redraw],
        Action::Help => state.dialog = Some(DialogState::Help { scroll: 0, filter: None }),
        Action::Palette => state.dialog = Some(DialogState::Palette(super::super::ActionPalette::default())),
        _ => {}
    }
    follow_cursor(state);
    replan_groups(state, &touched)
}

/// Has what is taken of these groups planned anew.
fn replan_groups(state: &mut AppState, touched: &BTreeSet<usize>) -> Vec<AppEffect> {
    let AppState { stage: Some(stage), .. } = state else { return Vec::new() };
    if touched.is_empty() {
        return Vec::new();
    }
    stage.take_groups_anew(touched);
    follow_cursor(state);
    request_groups(state)
}

fn select_row(stage: &mut FixStage, row: usize) {
    let before = stage.cursor.row;
    stage.cursor.move_to(row, stage.rows.len());
    if stage.cursor.row != before {
        stage.place = 0;
        stage.show_selected();
    }
}

/// Moves the list so that its cursor is in sight.
pub(super) fn follow_cursor(state: &mut AppState) {
    let height = usize::from(StageAreas::new(state.size).list.height);
    if let Some(stage) = &mut state.stage {
        let len = stage.rows.len();
        stage.cursor.scroll_to_row(len, height, MARGIN);
    }
}

/// Scrolls what is selected, then the words about it; goes on in the list where all of both is in sight.
fn scroll_stage(
    stage: &mut FixStage,
    is_down: bool,
    (last_row, last_note): (usize, usize),
    size: (u16, u16),
) {
    let areas = StageAreas::new(size);
    let scrolled = |at: usize, by: usize, last: usize| {
        let at = at.min(last);
        if is_down { (at + by).min(last) } else { at.saturating_sub(by) }
    };
    if last_row == 0 && last_note == 0 {
        let by = (areas.list.height / 2).max(1).cast_signed();
        let by = isize::from(if is_down { by } else { -by });
        return select_row(stage, stage.cursor.row.saturating_add_signed(by));
    }
    let row = scrolled(stage.detail_scroll, usize::from(areas.rows.height / 2).max(1), last_row);
    let note = scrolled(stage.notes_scroll, usize::from(areas.notes.height / 2).max(1), last_note);
    // The words come after the rows on the way down, and before them on the way up.
    let is_of_rows = row != stage.detail_scroll && (is_down || note == stage.notes_scroll);
    match is_of_rows {
        true => stage.detail_scroll = row,
        false => stage.notes_scroll = note,
    }
    stage.revision += 1;
}

/// Shows the next change of the selected file, or the next place of the selected change.
fn show_neighbour_hunk(stage: &mut FixStage, forward: bool, store: &crate::store::Store, size: (u16, u16)) {
    if let Some(StageRow::Change(at)) = stage.selected_row() {
        let count = stage.changes.changes[at].places.len();
        let next = if forward { stage.place + 1 } else { stage.place.wrapping_sub(1) };
        if next < count {
            stage.place = next;
            stage.show_selected();
        }
        return;
    }
    if !stage.show_next_hunk(store, size, forward) {
        let row = stage.cursor.row.saturating_add_signed(if forward { 1 } else { -1 });
        select_row(stage, row);
    }
}

/// Shows what was not seen yet of the selected change, then the next that was not; where all were, the next with a risk.
fn show_next_unseen(stage: &mut FixStage, forward: bool, store: &crate::store::Store, size: (u16, u16)) {
    if forward
        && stage.selected_row().is_some_and(|row| stage.is_row_unseen(row))
        && stage.show_next_rows(store, size)
    {
        return;
    }
    let count = stage.rows.len();
    let at = stage.cursor.row;
    let step = |n: usize| if forward { (at + n) % count } else { (at + count - n % count) % count };
    let order: Vec<usize> = (1..=count).map(step).collect();
    let unseen = order.iter().find(|at| stage.is_row_unseen(stage.rows[**at]));
    let risky = || order.iter().find(|at| stage.is_row_risky(stage.rows[**at]));
    if let Some(row) = unseen.or_else(risky) {
        let row = *row;
        if row == stage.cursor.row {
            stage.show_selected();
        }
        select_row(stage, row);
    }
}

/// Writes what is taken, once all of it was seen.
fn write_stage(state: &mut AppState) -> Vec<AppEffect> {
    let Some(stage) = &mut state.stage else { return Vec::new() };
    if stage.is_writing {
        return Vec::new();
    }
    if !stage.is_planned {
        state.toast = Some(Toast::FixPending);
        return Vec::new();
    }
    if stage.totals.unseen > 0 {
        state.toast = Some(Toast::ChangesUnseen(stage.totals.unseen));
        return Vec::new();
    }
    let plan = stage.joined_plan();
    if plan.patches.is_empty() {
        state.toast = Some(Toast::NothingTaken);
        return Vec::new();
    }
    stage.is_writing = true;
    let is_mended = state.current_finding().is_some_and(|entry| plan.resolves.contains(&entry.key));
    state.being_mended = state.place_to_mend(&plan).filter(|_| is_mended);
    vec![AppEffect::Ask(BackendRequest::Write(plan))]
}

/// Copies what would be written of the file in view as a patch, without its secrets.
fn copy_patch(state: &mut AppState) -> Vec<AppEffect> {
    let patch = state.stage.as_ref().and_then(|stage| {
        let place = stage.selected_places().first().copied()?;
        Some(stage.groups()[place.group].side(place.is_taken).patches[place.patch].patch.clone())
    });
    let Some(patch) = patch else {
        state.toast = Some(Toast::NothingSelected);
        return Vec::new();
    };
    let lines = unified_patch(patch.path.as_str(), patch.before.text(), patch.after.text());
    let text = SecretRedactor::for_file(&state.store, &patch.path).redact_patch(&lines);
    state.toast = Some(Toast::TextCopied);
    vec![AppEffect::Copy(text)]
}

/// Opens the values that the selected change writes, where they stand in its file.
fn open_values(state: &mut AppState) -> Vec<AppEffect> {
    let Some(stage) = &mut state.stage else { return Vec::new() };
    let keys: Vec<FindingKey> = stage.selected_fixes().iter().map(|fix| fix.key.clone()).collect();
    let place = stage.selected_places().first().map(|place| stage.position_of(*place));
    let (Some((path, line)), false) = (place, keys.is_empty()) else {
        state.toast = Some(Toast::NotHere(ActionObstacle::NoValue));
        return Vec::new();
    };
    let path = path.clone();
    stage.value_keys = keys;
    if state.store.file(&path).is_some() {
        state.show_source(path, line);
    }
    let mut effects = state.request_plan(true);
    effects.extend(value_input::open_editor(state));
    effects
}

/// Goes on with the stage once the fields over it are closed: what they are about is planned anew.
pub(super) fn resume_stage(state: &mut AppState) -> Vec<AppEffect> {
    let AppState { stage: Some(stage), dialog: None, .. } = state else { return Vec::new() };
    if stage.value_keys.is_empty() {
        return Vec::new();
    }
    let keys = std::mem::take(&mut stage.value_keys);
    stage.forget_findings(&keys);
    request_groups(state)
}
