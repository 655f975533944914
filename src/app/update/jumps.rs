//! Jumps: to the file that is linked, through the findings of all files, to marks, and back.

use super::super::action::Action;
use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::file_tree::FileTreeNode;
use super::super::findings_list::ListNode;
use super::super::key_press::{KeyName, KeyPress};
use super::super::screen_layout::Pane;
use super::super::source_places::SourcePlace;
use super::super::toast::Toast;
use super::focus_pane::focus_pane;
use super::{linked_line, rendered_actions};
use crate::repo::RelPath;

/// Shows the file that is linked to the one in view, at the line that the link is about; where the last jump came from
/// there, or led here, the place that it left.
pub(super) fn go_to_linked(state: &mut AppState) -> Vec<AppEffect> {
    let Some(target) = state.linked_file().map(|(path, _)| path.clone()) else { return Vec::new() };
    let here = state.current_path();
    let leads_back =
        |place: &SourcePlace| place.path == target || here.is_some() && place.left_for.as_ref() == here;
    if state.places.last_jump().is_some_and(leads_back) {
        return jump_back(state);
    }
    if state.store.file(&target).is_none() {
        state.toast = Some(Toast::NotHere(ActionObstacle::FileGone));
        return Vec::new();
    }
    if let Some(place) = current_place(state) {
        state.places.push_jump(SourcePlace { left_for: Some(target.clone()), ..place });
    }
    let object = state.object_linked_to(&target);
    let line = linked_line::find_linked_line(state, &target, object.as_ref());
    show_line_of(state, target, line)
}

/// Shows the place that the last jump left.
pub(super) fn jump_back(state: &mut AppState) -> Vec<AppEffect> {
    state.places.forget_arrival();
    match state.places.pop_jump() {
        Some(place) => show_place(state, place),
        None => Vec::new(),
    }
}

/// Selects the next finding of the list, or the one before, in whatever file.
pub(super) fn select_in_list(state: &mut AppState, forward: bool) -> Vec<AppEffect> {
    let list = &state.findings_list;
    let single = matches!(state.selected_row_node(), Some(ListNode::Finding(_)));
    let at = state.selected_row().map_or(0, |row| row.findings.start);
    let next = match (forward, single) {
        (true, true) => Some(at + 1),
        (true, false) => Some(at),
        (false, _) => at.checked_sub(1),
    };
    let key = next.and_then(|at| list.open_entry(&state.index, at)).map(|entry| entry.key.clone());
    match key {
        Some(key) => state.select_finding(&key),
        None => state.toast = Some(Toast::NotHere(ActionObstacle::LastFinding)),
    }
    state.request_plan(false)
}

/// Waits for the letter of a mark.
pub(super) fn await_mark(state: &mut AppState, sets: bool) -> Vec<AppEffect> {
    state.places.awaited_mark = Some(sets);
    Vec::new()
}

/// Handles the key after the one that waits for a letter; none where it was not for a mark after all.
pub(super) fn on_mark_key(state: &mut AppState, key: KeyPress) -> Option<Vec<AppEffect>> {
    let sets = state.places.awaited_mark.take()?;
    let Some(letter) = key.typed_char() else {
        if key.code != KeyName::Esc {
            return None;
        }
        let action = if sets { Action::SetMark } else { Action::GoToMark };
        let keys = state.config.keymap.keys_for(action).first().cloned();
        state.toast = keys.map(Toast::SequenceLeft);
        return Some(Vec::new());
    };
    if !letter.is_alphanumeric() {
        state.toast = Some(Toast::NotHere(ActionObstacle::NoMarkLetter));
    } else if sets {
        let place = current_place(state);
        state.toast = match place {
            Some(place) => {
                let (path, line) = (place.path.clone(), place.line);
                state.places.marks.insert(letter, place);
                Some(Toast::MarkSet { letter, path, line })
            }
            None => Some(Toast::NotHere(ActionObstacle::NoFile)),
        };
    } else {
        return Some(match state.places.marks.get(&letter).cloned() {
            Some(place) => {
                remember_place(state);
                show_place(state, place)
            }
            None => {
                state.toast = Some(Toast::NoMark(letter));
                Vec::new()
            }
        });
    }
    Some(Vec::new())
}

