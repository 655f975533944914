//! Runs each action in the panes.

use super::super::action::Action;
use super::super::action_obstacle::ActionObstacle;
use super::super::action_palette::ActionPalette;
use super::super::app_event::AppEffect;
use super::super::app_state::{AppState, FullscreenView};
use super::super::away::AwaySnapshot;
use super::super::backend_protocol::BackendRequest;
use super::super::dialog_state::DialogState;
use super::super::file_tree::FileTreeNode;
use super::super::findings_list::ListNode;
use super::super::screen_layout::Pane;
use super::super::stage::StageScope;
use super::super::toast::Toast;
use super::focus_pane::focus_pane;
use super::{fix_actions, folds, jumps, rendered_actions, stage_input, undo_list_input, watch_news};
use crate::finding::Severity;
use crate::repo::WatchMode;

/// Runs an action, or says why it does nothing here.
pub(super) fn answer_action(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    let obstacle = state.find_obstacle(action).filter(|obstacle| {
        // The line itself is named where it has none.
        !answers_itself(action) && *obstacle != ActionObstacle::NoFindingOnLine
    });
    match obstacle {
        Some(obstacle) => {
            state.toast = Some(Toast::NotHere(obstacle));
            Vec::new()
        }
        None => apply_action(state, action),
    }
}

/// True for the actions that say why they do nothing in words of their own.
const fn answers_itself(action: Action) -> bool {
    matches!(action, Action::Fix | Action::Ignore | Action::Walk)
}

pub(super) fn apply_action(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    if state.stage.is_some() {
        return super::stage_input::answer_in_stage(state, action);
    }
    let mut effects = Vec::new();
    if !stays_in_place(action) && state.leave_mended_place() {
        effects = state.request_plan(false);
        // The row that follows the mended one is one further down.
        if action == Action::Down {
            return effects;
        }
    }
    effects.extend(run_action(state, action));
    effects
}

