//! Handles the walk: chapters forth and back, and the fix of each.

pub(super) mod chapter_writing;
mod skip_prompt;
mod walk_keys;

pub(super) use walk_keys::{on_walk_key, run_pane_action, run_walk_action};

use super::super::action::Action;
use super::super::action_obstacle::ActionObstacle;
use super::super::app_event::{AppEffect, MouseEvent, MouseKind};
use super::super::app_state::{AppState, FullscreenView};
use super::super::backend_protocol::BackendRequest;
use super::super::toast::Toast;
use super::super::walk_screen::{ChapterChange, WalkPrompt, WalkScreen};
use super::{lookup_dialog, value_input, write_fix};
use crate::finding::FindingKey;
use crate::walkthrough::{AppBefore, Chapter, ChapterStatus, WalkApp, WalkOverview};

/// Begins the walk, or the choice of an app to walk; the selected finding's is chosen first.
pub fn open_walk(state: &mut AppState) -> Vec<AppEffect> {
    state.fullscreen = None;
    let chosen = chosen_finding(state);
    state.walk = Some(WalkScreen { chosen, ..WalkScreen::default() });
    state.request_walk()
}

/// The finding that a person has in view: of the first screen's row where that is about one object, else of the panes. A
/// row about the whole repository names no app, so that the worst is chosen.
fn chosen_finding(state: &AppState) -> Option<FindingKey> {
    if state.first_screen.is_open {
        let row = state.first_screen.selected_row()?;
        let first = row.keys().next()?;
        let is_same = |key: &FindingKey| key.path == first.path && key.subject.object == first.subject.object;
        return row.keys().all(is_same).then(|| first.clone());
    }
    state.current_finding().map(|entry| entry.key.clone())
}

/// Receives the state of the walk.
pub(super) fn on_walk_updated(state: &mut AppState, walk: WalkOverview) -> Vec<AppEffect> {
    let chosen = state.walk.as_ref().and_then(|walking| walking.chosen.as_ref());
    let selected = chosen.and_then(|key| state.index.find_entry(key));
    let selected = selected.map(|entry| (entry.key.clone(), entry.finding.placements.clone()));
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if walk.app_walk.as_ref().is_some_and(|journey| Some(&journey.id) != walking.id.as_ref()) {
        return Vec::new();
    }
    let first = walking.walk.is_none();
    let of = |app: &WalkApp| {
        let selected = selected.as_ref();
        selected.is_some_and(|(key, placements)| app.holds_finding(key, placements.as_deref()))
    };
    let wanted = walk.apps.iter().find(|app| of(app)).map(|app| app.id.clone());
    walking.receive_walk(walk, wanted.as_ref());
    let walk = walking.walk.as_ref();
    let Some(apps) = walk.map(|walk| &walk.apps) else { return Vec::new() };
    if walking.id.is_none() {
        if let [only] = apps.as_slice()
            && first
        {
            walking.id = Some(only.id.clone());
            return state.request_walk();
        }
        if first {
            walking.app_choice = apps.iter().position(of).unwrap_or(0);
        }
        walking.app_choice = walking.app_choice.min(apps.len().saturating_sub(1));
        return Vec::new();
    }
    if walking.initial.is_none()
        && let Some((now, at)) =
            walking.app_walk().map(|journey| (AppBefore::from_walk(journey), first_open_chapter(journey)))
    {
        let earlier = walking.walk.as_ref().and_then(|walk| walk.app_before.clone());
        walking.initial = Some(earlier.unwrap_or(now));
        walking.chapter_index = at;
    }
    let walked = walking.app_walk().map(|journey| state.facts.files_walked_beside(journey, &state.store));
    walking.redact_and_diff(&state.store, &walked.unwrap_or_default());
    state.request_plan(true)
}

/// The first chapter with something to do, so that a returning user goes on there.
fn first_open_chapter(journey: &crate::walkthrough::AppWalk) -> usize {
    let open = |page: &crate::walkthrough::ChapterPage| {
        page.status == ChapterStatus::ToDo && page.skip_reason.is_none()
    };
    journey.pages.iter().position(open).unwrap_or(Chapter::ALL.len() - 1)
}

/// Handles the mouse: the wheel scrolls, and goes through the apps that can be chosen; a click selects one of them, a
/// second one begins with it.
pub(super) fn on_walk_mouse(state: &mut AppState, mouse: MouseEvent) -> Vec<AppEffect> {
    let size = state.size;
    let Some(walking) = &mut state.walk else { return Vec::new() };
    let action = match mouse.kind {
        MouseKind::WheelUp => Action::Up,
        MouseKind::WheelDown => Action::Down,
        MouseKind::Press if walking.choice_position().is_some() => {
            let Some(app) = walking.app_at(mouse, size) else { return Vec::new() };
            if std::mem::replace(&mut walking.app_choice, app) != app {
                return Vec::new();
            }
            Action::Open
        }
        _ => return Vec::new(),
    };
    if walking.choice_position().is_some() {
        return choose_app(state, Some(action)).unwrap_or_default();
    }
    scroll_walk(state, Some(action));
    Vec::new()
}

