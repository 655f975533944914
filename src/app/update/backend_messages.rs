//! Updates the state by the backend's messages.

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::BackendMessage;
use super::super::change_log::ChangeKind;
use super::super::registry_lookup::LookupStage;
use super::super::screen_layout::Pane;
use super::super::toast::Toast;
use super::undo_list_input;
use crate::audit::AuditUpdate;
use crate::finding::FindingKey;
use crate::repo::WatchMode;

pub(super) fn on_message(state: &mut AppState, message: BackendMessage) -> Vec<AppEffect> {
    match message {
        BackendMessage::ScanProgress { done, total } => {
            let begins = state.progress.replace((done, total)).is_none();
            if begins {
                state.show_progress = false;
                return vec![AppEffect::Remind];
            }
        }
        BackendMessage::ScanFinished => {
            state.progress = None;
            let is_first = !std::mem::replace(&mut state.is_scanned, true);
            record_score(state);
            if let Some(before) = state.before_rescan.take() {
                let (new, resolved) = before.count_changes(&state.index);
                state.toast = Some(Toast::LookedAgain { files: state.index.tally.files, new, resolved });
            }
            let mut effects = if is_first { super::open_first_screen::greet(state) } else { Vec::new() };
            effects.extend(super::open_first_screen::follow_update(state));
            return effects;
        }
        BackendMessage::ViewRestored(view) => state.restore_view(*view),
        BackendMessage::AuditUpdated(update) => return apply_audit_update(state, update),
        BackendMessage::PlanFinished { generation, plan } => {
            if state.preview.receive_plan(generation, plan, &state.store) {
                return super::value_input::on_plan_received(state);
            }
        }
        message @ (BackendMessage::StagePlanned { .. } | BackendMessage::StageWeighed { .. }) => {
            return super::stage_messages::on_stage_message(state, message);
        }
        BackendMessage::RisksAssessed { paths, classes } => {
            state.facts.risk_classes.receive_classes(paths, classes);
            let mut effects = super::query_input::follow_facts(state);
            effects.extend(super::open_first_screen::follow_risks(state));
            return effects;
        }
        BackendMessage::CausesRanked(ranking) => {
            return super::open_first_screen::on_causes_ranked(state, ranking);
        }
        BackendMessage::PairsFound(sheet) => {
            super::pair_actions::on_pairs_found(state, sheet.map(|sheet| *sheet));
        }
        BackendMessage::ChangesRead { revision, files } => {
            return super::query_input::on_changes_read(state, revision, files);
        }
        BackendMessage::FixWritten { title, files } => {
            super::walk::chapter_writing::finish_writing(state);
            super::stage_messages::finish_stage(state);
            state.change_log.expect_change(ChangeKind::Mended(title.clone()), files.clone());
            state.mended = state.being_mended.take();
            state.toast = Some(Toast::FixWritten { title, files });
        }
        BackendMessage::FixUndone { files } => {
            state.leave_mended_place();
            state.select_restored = true;
            state.change_log.expect_change(ChangeKind::TakenBack, files.clone());
            state.toast = Some(Toast::FixUndone(files));
            return undo_list_input::refresh_undo_list(state);
        }
        BackendMessage::StepTakenBack { files, left } => {
            state.leave_mended_place();
            state.select_restored = true;
            state.change_log.expect_change(ChangeKind::TakenBack, files.clone());
            let reason = left.first().cloned();
            state.toast = Some(Toast::StepTakenBack { files, left: left.len(), reason });
            return undo_list_input::refresh_undo_list(state);
        }
        BackendMessage::TakeBackUndone { files } => {
            state.leave_mended_place();
            state.change_log.expect_change(ChangeKind::MadeAgain, files.clone());
            state.toast = Some(Toast::TakeBackUndone(files));
            return undo_list_input::refresh_undo_list(state);
        }
        BackendMessage::UndoRefused { path } => {
            state.toast = Some(Toast::UndoRefused(path));
            return undo_list_input::refresh_undo_list(state);
        }
        BackendMessage::ExceptionPlaced { key, place } => {
            super::reason_input::on_exception_placed(state, &key, place);
        }
        BackendMessage::ExceptionRefused { key, reason } => {
            return super::reason_input::on_exception_refused(state, &key, reason);
        }
        BackendMessage::UndoListed(steps) => undo_list_input::on_undo_listed(state, steps),
        BackendMessage::FixRedone { files } => {
            state.change_log.expect_change(ChangeKind::MadeAgain, files.clone());
            state.toast = Some(Toast::FixRedone(files));
            return undo_list_input::refresh_undo_list(state);
        }
        BackendMessage::BranchChanged { from, to } => {
            state.change_log.note_branch(from, to);
            (state.takes_order, state.first_screen.takes_order) = (true, true);
            return vec![AppEffect::AwaitQuiet];
        }
        BackendMessage::WriteRefused { reason } => {
            super::walk::chapter_writing::drop_writing(state);
            state.being_mended = None;
            state.toast = Some(Toast::WriteRefused(reason));
            let mut effects = state.request_plan(true);
            effects.extend(super::stage_messages::resume_refused(state));
            state.preview.drop_stale();
            effects.extend(undo_list_input::refresh_undo_list(state));
            return effects;
        }
        BackendMessage::LookupProgress { id, progress } => {
            let now = LookupStage::Running(progress);
            super::pin_check_dialog::on_pin_check_progress(state, id, &now);
            super::lookup_dialog::on_lookup_progress(state, id, now);
        }
        BackendMessage::LookupFinished { id, results: said, other_hosts: others } => {
            return super::lookup_dialog::on_lookup_finished(state, id, said, others);
        }
        BackendMessage::PinsListed { id, pins } => {
            return super::pin_check_dialog::on_pins_listed(state, id, pins);
        }
        BackendMessage::PinCheckFinished { id, results: said, other_hosts: others } => {
            return super::pin_check_dialog::on_pin_check_finished(state, id, said, others);
        }
        BackendMessage::TrialLines { id, lines, progress } => {
            return super::trial_input::on_trial_lines(state, id, lines, progress);
        }
        BackendMessage::WalkUpdated(walk) => return super::walk::on_walk_updated(state, *walk),
        BackendMessage::WatchChanged(mode) => {
            let was_paused = std::mem::replace(&mut state.watch_mode, mode) == WatchMode::Paused;
            let is_paused = state.watch_mode == WatchMode::Paused;
            if was_paused != is_paused {
                state.toast = Some(Toast::WatchPaused(is_paused));
            }
        }
        BackendMessage::Notice(text) => state.toast = Some(Toast::Notice(text)),
    }
    Vec::new()
}

