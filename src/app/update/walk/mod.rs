//! The walk: chapters forth and back, and the fix of each.

mod values;

use super::super::action::Action;
use super::super::backend::Request;
use super::super::event::{Effect, MouseKind};
use super::super::key::Key;
use super::super::overlay::Overlay;
use super::super::state::{State, Wide};
use super::super::toast::Toast;
use super::super::walk::{Asking, Walking};
use super::{act, lookup, writing};
use crate::walkthrough::{AppBefore, Chapter, ChapterStatus, WalkOverview};

/// Begins the walk, or the choice of an app to walk; the selected finding's is chosen first.
pub fn open(state: &mut State) -> Vec<Effect> {
    state.wide = None;
    state.walk = Some(Walking::default());
    ask(state)
}

/// Asks how the walk stands.
pub(super) fn ask(state: &State) -> Vec<Effect> {
    let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
    vec![Effect::Ask(Request::Walk(id))]
}

/// Takes in how the walk stands.
pub(super) fn hear(state: &mut State, walk: WalkOverview) -> Vec<Effect> {
    let selected = state.finding().map(|entry| entry.key.clone());
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if walk.app_walk.as_ref().is_some_and(|journey| Some(&journey.id) != walking.id.as_ref()) {
        return Vec::new();
    }
    let first = walking.walk.is_none();
    walking.walk = Some(walk);
    let walk = walking.walk.as_ref();
    let Some(apps) = walk.map(|walk| &walk.apps) else { return Vec::new() };
    if walking.id.is_none() {
        if let [only] = apps.as_slice()
            && first
        {
            walking.id = Some(only.id.clone());
            return ask(state);
        }
        if first {
            let of = |app: &crate::walkthrough::WalkApp| {
                selected.as_ref().is_some_and(|key| {
                    app.files.contains(&key.path)
                        && app.id.workload.as_ref().is_none_or(|(_, object)| {
                            key.subject.object.as_ref().is_none_or(|other| other == object)
                        })
                })
            };
            walking.choice = apps.iter().position(of).unwrap_or(0);
        }
        walking.choice = walking.choice.min(apps.len().saturating_sub(1));
        return Vec::new();
    }
    if walking.before.is_none()
        && let Some((now, at)) =
            walking.journey().map(|journey| (AppBefore::from_walk(journey), begin(journey)))
    {
        let earlier = walking.walk.as_ref().and_then(|walk| walk.app_before.clone());
        walking.before = Some(earlier.unwrap_or(now));
        walking.at = at;
    }
    walking.lay_out(&state.store);
    state.ask_plan(true)
}

/// The first chapter in which there is something to do, so that who comes back goes on.
fn begin(journey: &crate::walkthrough::AppWalk) -> usize {
    let open = |page: &crate::walkthrough::ChapterPage| {
        page.status == ChapterStatus::ToDo && page.skip_reason.is_none()
    };
    journey.pages.iter().position(open).unwrap_or(Chapter::ALL.len() - 1)
}

/// Keys of the walk.
pub(super) fn press(state: &mut State, key: Key, action: Option<Action>) -> Vec<Effect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if let Some(asking) = walking.asking.take() {
        return values::press(state, key, asking);
    }
    match action {
        Some(Action::Quit) => return vec![Effect::Quit],
        Some(Action::Walk) => return leave(state),
        Some(Action::Help) => {
            state.overlay = Some(Overlay::Help { scroll: 0, filter: None });
            return Vec::new();
        }
        Some(Action::Undo | Action::Redo | Action::Theme | Action::Rescan | Action::Pause) => {
            return action.map_or_else(Vec::new, |action| act::act(state, action));
        }
        _ => {}
    }
    if walking.id.is_none() {
        return choose(state, action);
    }
    match (key.typed(), action) {
        (Some('s'), _) => values::skip(state),
        (Some('v'), _) => values::change(state),
        (Some('o'), _) => ask_registry(state),
        (Some('x'), _) => export(state, false),
        (_, Some(Action::Copy)) => export(state, true),
        (_, Some(Action::Open | Action::Fix)) => apply(state),
        (_, Some(Action::Edit)) => edit(state),
        (_, Some(Action::Next | Action::Right)) => turn(state, 1),
        (Some('b'), _) | (_, Some(Action::Previous | Action::Left)) => turn(state, -1),
        (_, Some(Action::Back)) if state.wide.take().is_some() => Vec::new(),
        (_, Some(Action::Back)) => turn(state, -1),
        (_, Some(Action::Diff)) => {
            state.wide = if state.wide.is_some() { None } else { Some(Wide::Diff) };
            state.patch_scroll = 0;
            Vec::new()
        }
        (Some(digit @ '1'..='9'), _) => go(state, digit as usize - '1' as usize),
        _ => scroll(state, action),
    }
}

