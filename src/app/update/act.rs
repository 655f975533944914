//! What each action does in the panes.

use super::super::action::Action;
use super::super::backend::{Request, Watching};
use super::super::event::Effect;
use super::super::layout::Pane;
use super::super::outline::Node;
use super::super::overlay::Overlay;
use super::super::state::{State, Wide};
use super::super::toast::Toast;
use super::super::tree::Leaf;
use super::focus::focus;
use super::mend;

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => step(state, 1),
        Action::Up => step(state, -1),
        Action::HalfDown => step(state, half_page(state)),
        Action::HalfUp => step(state, -half_page(state)),
        Action::Top => step(state, isize::MIN),
        Action::Bottom => step(state, isize::MAX),
        Action::Left => sideways(state, false),
        Action::Right => sideways(state, true),
        Action::NextPane => focus(state, state.focus.step(true)),
        Action::PreviousPane => focus(state, state.focus.step(false)),
        Action::Files => focus(state, Pane::Files),
        Action::Findings => focus(state, Pane::Findings),
        Action::Source => focus(state, Pane::Source),
        Action::Rule => focus(state, Pane::Rule),
        Action::Open => open(state),
        Action::Back => back(state),
        Action::Fix => mend::fix(state),
        Action::FixAll => mend::menu(state),
        Action::Undo => vec![Effect::Ask(Request::Undo)],
        Action::Redo => vec![Effect::Ask(Request::Redo)],
        Action::Ignore => mend::ignore(state),
        Action::Diff => widen(state),
        Action::Walk => super::walk::open(state),
        Action::Filter => {
            state.typing = true;
            focus(state, Pane::Findings)
        }
        Action::Next => neighbour(state, true),
        Action::Previous => neighbour(state, false),
        Action::Floor => {
            state.filter.raise();
            refresh(state)
        }
        Action::Group => {
            state.grouping = state.grouping.next();
            refresh(state)
        }
        Action::Edit => edit(state),
        Action::Copy => mend::copy(state),
        Action::Pause => vec![Effect::Ask(Request::Pause(state.watching != Watching::Paused))],
        Action::Rescan => {
            state.progress = Some((0, 0));
            state.late = false;
            vec![Effect::Ask(Request::Scan), Effect::Remind]
        }
        Action::Check => super::pins::open(state),
        Action::Theme => next_theme(state),
        Action::Help => {
            state.overlay = Some(Overlay::Help { scroll: 0, filter: None });
            Vec::new()
        }
        Action::Redraw => vec![Effect::Redraw],
        Action::Suspend => vec![Effect::Suspend],
        Action::Quit => vec![Effect::Quit],
    }
}

/// The same selection in lists that are made anew.
fn refresh(state: &mut State) -> Vec<Effect> {
    state.refilter();
    state.follow_finding();
    state.ask_plan(false)
}

fn half_page(state: &State) -> isize {
    let lines = state.layout().area(state.focus).lines() / 2;
    isize::try_from(lines.max(1)).unwrap_or(1)
}

fn step(state: &mut State, by: isize) -> Vec<Effect> {
    let scrolled = |at: usize, last: usize| at.saturating_add_signed(by).min(last);
    match (state.wide, state.focus) {
        (Some(Wide::Diff), _) => state.patch_scroll = scrolled(state.patch_scroll, state.measured.patch),
        (Some(Wide::Page), _) | (None, Pane::Rule) => {
            state.page_scroll = scrolled(state.page_scroll, state.measured.page);
        }
        (None, Pane::Files) => {
            state.files.step(by, state.tree.len());
            state.follow_file();
        }
        (None, Pane::Findings) => {
            state.findings.step(by, state.outline.rows.len());
            state.follow_finding();
        }
        (None, Pane::Source) => step_source(state, by),
    }
    state.ask_plan(false)
}

/// Moves through the source; a line with findings brings its first one with it.
fn step_source(state: &mut State, by: isize) {
    let (len, height) = state.source_size();
    state.source.cursor.step(by, len);
    state.source.cursor.show(len, height, 3);
    select_at_line(state);
}

pub(super) fn select_at_line(state: &mut State) -> bool {
    let line = state.source.cursor.row + 1;
    let found = state.path().and_then(|path| state.finding_at(path, line));
    found.is_some_and(|key| {
        state.select(&key);
        true
    })
}

fn sideways(state: &mut State, right: bool) -> Vec<Effect> {
    match state.focus {
        Pane::Files => fold_folder(state, right),
        Pane::Findings => fold_row(state, right),
        Pane::Source | Pane::Rule => {
            let left = state.source.left;
            let left = if right { left + 8 } else { left.saturating_sub(8) };
            state.source.left = left.min(longest_line(state));
            Vec::new()
        }
    }
}

/// How far the lines in view can be scrolled to the right, at most; in bytes, which is never too few.
fn longest_line(state: &State) -> usize {
    let source = state.path().and_then(|path| state.store.file(path)).and_then(|file| file.source.as_ref());
    let (len, height) = state.source_size();
    let top = state.source.cursor.top;
    let shown = top + 1..=(top + height).min(len);
    source.map_or(0, |source| shown.map(|line| source.line(line).len()).max().unwrap_or(0))
}

