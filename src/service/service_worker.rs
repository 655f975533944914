//! Answers the app's requests with the engine, the fixes and the disk.

use std::path::PathBuf;
use std::sync::Arc;

use super::git_changes::GitChanges;
use super::registry_worker::RegistryWorker;
use super::settings_plan;
use super::trial_worker::{TrialWish, TrialWorker};
use super::view_state::ViewStateFile;
use super::walk_export::WalkExports;
use super::walk_state::WalkStateFile;
use crate::app::{
    AppBackend, BackendMessage, BackendRequest, FixRiskClass, LookupMode, PairSubject, TrialApp,
};
use crate::audit::AuditEngine;
use crate::causes::rank_causes;
use crate::finding::{FindingKey, FixRisk};
use crate::fix::{CommentPlace, FixOrder, FixPlan, History, Planner, UndoDirection, UndoScope};
use crate::image::Reference;
use crate::pairs::find_pairs;
use crate::repo::{
    CheckedOut, FileChanges, FilePatch, PathBase, RelPath, RepositoryWatch, WatchMode, WriteError,
    read_branch, watch_repository,
};
use crate::service::ServiceHandle;
use crate::settings::{ChosenValues, ValueChoice};
use crate::trial::{TrialTarget, apply_kept_trials};
use crate::walkthrough::{self, AppId};

/// The worker that audits, plans, writes and undoes, one request at a time.
pub(crate) struct ServiceWorker {
    pub(crate) engine: AuditEngine,
    pub(crate) targets: Vec<PathBuf>,
    history: History,
    watch_state: WatchState,
    walk_state: WalkStateFile,
    walk_exports: WalkExports,
    view_state: ViewStateFile,
    registry_worker: RegistryWorker,
    handle: ServiceHandle,
    git_changes: GitChanges,
    trial_worker: TrialWorker,
    /// What is checked out.
    branch: Option<CheckedOut>,
    /// The values before those of a number were set.
    values_before: Option<(u64, ChosenValues)>,
}

struct WatchState {
    watch: RepositoryWatch,
    is_paused: bool,
    /// The watch status that the screen was last given.
    reported_mode: WatchMode,
}

impl ServiceWorker {
    pub(crate) fn new(engine: AuditEngine, targets: Vec<PathBuf>, remote: &ServiceHandle) -> Self {
        let told = remote.clone();
        // A change around the audited files may change their findings.
        let base = PathBase::new(&engine.settings().root_prefix);
        let watch = watch_repository(engine.repository_root(), move |changed| {
            told.send_request(match changed {
                FileChanges::Paths(paths) => BackendRequest::PathsChanged(
                    paths.iter().map(|path| base.path_for_people(path)).collect(),
                ),
                FileChanges::Everything => BackendRequest::Rescan,
            });
        });
        let mut watching = WatchState { watch, is_paused: false, reported_mode: WatchMode::Off };
        let history = History::open(engine.root());
        if let Some(message) = history.message() {
            remote.send_message(BackendMessage::Notice(message.to_owned()));
        }
        watching.report_status(&|message| remote.send_message(message));
        let kept = WalkStateFile::open(engine.root());
        let view_state = ViewStateFile::new(engine.root());
        if let Some(view) = view_state.read_view() {
            remote.send_message(BackendMessage::ViewRestored(Box::new(view)));
        }
        let lookups = RegistryWorker::new(remote.clone());
        let branch = read_branch(engine.repository_root());
        let git_changes = GitChanges::new(&engine, remote);
        Self {
            engine,
            targets,
            history,
            watch_state: watching,
            walk_state: kept,
            walk_exports: WalkExports::default(),
            view_state,
            registry_worker: lookups,
            handle: remote.clone(),
            git_changes,
            trial_worker: TrialWorker::new(remote.clone()),
            branch,
            values_before: None,
        }
    }

    fn write_plan(&mut self, plan: FixPlan, reply: &dyn Fn(BackendMessage)) {
        let files = patch_paths(&plan.patches);
        match Planner::write_with_title(&mut self.history, &plan.title, &plan.patches) {
            Ok(()) => {
                reply(BackendMessage::FixWritten { title: plan.title, files: files.clone() });
                self.walk_state.save_starts();
            }
            Err(error) => reply(BackendMessage::WriteRefused { reason: error.to_string() }),
        }
        self.follow_written(files, reply);
    }

    /// Audits what was written just now, and compares it with git's.
    fn follow_written(&mut self, files: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        self.follow_own_write(files.clone(), reply);
        self.git_changes.follow_files(&self.engine, &files, reply);
    }

