//! What the backend says.

use super::super::backend::Message;
use super::super::event::Effect;
use super::super::layout::Pane;
use super::super::lookup::Stage;
use super::super::state::State;
use super::super::toast::Toast;
use crate::audit::Update;

/// How many scores the header's line remembers.
const SCORES: usize = 16;

pub(super) fn hear(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Scanning { done, total } => {
            let begins = state.progress.replace((done, total)).is_none();
            if begins {
                state.late = false;
                return vec![Effect::Remind];
            }
        }
        Message::Scanned => {
            state.progress = None;
            state.scanned = true;
            keep_score(state);
        }
        Message::Updated(update) => return take_in(state, update),
        Message::Planned { generation, plan } => state.preview.answer(generation, plan, &state.store),
        Message::Missing { generation, missing } => state.preview.lack(generation, missing),
        Message::Written { title, files } => state.toast = Some(Toast::Written { title, files }),
        Message::Undone { files } => {
            state.returns = true;
            state.toast = Some(Toast::Undone(files));
        }
        Message::Redone { files } => state.toast = Some(Toast::Redone(files)),
        Message::Refused { reason } => {
            state.toast = Some(Toast::Refused(reason));
            let effects = state.ask_plan(true);
            state.preview.forget();
            return effects;
        }
        Message::Looking { id, progress } => {
            let now = Stage::Asking(progress);
            super::pins::hear_progress(state, id, &now);
            super::lookup::hear_progress(state, id, now);
        }
        Message::Looked { id, said, others } => return super::lookup::hear(state, id, said, others),
        Message::Pins { id, pins } => return super::pins::hear_pins(state, id, pins),
        Message::Checked { id, said, others } => return super::pins::hear(state, id, said, others),
        Message::Walk(walk) => return super::walk::hear(state, *walk),
        Message::Watching(watching) => state.watching = watching,
        Message::Notice(text) => state.toast = Some(Toast::Notice(text)),
    }
    Vec::new()
}

fn take_in(state: &mut State, update: Update) -> Vec<Effect> {
    let is_empty = update.is_empty();
    let delta = state.store.apply(update);
    // Where nothing is other than before, what was new is still the latest.
    if state.scanned && !is_empty {
        state.resolved = delta.resolved.len();
        state.fresh = delta.new.iter().cloned().collect();
        keep_score(state);
    }
    let returned = state.fresh.iter().next().cloned().filter(|_| std::mem::take(&mut state.returns));
    let before = state.node.clone();
    let empty = state.outline.rows.is_empty();
    state.reindex(&delta.files);
    if let Some(key) = returned.filter(|_| state.is_single()) {
        state.select(&key);
    } else if state.list == Pane::Findings && (empty || state.node != before) {
        state.follow_finding();
    } else {
        follow_edit(state);
    }
    super::lookup::keep(state);
    if state.path().is_none_or(|path| state.store.file(path).is_none()) {
        state.source.path = None;
        state.follow_file();
    }
    if state.walk.is_some() {
        return super::walk::ask(state);
    }
    state.ask_plan(true)
}

/// The same finding may stand on another line now: the source goes with it, and the reader's eye stays where it was.
fn follow_edit(state: &mut State) {
    let single = state.is_single();
    let line = state.finding().filter(|_| single && state.focus != Pane::Source).map(|entry| entry.line);
    let (len, height) = state.source_size();
    let row = line.map_or(state.source.cursor.row, |line| line.saturating_sub(1));
    let moved = row as isize - state.source.cursor.row as isize;
    state.source.cursor.set(row, len);
    state.source.cursor.top = state.source.cursor.top.saturating_add_signed(moved);
    state.source.cursor.show(len, height, 3);
}

fn keep_score(state: &mut State) {
    let Some(score) = state.store.score() else { return };
    if state.scores.last() != Some(&score) {
        state.scores.push(score);
        let surplus = state.scores.len().saturating_sub(SCORES);
        state.scores.drain(..surplus);
    }
}