fn apply_audit_update(state: &mut AppState, update: AuditUpdate) -> Vec<AppEffect> {
    let is_empty = update.is_empty();
    if state.is_scanned {
        state.facts.note_changes(&state.store, &update);
    }
    let score_before = state.store.score();
    let delta = state.store.apply_update(update);
    let is_change = state.is_scanned && !is_empty;
    if is_change {
        record_score(state);
    }
    state.facts.risk_classes.forget_files(delta.files.iter());
    let is_restored = is_change && !delta.new.is_empty() && std::mem::take(&mut state.select_restored);
    let before = state.selected_node.clone();
    let empty = state.findings_list.rows.is_empty();
    state.update_index(&delta.files);
    if let Some(key) = worst_of(state, &delta.new).filter(|_| is_restored) {
        state.select_finding(&key);
    } else if state.mended_row().is_some() {
        // The place of what was written stays as it is.
    } else if state.active_list == Pane::Findings && (empty || state.selected_node != before) {
        state.is_displaced |= is_change && before.is_some() && state.selected_node.is_some();
        state.follow_finding();
    } else {
        follow_moved_line(state);
    }
    super::lookup_dialog::drop_vanished_keys(state);
    if state.current_path().is_none_or(|path| state.store.file(path).is_none()) {
        state.source.path = None;
        state.follow_file();
    }
    let mut effects =
        if is_change { super::watch_news::take_update(state, &delta, score_before) } else { Vec::new() };
    effects.extend(super::reason_input::place_anew(state));
    if state.walk.is_some() {
        effects.extend(state.request_walk());
        return effects;
    }
    effects.extend(super::stage_messages::follow_files(state, &delta.files));
    effects.extend(state.request_plan(true));
    effects.extend(super::query_input::request_risks(state));
    effects.extend(undo_list_input::refresh_undo_list(state));
    effects.extend(super::open_first_screen::follow_update(state));
    effects.extend(super::pair_actions::request_pairs(state));
    effects
}

/// The worst of these findings, the first of those that are alike.
fn worst_of(state: &AppState, keys: &[FindingKey]) -> Option<FindingKey> {
    let entries = keys.iter().filter_map(|key| state.index.find_entry(key));
    let worst = entries.min_by_key(|entry| (std::cmp::Reverse(entry.severity), &entry.key));
    worst.map(|entry| entry.key.clone())
}

/// Follows a finding that stands on another line now: the source moves with it, and the user sees it at the same
/// height.
fn follow_moved_line(state: &mut AppState) {
    let single = state.is_single_finding();
    let line =
        state.current_finding().filter(|_| single && state.focus != Pane::Source).map(|entry| entry.line);
    let (len, height) = state.source_size();
    let row = line.map_or(state.source.cursor.row, |line| line.saturating_sub(1));
    let moved = row as isize - state.source.cursor.row as isize;
    state.source.cursor.move_to(row, len);
    state.source.cursor.top = state.source.cursor.top.saturating_add_signed(moved);
    state.source.cursor.scroll_to_row(len, height, 3);
}

fn record_score(state: &mut AppState) {
    if let Some(score) = state.store.score() {
        state.push_score(score);
    }
}