    fn plan_stage(
        &self,
        generation: u64,
        (keys, max_risk): (&[FindingKey], FixRisk),
        reply: &dyn Fn(BackendMessage),
    ) {
        let remote = self.handle.clone();
        let wanted = move || remote.is_plan_current(generation);
        let answers = self.registry_worker.answers();
        let planner = Planner::new(&self.engine).with_answers(&answers).while_awaited(&wanted);
        let send = |groups, planned, is_last| {
            reply(BackendMessage::StagePlanned { generation, groups, planned, is_last });
        };
        if planner.plan_stage(keys, max_risk, &mut |groups, planned| send(groups, planned, false)) {
            send(Vec::new(), keys.len(), true);
        }
    }

    /// Writes the comment that allows a finding, where it is still the line that was shown.
    fn suppress_finding(
        &mut self,
        key: &FindingKey,
        (reason, shown): (&str, &CommentPlace),
        reply: &dyn Fn(BackendMessage),
    ) {
        let line = shown.written_line(key.rule, reason);
        let is_shown =
            |plan: &FixPlan| line.as_ref().is_ok_and(|line| shown.is_written_by(&plan.patches[0], line));
        match Planner::new(&self.engine).plan(&FixOrder::Suppression { key, reason }) {
            Ok(plan) if is_shown(&plan) => self.write_plan(plan, reply),
            Ok(_) => {
                let reason = format!("{} has changed since the comment was shown", key.path.file_name());
                reply(BackendMessage::WriteRefused { reason });
            }
            Err(no_plan) => reply(BackendMessage::WriteRefused { reason: no_plan.to_string() }),
        }
    }

    /// Tells where a comment would allow a finding, or that none could, before a person words a reason.
    fn check_exception(&self, key: FindingKey, reply: &dyn Fn(BackendMessage)) {
        let order = FixOrder::Suppression { key: &key, reason: "" };
        match Planner::new(&self.engine).plan(&order) {
            Ok(plan) => {
                let place = plan.patches.first().and_then(CommentPlace::of_patch);
                place.into_iter().for_each(|place| {
                    reply(BackendMessage::ExceptionPlaced { key: key.clone(), place });
                });
            }
            Err(no_plan) => reply(BackendMessage::ExceptionRefused { reason: no_plan.to_string(), key }),
        }
    }

    fn undo_write(&mut self, reply: &dyn Fn(BackendMessage)) {
        let is_take_back = self.history.undoes_take_back();
        let undone = Planner::undo(&mut self.history, UndoDirection::Back);
        if let Err(WriteError::ChangedOnDisk(path)) = undone {
            return reply(BackendMessage::UndoRefused { path });
        }
        let message = |files| match is_take_back {
            true => BackendMessage::TakeBackUndone { files },
            false => BackendMessage::FixUndone { files },
        };
        self.report_history_step(undone, "There is nothing to undo.", message, reply);
    }

    fn redo_write(&mut self, reply: &dyn Fn(BackendMessage)) {
        let is_take_back = self.history.redoes_take_back();
        let redone = Planner::undo(&mut self.history, UndoDirection::Forward);
        let message = |files| match is_take_back {
            true => BackendMessage::StepTakenBack { files, left: Vec::new() },
            false => BackendMessage::FixRedone { files },
        };
        self.report_history_step(redone, "There is nothing to redo.", message, reply);
    }

    fn take_back(&mut self, scope: UndoScope, reply: &dyn Fn(BackendMessage)) {
        match Planner::take_back(&mut self.history, scope) {
            Ok(undo) => {
                let files = patch_paths(&undo.patches);
                let left = undo.left.into_iter().map(|(path, reason)| format!("{path}: {reason}")).collect();
                reply(match undo.can_redo {
                    true => BackendMessage::FixUndone { files: files.clone() },
                    false => BackendMessage::StepTakenBack { files: files.clone(), left },
                });
                self.follow_written(files, reply);
            }
            Err(error) => reply(BackendMessage::WriteRefused { reason: error.to_string() }),
        }
    }

    fn report_history_step(
        &mut self,
        step: Result<Option<Vec<FilePatch>>, WriteError>,
        nothing: &str,
        message: impl Fn(Vec<RelPath>) -> BackendMessage,
        reply: &dyn Fn(BackendMessage),
    ) {
        match step {
            Ok(Some(patches)) => {
                let files = patch_paths(&patches);
                reply(message(files.clone()));
                self.follow_written(files, reply);
            }
            Ok(None) => reply(BackendMessage::Notice(nothing.to_owned())),
            Err(error) => reply(BackendMessage::WriteRefused { reason: error.to_string() }),
        }
    }