fn fold_folder(state: &mut State, open: bool) -> Vec<Effect> {
    let Some(row) = state.tree.get(state.files.row) else { return Vec::new() };
    match (&row.leaf, row.open) {
        (Leaf::Folder(path), Some(is_open)) if is_open != open => {
            if open {
                state.folded.remove(path);
            } else {
                state.folded.insert(path.clone());
            }
            state.relist();
            Vec::new()
        }
        _ if open => step(state, 1),
        _ => {
            let depth = row.depth;
            let parent = state.tree[..state.files.row].iter().rposition(|above| above.depth < depth);
            state.files.row = parent.unwrap_or(state.files.row);
            state.follow_file();
            state.ask_plan(false)
        }
    }
}

fn fold_row(state: &mut State, open: bool) -> Vec<Effect> {
    let Some(row) = state.row() else { return Vec::new() };
    if row.open == Some(!open) {
        let node = state.outline.node(&state.index, row);
        state.flip(node);
        return refresh(state);
    }
    if open {
        return if row.open.is_some() { step(state, 1) } else { Vec::new() };
    }
    let depth = row.depth;
    let parent = state.outline.rows[..state.findings.row].iter().rposition(|above| above.depth < depth);
    state.findings.row = parent.unwrap_or(state.findings.row);
    state.follow_finding();
    state.ask_plan(false)
}

pub(super) fn open(state: &mut State) -> Vec<Effect> {
    match state.focus {
        Pane::Files => match state.leaf {
            Some(Leaf::Folder(_)) => {
                let is_open = state.tree.get(state.files.row).and_then(|row| row.open) == Some(true);
                fold_folder(state, !is_open)
            }
            Some(Leaf::File(_)) => focus(state, Pane::Findings),
            None => Vec::new(),
        },
        Pane::Findings => match state.row().and_then(|row| Some((row.open, state.row_node()?))) {
            Some((Some(_), node)) => {
                state.flip(node);
                refresh(state)
            }
            Some((None, Node::Finding(_))) => focus(state, Pane::Source),
            _ => Vec::new(),
        },
        Pane::Source => {
            if select_at_line(state) {
                focus(state, Pane::Rule)
            } else {
                Vec::new()
            }
        }
        Pane::Rule => widen(state),
    }
}

/// Closes the innermost of what is open.
fn back(state: &mut State) -> Vec<Effect> {
    if state.wide.take().is_some() {
        return Vec::new();
    }
    if !state.filter.text.is_empty() {
        return clear_filter(state);
    }
    match state.focus {
        Pane::Source | Pane::Rule => focus(state, state.list),
        Pane::Files | Pane::Findings => Vec::new(),
    }
}

/// Shows everything again; the finding that was found stays in view, whatever it was folded under.
pub(super) fn clear_filter(state: &mut State) -> Vec<Effect> {
    let found = state.finding().filter(|_| state.is_single()).map(|entry| entry.key.clone());
    state.filter.text.clear();
    state.refilter();
    match found {
        Some(key) => state.select(&key),
        None => state.follow_finding(),
    }
    state.ask_plan(false)
}

/// The diff in full width, then the explanation, then the panes again.
fn widen(state: &mut State) -> Vec<Effect> {
    state.wide = match state.wide {
        None => Some(Wide::Diff),
        Some(Wide::Diff) => Some(Wide::Page),
        Some(Wide::Page) => None,
    };
    Vec::new()
}

/// The next or previous finding of the file in view, round and round.
fn neighbour(state: &mut State, forward: bool) -> Vec<Effect> {
    let Some(path) = state.path() else { return Vec::new() };
    let shown: Vec<_> = state.index.in_file(path).iter().filter(|e| state.filter.lets_through(e)).collect();
    let at = shown.iter().position(|entry| state.node == Some(Node::Finding(entry.key.clone())));
    let line = state.source.cursor.row + 1;
    let next = match (at, forward) {
        (Some(at), true) => shown.get(at + 1).or(shown.first()),
        (Some(at), false) => at.checked_sub(1).and_then(|at| shown.get(at)).or(shown.last()),
        (None, true) => shown.iter().find(|entry| entry.line >= line).or(shown.first()),
        (None, false) => shown.iter().rfind(|entry| entry.line <= line).or(shown.last()),
    };
    if let Some(key) = next.map(|entry| entry.key.clone()) {
        state.select(&key);
    }
    state.ask_plan(false)
}

fn edit(state: &State) -> Vec<Effect> {
    let line = state.source.cursor.row + 1;
    state.path().map(|path| Effect::Edit { path: path.clone(), line }).into_iter().collect()
}

fn next_theme(state: &mut State) -> Vec<Effect> {
    if !state.themes.is_empty() {
        state.theme = (state.theme + 1) % state.themes.len();
        state.toast = Some(Toast::Theme(state.theme_name().to_owned()));
    }
    vec![Effect::Redraw]
}