fn run_action(state: &mut AppState, action: Action) -> Vec<AppEffect> {
    if let Some(effects) = super::pair_actions::run_action(state, action) {
        return effects;
    }
    match action {
        Action::Down => move_selection(state, 1),
        Action::Up => move_selection(state, -1),
        Action::HalfDown => move_selection(state, half_page(state)),
        Action::HalfUp => move_selection(state, -half_page(state)),
        Action::Top => move_selection(state, isize::MIN),
        Action::Bottom => move_selection(state, isize::MAX),
        Action::Left => move_sideways(state, false),
        Action::Right => move_sideways(state, true),
        Action::NextPane => focus_pane(state, state.focus.neighbour_pane(true)),
        Action::PreviousPane => focus_pane(state, state.focus.neighbour_pane(false)),
        Action::Files => focus_pane(state, Pane::Files),
        Action::Findings => focus_pane(state, Pane::Findings),
        Action::Source => focus_pane(state, Pane::Source),
        Action::Rule => focus_pane(state, Pane::Rule),
        Action::Open => open_selected(state),
        Action::Back => go_back(state),
        Action::Fix => fix_actions::fix_selected(state),
        Action::StageRule => stage_input::open_stage(state, StageScope::Rule),
        Action::StageFile => stage_input::open_stage(state, StageScope::File),
        Action::StageFolder => stage_input::open_stage(state, StageScope::Folder),
        Action::StageApp => stage_input::open_stage(state, StageScope::App),
        Action::StageSeverity => stage_input::open_stage(state, StageScope::Severity),
        Action::StageSafe => stage_input::open_stage(state, StageScope::Safe),
        Action::FixAll => stage_input::open_stage(state, StageScope::All),
        Action::PinFile => stage_input::pin_images(state, false),
        Action::PinAll => stage_input::pin_images(state, true),
        // Only in a stage, which takes the keys.
        Action::Take | Action::TakeAll | Action::WriteStage => Vec::new(),
        Action::Values => super::value_input::open_editor(state),
        // Only where values are typed, which takes the keys.
        Action::KeepValues => Vec::new(),
        Action::Order => super::order_lists::choose_next_order(state),
        Action::Undo => vec![AppEffect::Ask(BackendRequest::Undo)],
        Action::UndoList => undo_list_input::open_undo_list(state),
        Action::Redo => vec![AppEffect::Ask(BackendRequest::Redo)],
        Action::Ignore => fix_actions::ask_suppress_reason(state),
        Action::Diff => fix_actions::part_diff(state),
        Action::Page => toggle_page(state),
        Action::Walk => super::walk::open_walk(state),
        Action::Filter => super::query_input::open_query(state),
        Action::NextInList => jumps::select_in_list(state, true),
        Action::PreviousInList => jumps::select_in_list(state, false),
        Action::GoToLinked if state.shows_rendered() => rendered_actions::go_to_origin(state),
        Action::Pairs => super::pair_actions::toggle_pairs(state),
        Action::Trial => super::trial_input::open_trial(state),
        // Only beside the pairs, which take it.
        Action::ChooseLink => Vec::new(),
        Action::Rendered => rendered_actions::toggle_rendered(state),
        Action::ValueSet => rendered_actions::choose_value_set(state),
        Action::GoToLinked => jumps::go_to_linked(state),
        Action::JumpBack => jumps::jump_back(state),
        Action::SetMark => jumps::await_mark(state, true),
        Action::GoToMark => jumps::await_mark(state, false),
        Action::FoldAll => folds::fold_all(state, false),
        Action::UnfoldAll => folds::fold_all(state, true),
        Action::ToggleFold => folds::toggle_fold(state),
        Action::Palette => {
            state.dialog = Some(DialogState::Palette(ActionPalette::default()));
            Vec::new()
        }
        Action::NextNew => watch_news::go_to_new(state, true),
        Action::PreviousNew => watch_news::go_to_new(state, false),
        Action::MarkSeen => watch_news::mark_seen(state),
        Action::NextUnread => jumps::go_to_unread(state),
        Action::ChangeLog => watch_news::open_log(state),
        Action::Next => select_neighbour(state, true),
        Action::Previous => select_neighbour(state, false),
        Action::MinSeverity => {
            state.filter.raise_min_severity();
            let effects = refresh_list(state);
            let (floor, all) = (state.filter.shown_floor(), state.index.entries.len());
            let words = match floor {
                Severity::Info => format!("All {all} findings are listed."),
                _ => format!("Listed from {floor} on: {} of {all}.", state.findings_list.len()),
            };
            state.toast = Some(Toast::Notice(words));
            effects
        }
        Action::FirstScreen => super::first_screen_input::open_screen(state),
        Action::Group => {
            state.grouping = state.grouping.next_grouping();
            refresh_list(state)
        }
        Action::Edit => open_editor(state),
        Action::Copy => fix_actions::copy_finding(state),
        Action::Pause => {
            vec![AppEffect::Ask(BackendRequest::Pause(state.watch_mode != WatchMode::Paused))]
        }
        Action::Rescan => {
            state.progress = Some((0, 0));
            state.show_progress = false;
            state.before_rescan = Some(AwaySnapshot::take_snapshot(&state.index, state.store.score()));
            state.toast = Some(Toast::LookingAgain);
            vec![AppEffect::Ask(BackendRequest::Scan), AppEffect::Remind]
        }
        Action::CheckPins => super::pin_check_dialog::request_pins(state),
        Action::Theme => next_theme(state),
        Action::Help => {
            state.dialog = Some(DialogState::Help { scroll: 0, filter: None });
            Vec::new()
        }
        Action::Redraw => vec![AppEffect::Redraw],
        Action::Suspend => vec![AppEffect::Suspend],
        Action::Quit => vec![AppEffect::Quit],
    }
}

/// True for what a person does without moving on from what was written.
const fn stays_in_place(action: Action) -> bool {
    matches!(
        action,
        Action::Fix
            | Action::Undo
            | Action::UndoList
            | Action::Redo
            | Action::Diff
            | Action::Page
            | Action::Copy
            | Action::Edit
            | Action::Help
            | Action::Pause
            | Action::Rescan
            | Action::Theme
            | Action::Redraw
            | Action::Suspend
            | Action::Quit
    )
}

/// Builds the lists anew and keeps the selection.
fn refresh_list(state: &mut AppState) -> Vec<AppEffect> {
    state.rebuild_findings_list();
    state.follow_finding();
    state.request_plan(false)
}

fn half_page(state: &AppState) -> isize {
    let lines = state.layout().pane_area(state.focus).content_lines() / 2;
    isize::try_from(lines.max(1)).unwrap_or(1)
}