    fn save_results(&mut self, id: &AppId, text: &str, again: bool) -> BackendMessage {
        let folder = std::env::current_dir().map_err(anyhow::Error::from);
        match folder.and_then(|folder| self.walk_exports.save(&folder, id, text, again)) {
            Ok(path) => {
                self.walk_state.end_walk(id);
                let app = id.workload.as_ref().map(|(_, object)| object.to_string());
                let app = app.or_else(|| id.dockerfile.as_ref().map(ToString::to_string)).unwrap_or_default();
                BackendMessage::Notice(format!("{app} is saved as {}", path.display()))
            }
            Err(error) => BackendMessage::WriteRefused { reason: format!("{error:#}") },
        }
    }

    fn send_walk(&mut self, id: Option<&AppId>, reply: &dyn Fn(BackendMessage)) {
        let skips = id.map(|id| self.walk_state.skip_reasons(id)).unwrap_or_default();
        let mut walk = walkthrough::compute_walk(&self.engine, id, &skips);
        walk.app_before = walk.app_walk.as_ref().map(|journey| self.walk_state.starting_point(journey));
        reply(BackendMessage::WalkUpdated(Box::new(walk)));
    }

    fn set_values(&mut self, id: u64, choices: Vec<ValueChoice>) {
        if self.values_before.as_ref().is_none_or(|(known, _)| *known != id) {
            self.values_before = Some((id, self.engine.settings().chosen_values.clone()));
        }
        self.engine.choose_values(|chosen| choices.into_iter().for_each(|choice| chosen.choose(choice)));
    }

    fn restore_values(&mut self, id: u64) {
        if let Some((_, before)) = self.values_before.take().filter(|(known, _)| *known == id) {
            self.engine.choose_values(|chosen| *chosen = before);
        }
    }

    /// Forgets the values typed for these images: a lookup at a registry replaces them.
    fn forget_pins(&mut self, images: &[Reference]) {
        self.engine.choose_values(|chosen| {
            chosen.images.retain(|text, _| !images.iter().any(|own| own.text() == text));
        });
    }

    /// Sends the branch where another one is checked out now.
    fn report_branch(&mut self, reply: &dyn Fn(BackendMessage)) {
        let now = read_branch(self.engine.repository_root());
        if let (Some(from), Some(to)) = (&self.branch, &now)
            && to.is_elsewhere(from)
        {
            reply(BackendMessage::BranchChanged { from: from.name.clone(), to: to.name.clone() });
        }
        self.branch = now;
    }

    /// Tries an app on a copy of the audit, which goes on beside it.
    fn start_trial(&mut self, id: u64, app: TrialApp, wish: TrialWish) {
        let TrialApp { path, object, overlay } = app;
        let target = TrialTarget::as_deployed(&self.engine, path, &object, overlay.as_ref());
        self.trial_worker.start(self.engine.with_patches(&[]), id, target, wish);
    }

    fn set_paused(&mut self, paused: bool, reply: &dyn Fn(BackendMessage)) {
        self.watch_state.is_paused = paused;
        self.watch_state.report_status(reply);
        if !paused {
            self.rescan_all(reply);
        }
    }
}

impl WatchState {
    /// Sends the watch status to the screen, where it differs from the one last sent.
    fn report_status(&mut self, tell: &dyn Fn(BackendMessage)) {
        let words = self.current_mode();
        if words != self.reported_mode {
            self.reported_mode = words.clone();
            tell(BackendMessage::WatchChanged(words));
        }
    }

    fn current_mode(&self) -> WatchMode {
        if self.is_paused { WatchMode::Paused } else { self.watch.watch_mode() }
    }
}

fn patch_paths(patches: &[FilePatch]) -> Vec<RelPath> {
    patches.iter().map(|patch| patch.path.clone()).collect()
}