/// The mouse scrolls, and nothing else.
pub(super) fn wheel(state: &mut State, kind: MouseKind) -> Vec<Effect> {
    match kind {
        MouseKind::WheelUp => scroll(state, Some(Action::Up)),
        MouseKind::WheelDown => scroll(state, Some(Action::Down)),
        _ => Vec::new(),
    }
}

fn scroll(state: &mut State, action: Option<Action>) -> Vec<Effect> {
    let by = match action {
        Some(Action::Down) => 1,
        Some(Action::Up) => -1,
        Some(Action::HalfDown) => 8,
        Some(Action::HalfUp) => -8,
        Some(Action::Top) => isize::MIN,
        Some(Action::Bottom) => isize::MAX,
        _ => return Vec::new(),
    };
    let measured = state.measured;
    if state.wide.is_some() {
        state.patch_scroll = state.patch_scroll.saturating_add_signed(by).min(measured.patch);
    } else if let Some(walking) = &mut state.walk {
        walking.scroll = walking.scroll.saturating_add_signed(by).min(measured.page);
    }
    Vec::new()
}

fn choose(state: &mut State, action: Option<Action>) -> Vec<Effect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    let apps = walking.walk.as_ref().map(|walk| walk.apps.as_slice()).unwrap_or_default();
    let last = apps.len().saturating_sub(1);
    match action {
        Some(Action::Down) => walking.choice = (walking.choice + 1).min(last),
        Some(Action::Up) => walking.choice = walking.choice.saturating_sub(1),
        Some(Action::HalfDown) => walking.choice = (walking.choice + 8).min(last),
        Some(Action::HalfUp) => walking.choice = walking.choice.saturating_sub(8),
        Some(Action::Top) => walking.choice = 0,
        Some(Action::Bottom) => walking.choice = last,
        Some(Action::Open) => {
            walking.id = apps.get(walking.choice).map(|app| app.id.clone());
            return ask(state);
        }
        Some(Action::Back) => return leave(state),
        _ => {}
    }
    Vec::new()
}

/// Writes the diff in view; where there is none, goes on.
fn apply(state: &mut State) -> Vec<Effect> {
    let Some(page) = state.walk.as_ref().and_then(Walking::page) else { return Vec::new() };
    if page.status != ChapterStatus::ToDo {
        return turn(state, 1);
    }
    if state.preview.plan().is_some() && state.preview.keys == page.finding_keys {
        return writing::write(state);
    }
    if state.preview.outcome == super::super::preview::Outcome::Waiting {
        state.toast = Some(Toast::NotYet);
        return Vec::new();
    }
    turn(state, 1)
}

/// Names the registries that have the versions and digests of the chapter in view, and asks them once a person says so.
fn ask_registry(state: &mut State) -> Vec<Effect> {
    let page = state.walk.as_ref().and_then(Walking::page);
    let keys = page.filter(|page| page.chapter == Chapter::Image).map(|page| page.finding_keys.clone());
    let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
        state.toast = Some(Toast::Notice("There is nothing to ask a registry here.".to_owned()));
        return Vec::new();
    };
    lookup::open(state, &keys)
}

/// Opens the editor at the first line that the chapter cites.
fn edit(state: &State) -> Vec<Effect> {
    let cited = state.walk.as_ref().and_then(Walking::page).and_then(|page| page.quotes.first());
    cited.map(|cited| Effect::Edit { path: cited.path.clone(), line: cited.line }).into_iter().collect()
}

fn turn(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    if by < 0 && walking.at == 0 {
        let several = walking.walk.as_ref().is_some_and(|walk| walk.apps.len() > 1);
        if several {
            *walking = Walking { walk: walking.walk.take(), ..Walking::default() };
            return Vec::new();
        }
        return leave(state);
    }
    let to = walking.at.saturating_add_signed(by).min(Chapter::ALL.len() - 1);
    go(state, to)
}

fn go(state: &mut State, to: usize) -> Vec<Effect> {
    let Some(walking) = &mut state.walk else { return Vec::new() };
    walking.at = to;
    walking.scroll = 0;
    state.wide = None;
    state.ask_plan(true)
}

/// Back to the panes.
fn leave(state: &mut State) -> Vec<Effect> {
    state.walk = None;
    state.wide = None;
    state.ask_plan(true)
}

/// What came of it as Markdown: to the clipboard, or to a file.
fn export(state: &mut State, copy: bool) -> Vec<Effect> {
    let text = state.walk.as_ref().and_then(|walking| walking.markdown(&state.store));
    let Some(text) = text else { return Vec::new() };
    if copy {
        state.toast = Some(Toast::Copied);
        return vec![Effect::Copy(text)];
    }
    let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
    id.map(|id| Effect::Ask(Request::Save { id, text })).into_iter().collect()
}

fn set_asking(state: &mut State, asking: Asking) {
    if let Some(walking) = &mut state.walk {
        walking.asking = Some(asking);
    }
}