fn scroll_walk(state: &mut AppState, action: Option<Action>) -> bool {
    let by = match action {
        Some(Action::Down) => 1,
        Some(Action::Up) => -1,
        Some(Action::HalfDown) => 8,
        Some(Action::HalfUp) => -8,
        Some(Action::Top) => isize::MIN,
        Some(Action::Bottom) => isize::MAX,
        _ => return false,
    };
    let measured = state.scroll_limits;
    if state.fullscreen.is_some() {
        turn_change_page(state, by.signum());
    } else if let Some(walking) = &mut state.walk {
        walking.scroll = walking.scroll.saturating_add_signed(by).min(measured.page);
    }
    true
}

/// Chooses an app to walk; none for an action that does nothing there.
fn choose_app(state: &mut AppState, action: Option<Action>) -> Option<Vec<AppEffect>> {
    let walking = state.walk.as_mut()?;
    let apps = walking.walk.as_ref().map(|walk| walk.apps.as_slice()).unwrap_or_default();
    let last = apps.len().saturating_sub(1);
    match action {
        Some(Action::Down) => walking.app_choice = (walking.app_choice + 1).min(last),
        Some(Action::Up) => walking.app_choice = walking.app_choice.saturating_sub(1),
        Some(Action::HalfDown) => walking.app_choice = (walking.app_choice + 8).min(last),
        Some(Action::HalfUp) => walking.app_choice = walking.app_choice.saturating_sub(8),
        Some(Action::Top) => walking.app_choice = 0,
        Some(Action::Bottom) => walking.app_choice = last,
        Some(Action::Open) => {
            walking.id = apps.get(walking.app_choice).map(|app| app.id.clone());
            return Some(state.request_walk());
        }
        Some(Action::Back) => return Some(leave_walk(state)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Writes the diff in view, and stays there. Where there is none, it says so: only `n` goes on.
fn write_chapter_fix(state: &mut AppState) -> Vec<AppEffect> {
    let Some(page) = state.walk.as_ref().and_then(WalkScreen::current_page) else { return Vec::new() };
    let is_written = state.walk.as_ref().is_some_and(|walking| walking.written_change().is_some());
    if page.status != ChapterStatus::ToDo || is_written {
        state.toast = Some(Toast::NotHere(ActionObstacle::NothingToWrite));
        return Vec::new();
    }
    if state.preview.writable_plan().is_some() && state.preview.keys == page.finding_keys {
        return match drawn_page(state) {
            Some(drawn) if drawn.page + 1 == drawn.pages => write_fix::write_or_confirm(state),
            Some(_) => turn_change_page(state, 1),
            None => {
                state.toast = Some(Toast::ChangeInView);
                Vec::new()
            }
        };
    }
    if state.preview.required_value().is_some() && state.preview.keys == page.finding_keys {
        return value_input::open_editor(state);
    }
    state.toast = Some(write_fix::no_plan_toast(state));
    Vec::new()
}

/// The page of the change that is on the screen, where it is the one in view now: another key may have come first.
fn drawn_page(state: &AppState) -> Option<ChapterChange> {
    let generation = state.preview.generation;
    let page = state.walk.as_ref()?.page_of_change(generation);
    let is_it = |drawn: &ChapterChange| {
        drawn.generation == generation && drawn.page == page.min(drawn.pages.saturating_sub(1))
    };
    state.scroll_limits.change.filter(is_it)
}

/// Shows another page of the change, one at a time: what was never on the screen cannot be passed.
fn turn_change_page(state: &mut AppState, by: isize) -> Vec<AppEffect> {
    let drawn = drawn_page(state);
    if let (Some(drawn), Some(walking)) = (drawn, &mut state.walk) {
        let page = drawn.page.saturating_add_signed(by).min(drawn.pages.saturating_sub(1));
        walking.change_page = (drawn.generation, page);
    }
    Vec::new()
}

/// Shows the next page of the change, or says that there is none.
fn show_next_page(state: &mut AppState) -> Vec<AppEffect> {
    if drawn_page(state).is_some_and(|drawn| drawn.page + 1 >= drawn.pages) {
        state.toast = Some(Toast::NotHere(ActionObstacle::LastPage));
    }
    turn_change_page(state, 1)
}

/// Shows the change in full width, or the chapter again. It never writes.
fn toggle_change(state: &mut AppState) -> Vec<AppEffect> {
    if state.fullscreen.is_none() && state.preview.writable_plan().is_none() {
        state.toast = Some(Toast::NotHere(ActionObstacle::NoChange));
        return Vec::new();
    }
    state.fullscreen = if state.fullscreen.is_some() { None } else { Some(FullscreenView::Diff) };
    show_first_page(state);
    Vec::new()
}

/// Names the registries that have the versions and digests of the chapter in view, and asks them once a person says
/// yes.
fn ask_registry(state: &mut AppState) -> Vec<AppEffect> {
    let page = state.walk.as_ref().and_then(WalkScreen::current_page);
    let keys = page.filter(|page| page.chapter == Chapter::Image).map(|page| page.finding_keys.clone());
    let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
        state.toast = Some(Toast::NotHere(ActionObstacle::NothingToAsk));
        return Vec::new();
    };
    lookup_dialog::open_lookup(state, &keys)
}

/// Opens the editor at the first line that the chapter quotes.
fn open_quoted_line(state: &AppState) -> Vec<AppEffect> {
    let cited = state.walk.as_ref().and_then(WalkScreen::current_page).and_then(|page| page.quotes.first());
    cited
        .map(|cited| AppEffect::OpenEditor { path: cited.path.clone(), line: cited.line })
        .into_iter()
        .collect()
}

fn turn_chapter(state: &mut AppState, by: isize) -> Vec<AppEffect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if by < 0 && walking.chapter_index == 0 {
        let several = walking.walk.as_ref().is_some_and(|walk| walk.apps.len() > 1);
        if several {
            let app_choice = walking.app_place().map_or(0, |(at, _)| at);
            walking.begin_again(None, app_choice);
            return Vec::new();
        }
        return leave_walk(state);
    }
    let last = Chapter::ALL.len() - 1;
    if by > 0 && walking.chapter_index == last && walking.next_app().is_some() {
        return walk_next_app(state);
    }
    let to = walking.chapter_index.saturating_add_signed(by).min(last);
    go_to_chapter(state, to)
}

/// Goes on with the next worst app, when one is done.
fn walk_next_app(state: &mut AppState) -> Vec<AppEffect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    let (id, place) = (walking.next_app().cloned(), walking.app_place());
    walking.begin_again(id, place.map_or(0, |(at, _)| at + 1));
    state.fullscreen = None;
    state.request_walk()
}