fn move_selection(state: &mut AppState, by: isize) -> Vec<AppEffect> {
    let scrolled = |at: usize, last: usize| at.saturating_add_signed(by).min(last);
    match (state.fullscreen, state.focus) {
        (Some(FullscreenView::Diff), _) => {
            state.patch_scroll = scrolled(state.patch_scroll, state.scroll_limits.patch);
        }
        (Some(FullscreenView::Rendered), _) => rendered_actions::move_in_page(state, by),
        // The pairs take their keys before.
        (Some(FullscreenView::Pairs), _) => {}
        (Some(FullscreenView::Page), _) | (None, Pane::Rule) => {
            state.page_scroll = scrolled(state.page_scroll, state.scroll_limits.page);
        }
        (None, Pane::Files) => {
            state.files_cursor.move_by(by, state.tree.len());
            state.follow_file();
        }
        (None, Pane::Findings) => {
            state.findings_cursor.move_by(by, state.findings_list.rows.len());
            state.follow_finding();
        }
        (None, Pane::Source) => move_in_source(state, by),
    }
    state.request_plan(false)
}

/// Moves through the source; a line with findings brings its first one with it.
fn move_in_source(state: &mut AppState, by: isize) {
    let (len, _) = state.source_size();
    state.source.cursor.move_by(by, len);
    state.show_line();
    select_at_line(state);
}

pub(super) fn select_at_line(state: &mut AppState) -> bool {
    let line = state.source.cursor.row + 1;
    let found = state.current_path().and_then(|path| state.finding_at(path, line));
    found.is_some_and(|key| {
        state.select_finding(&key);
        true
    })
}

fn move_sideways(state: &mut AppState, right: bool) -> Vec<AppEffect> {
    match state.focus {
        _ if state.shows_rendered() => {
            rendered_actions::choose_origin(state, right);
            Vec::new()
        }
        Pane::Files => fold_folder(state, right),
        Pane::Findings => fold_finding_row(state, right),
        // Long lines wrap: there is nothing at the side.
        Pane::Source | Pane::Rule => Vec::new(),
    }
}

fn fold_folder(state: &mut AppState, open: bool) -> Vec<AppEffect> {
    let Some(row) = state.tree.get(state.files_cursor.row) else { return Vec::new() };
    match (&row.node, row.expanded) {
        (FileTreeNode::Folder(path), Some(is_open)) if is_open != open => {
            if open {
                state.folded_folders.remove(path);
            } else {
                state.folded_folders.insert(path.clone());
            }
            state.rebuild_lists();
            Vec::new()
        }
        _ if open => move_selection(state, 1),
        _ => {
            let depth = row.depth;
            let parent = state.tree[..state.files_cursor.row].iter().rposition(|above| above.depth < depth);
            state.files_cursor.row = parent.unwrap_or(state.files_cursor.row);
            state.follow_file();
            state.request_plan(false)
        }
    }
}

fn fold_finding_row(state: &mut AppState, open: bool) -> Vec<AppEffect> {
    let Some(row) = state.selected_row() else { return Vec::new() };
    if row.expanded == Some(!open) {
        let node = state.findings_list.node_of_row(&state.index, row);
        state.toggle_node(node);
        return refresh_list(state);
    }
    if open {
        return if row.expanded.is_some() { move_selection(state, 1) } else { Vec::new() };
    }
    let depth = row.depth;
    let parent =
        state.findings_list.rows[..state.findings_cursor.row].iter().rposition(|above| above.depth < depth);
    state.findings_cursor.row = parent.unwrap_or(state.findings_cursor.row);
    state.follow_finding();
    state.request_plan(false)
}

pub(super) fn open_selected(state: &mut AppState) -> Vec<AppEffect> {
    match state.focus {
        _ if state.shows_rendered() => rendered_actions::go_to_origin(state),
        Pane::Files => match state.selected_path {
            Some(FileTreeNode::Folder(_)) => {
                let is_open =
                    state.tree.get(state.files_cursor.row).and_then(|row| row.expanded) == Some(true);
                fold_folder(state, !is_open)
            }
            Some(FileTreeNode::File(_)) => focus_pane(state, Pane::Findings),
            None => Vec::new(),
        },
        Pane::Findings => {
            match state.selected_row().and_then(|row| Some((row.expanded, state.selected_row_node()?))) {
                Some((Some(_), node)) => {
                    state.toggle_node(node);
                    refresh_list(state)
                }
                Some((None, ListNode::Finding(_))) => focus_pane(state, Pane::Source),
                _ => Vec::new(),
            }
        }
        Pane::Source => pick_on_line(state),
        Pane::Rule => toggle_page(state),
    }
}