impl AppBackend for ServiceWorker {
    fn handle_request(&mut self, request: BackendRequest, reply: &dyn Fn(BackendMessage)) {
        self.watch_state.report_status(reply);
        match request {
            BackendRequest::Scan => {
                self.scan_all(reply);
                self.git_changes.ask_again();
            }
            BackendRequest::Rescan | BackendRequest::PathsChanged(_) if self.watch_state.is_paused => {}
            BackendRequest::Rescan => {
                self.rescan_all(reply);
                self.git_changes.follow_files(&self.engine, &[RelPath::from("")], reply);
                self.git_changes.ask_again();
            }
            BackendRequest::CheckoutMoved => {
                self.report_branch(reply);
                self.git_changes.ask_again();
            }
            BackendRequest::CompareRevision { revision } => self.git_changes.name_revision(revision, reply),
            BackendRequest::TakeRevision { revision, files } => {
                self.git_changes.take_revision(&self.engine, revision, files, reply);
            }
            BackendRequest::PathsChanged(paths) => {
                self.report_branch(reply);
                self.follow_changes(paths.clone(), reply);
                self.git_changes.follow_files(&self.engine, &paths, reply);
            }
            BackendRequest::Plan { generation, keys } => {
                let remote = self.handle.clone();
                let wanted = || remote.is_plan_current(generation);
                let answers = self.registry_worker.answers();
                let planner = Planner::new(&self.engine).with_answers(&answers).while_awaited(&wanted);
                let plan = planner.plan(&FixOrder::Findings(&keys));
                reply(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::PlanStage { generation, keys, max_risk } => {
                self.plan_stage(generation, (&keys, max_risk), reply);
            }
            BackendRequest::WeighStage { generation, patches } => {
                if self.handle.is_plan_current(generation) {
                    let outcome = Planner::new(&self.engine).weigh_patches(&patches);
                    reply(BackendMessage::StageWeighed { generation, outcome });
                }
            }
            BackendRequest::AssessRisks { paths } => {
                let answers = self.registry_worker.answers();
                let offers = Planner::new(&self.engine).with_answers(&answers).weigh_fixes(&paths);
                let classes = offers.into_iter().map(|(key, offer)| (key, FixRiskClass::of_offer(&offer)));
                let classes = classes.collect();
                reply(BackendMessage::RisksAssessed { paths, classes });
            }
            BackendRequest::RankCauses { with_info } => {
                let ranking = rank_causes(&self.engine, with_info);
                reply(BackendMessage::CausesRanked(Arc::new(ranking)));
            }
            BackendRequest::FindPairs(PairSubject { path, object, container }) => {
                let sheet = find_pairs(&self.engine, &path, &object, container.as_deref());
                reply(BackendMessage::PairsFound(sheet.map(Box::new)));
            }
            BackendRequest::KeepView(view) => {
                // What cannot be kept is only shown anew the next time.
                let _ = self.view_state.save_view(&view);
            }
            BackendRequest::SetValues { id, choices } => self.set_values(id, choices),
            BackendRequest::RestoreValues { id } => self.restore_values(id),
            BackendRequest::ForgetValues { choices } => {
                self.engine.choose_values(|chosen| choices.iter().for_each(|choice| chosen.forget(choice)));
            }
            BackendRequest::PlanSettings { generation, change } => {
                let plan = settings_plan::plan_settings(&self.engine, &change);
                reply(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::Write(plan) => self.write_plan(plan, reply),
            BackendRequest::Undo => self.undo_write(reply),
            BackendRequest::Redo => self.redo_write(reply),
            BackendRequest::ListUndo => {
                let steps = self.history.list_steps().map_err(|error| error.to_string());
                reply(BackendMessage::UndoListed(steps));
            }
            BackendRequest::TakeBack(scope) => self.take_back(scope, reply),
            BackendRequest::Suppress { key, reason, shown } => {
                self.suppress_finding(&key, (&reason, &shown), reply);
            }
            BackendRequest::CheckException { key } => self.check_exception(key, reply),
            BackendRequest::Walk(id) => self.send_walk(id.as_ref(), reply),
            BackendRequest::SkipChapter { id, chapter, reason } => {
                if let Err(error) = self.walk_state.save_skip(&id, chapter, reason) {
                    reply(BackendMessage::Notice(format!("The reason is not kept for next time: {error}")));
                }
                self.send_walk(Some(&id), reply);
            }
            BackendRequest::SaveResults { id, text, again } => reply(self.save_results(&id, &text, again)),
            BackendRequest::LookUpImages { id, images, mode: asking } => {
                if asking != LookupMode::CachedOnly {
                    self.forget_pins(&images);
                }
                self.registry_worker.start_lookup(id, images, asking);
            }
            BackendRequest::ListPins { id } => {
                reply(BackendMessage::PinsListed { id, pins: self.engine.pinned_images() });
            }
            BackendRequest::CheckPins { id, images } => self.registry_worker.start_pin_check(id, images),
            BackendRequest::Repin { generation, digests } => {
                let plan = Planner::new(&self.engine).plan(&FixOrder::Digests(&digests));
                reply(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::PreviewTrial { id, app, has_network } => {
                self.start_trial(id, app, TrialWish { runs: false, has_network });
            }
            BackendRequest::RunTrial { id, app, has_network } => {
                self.start_trial(id, app, TrialWish { runs: true, has_network });
            }
            BackendRequest::StopTrial => self.trial_worker.stop(),
            BackendRequest::ApplyTrials => apply_kept_trials(&mut self.engine),
            BackendRequest::StopPlanning { .. } => {}
            BackendRequest::StopLookup => self.registry_worker.cancel_running(),
            BackendRequest::PreferTag { image, tag } => {
                self.forget_pins(std::slice::from_ref(&image));
                self.registry_worker.prefer_tag(&image, tag.as_deref());
            }
            BackendRequest::Pause(paused) => self.set_paused(paused, reply),
        }
    }
}