fn go_to_chapter(state: &mut AppState, to: usize) -> Vec<AppEffect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    walking.chapter_index = to;
    walking.scroll = 0;
    walking.fresh_chapter = None;
    state.fullscreen = None;
    state.request_plan(true)
}

/// Shows the change from its beginning: with another size its pages are others.
pub(super) fn show_first_page(state: &mut AppState) {
    if let Some(walking) = &mut state.walk {
        walking.change_page = (state.preview.generation, 0);
    }
}

/// Returns to the panes.
fn leave_walk(state: &mut AppState) -> Vec<AppEffect> {
    state.walk = None;
    state.fullscreen = None;
    let mut effects = state.request_plan(true);
    // What was written meanwhile is on the first screen under it, too.
    effects.extend(super::open_first_screen::follow_update(state));
    effects
}

/// Copies the command that checks the chapter; at the end, the results.
fn copy_check(state: &mut AppState) -> Vec<AppEffect> {
    let page = state.walk.as_ref().and_then(WalkScreen::current_page);
    match page.filter(|page| page.chapter != Chapter::Results).map(|page| page.check.command.clone()) {
        None => export_results(state, true),
        Some(command) if command.is_empty() => Vec::new(),
        Some(command) => {
            state.toast = Some(Toast::TextCopied);
            vec![AppEffect::Copy(command)]
        }
    }
}

/// Exports the results as Markdown: to the clipboard, or to a file.
fn export_results(state: &mut AppState, copy: bool) -> Vec<AppEffect> {
    let text = state.walk.as_ref().and_then(|walking| {
        let beside = state.facts.files_walked_beside(walking.app_walk()?, &state.store);
        walking.results_markdown(&state.store, &beside)
    });
    let Some(text) = text else { return Vec::new() };
    if copy {
        state.toast = Some(Toast::TextCopied);
        return vec![AppEffect::Copy(text)];
    }
    let Some(walking) = &mut state.walk else { return Vec::new() };
    let again = std::mem::replace(&mut walking.is_saved, true);
    let request = |id| AppEffect::Ask(BackendRequest::SaveResults { id, text, again });
    walking.id.clone().map(request).into_iter().collect()
}

fn set_prompt(state: &mut AppState, asking: WalkPrompt) {
    if let Some(walking) = &mut state.walk {
        walking.prompt = Some(asking);
    }
}