/// Goes to the explanation of the finding on the cursor's line; of several, each Enter picks the next.
fn pick_on_line(state: &mut AppState) -> Vec<AppEffect> {
    let line = state.source.cursor.row + 1;
    let Some(path) = state.current_path().cloned() else { return Vec::new() };
    let shown = state.index.entries_at_line(&path, line).iter();
    let keys: Vec<_> = shown.filter(|entry| state.is_shown(entry)).map(|entry| entry.key.clone()).collect();
    let current = state.current_finding().filter(|_| state.is_single_finding()).map(|entry| &entry.key);
    let at = keys.iter().position(|key| Some(key) == current);
    match keys.as_slice() {
        [] => {
            state.toast = Some(Toast::NothingOnLine(line));
            Vec::new()
        }
        [only] => {
            state.select_finding(only);
            focus_pane(state, Pane::Rule)
        }
        _ => {
            let next = at.map_or(0, |at| (at + 1) % keys.len());
            state.select_finding(&keys[next]);
            state.toast = Some(Toast::PickedOnLine { nth: next + 1, count: keys.len(), line });
            state.request_plan(false)
        }
    }
}

/// Closes the innermost open view; from where a jump led, goes back to where it came from.
fn go_back(state: &mut AppState) -> Vec<AppEffect> {
    if state.fullscreen.take().is_some() {
        return Vec::new();
    }
    if state.focus == Pane::Source && state.places.is_arrived_at(state.current_path()) {
        return jumps::jump_back(state);
    }
    let is_in_list = matches!(state.focus, Pane::Files | Pane::Findings);
    match state.filter.is_active() {
        true if state.filter.shows_opened_cause() && is_in_list => {
            return super::first_screen_input::return_to_row(state);
        }
        true if !state.filter.shows_opened_cause() => return super::query_input::clear_query(state),
        _ => {}
    }
    match state.focus {
        Pane::Source | Pane::Rule => focus_pane(state, state.active_list),
        Pane::Files | Pane::Findings => Vec::new(),
    }
}

/// Shows the explanation in full width, or the panes again.
fn toggle_page(state: &mut AppState) -> Vec<AppEffect> {
    let is_open = state.fullscreen == Some(FullscreenView::Page);
    state.fullscreen = (!is_open).then_some(FullscreenView::Page);
    Vec::new()
}

/// Selects the next or previous finding of the file in view, and begins again at the end.
fn select_neighbour(state: &mut AppState, forward: bool) -> Vec<AppEffect> {
    let Some(path) = state.current_path() else { return Vec::new() };
    let shown: Vec<_> = state.index.entries_in(path).iter().filter(|entry| state.is_shown(entry)).collect();
    let at = shown.iter().position(|entry| state.selected_node == Some(ListNode::Finding(entry.key.clone())));
    let line = state.source.cursor.row + 1;
    let next = match (at, forward) {
        (Some(at), true) => shown.get(at + 1).or(shown.first()),
        (Some(at), false) => at.checked_sub(1).and_then(|at| shown.get(at)).or(shown.last()),
        (None, true) => shown.iter().find(|entry| entry.line >= line).or(shown.first()),
        (None, false) => shown.iter().rfind(|entry| entry.line <= line).or(shown.last()),
    };
    if let Some(key) = next.map(|entry| entry.key.clone()) {
        state.select_finding(&key);
    }
    state.request_plan(false)
}

fn open_editor(state: &AppState) -> Vec<AppEffect> {
    let line = state.source.cursor.row + 1;
    state.current_path().map(|path| AppEffect::OpenEditor { path: path.clone(), line }).into_iter().collect()
}

fn next_theme(state: &mut AppState) -> Vec<AppEffect> {
    if !state.themes.is_empty() {
        state.theme = (state.theme + 1) % state.themes.len();
        state.toast = Some(Toast::ThemeChanged(state.theme_name().to_owned()));
    }
    vec![AppEffect::Redraw]
}