fn current_place(state: &AppState) -> Option<SourcePlace> {
    Some(SourcePlace {
        path: state.current_path()?.clone(),
        line: state.source.cursor.row + 1,
        node: state.selected_row_node(),
        active_list: state.active_list,
        focus: state.focus,
        rendered_row: state.rendered.as_ref().filter(|_| state.shows_rendered()).map(|page| page.cursor.row),
        left_for: None,
    })
}

/// Shows a line of a file, which selects the finding there, and remembers the place that is left.
pub(super) fn jump_to_line(state: &mut AppState, path: RelPath, line: usize) -> Vec<AppEffect> {
    if state.store.file(&path).is_none() {
        state.toast = Some(Toast::NotHere(ActionObstacle::FileGone));
        return Vec::new();
    }
    remember_place(state);
    show_line_of(state, path, line)
}

/// Shows a line of a file that a jump led to, with its finding selected where it has one.
fn show_line_of(state: &mut AppState, path: RelPath, line: usize) -> Vec<AppEffect> {
    match state.finding_at(&path, line) {
        Some(key) => state.select_finding(&key),
        None => {
            state.active_list = Pane::Files;
            select_in_tree(state, path.clone());
        }
    }
    state.places.note_arrival(path.clone());
    state.show_source(path, line);
    focus_pane(state, Pane::Source)
}

fn remember_place(state: &mut AppState) {
    if let Some(place) = current_place(state) {
        state.places.push_jump(place);
    }
}

/// Shows a place as it was left, as far as what was selected is still there.
fn show_place(state: &mut AppState, place: SourcePlace) -> Vec<AppEffect> {
    if state.store.file(&place.path).is_none() {
        state.toast = Some(Toast::NotHere(ActionObstacle::FileGone));
        return Vec::new();
    }
    match &place.node {
        Some(ListNode::Finding(key)) if state.index.find_entry(key).is_some() => state.select_finding(key),
        Some(node) => {
            if let Some(row) = state.findings_list.find_row(&state.index, node) {
                state.findings_cursor.row = row;
                state.follow_finding();
            }
        }
        None => {}
    }
    select_in_tree(state, place.path.clone());
    state.show_source(place.path, place.line);
    // Before the pane has the keys: the fix that is asked for then is of what this list has selected.
    state.active_list = place.active_list;
    let effects = focus_pane(state, place.focus);
    if let Some((path, row)) = state.current_path().cloned().zip(place.rendered_row) {
        rendered_actions::open_page(state, &path, Some(row));
    }
    effects
}

fn select_in_tree(state: &mut AppState, path: RelPath) {
    state.selected_path = Some(FileTreeNode::File(path));
    let row = state.tree.iter().position(|row| Some(&row.node) == state.selected_path.as_ref());
    state.files_cursor.row = row.unwrap_or(state.files_cursor.row);
}

/// Selects the next file that was not read whole, and says why.
pub(super) fn go_to_unread(state: &mut AppState) -> Vec<AppEffect> {
    let unread = |file: &crate::audit::FileReport| {
        file.status.reason().map(|reason| (file.path.clone(), reason.to_owned()))
    };
    let mut files: Vec<(RelPath, String)> = state.store.files().filter_map(unread).collect();
    files.sort();
    let here = state.current_path().filter(|_| state.focus == Pane::Files);
    let here = here.or(state.places.last_unread.as_ref());
    let next = here.and_then(|here| files.iter().position(|(path, _)| path > here)).unwrap_or(0);
    let Some((path, reason)) = files.get(next).cloned() else { return Vec::new() };
    state.places.last_unread = Some(path.clone());
    let folders: Vec<String> =
        path.as_str().match_indices('/').map(|(end, _)| path.as_str()[..end].to_owned()).collect();
    let was_folded = folders.iter().fold(false, |any, folder| state.folded_folders.remove(folder) | any);
    if was_folded {
        state.rebuild_lists();
    }
    let mut effects = focus_pane(state, Pane::Files);
    select_in_tree(state, path.clone());
    state.show_source(path.clone(), 1);
    state.scroll_into_view();
    effects.extend(state.request_plan(false));
    state.toast = Some(Toast::Notice(format!("{} of {}: {path}: {reason}.", next + 1, files.len())));
    effects
}
