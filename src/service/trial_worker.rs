//! Tries apps for the app, on a thread of its own: no key waits for a container engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::{BackendMessage, BackendRequest, TrialProgress};
use crate::audit::AuditEngine;
use crate::service::ServiceHandle;
use crate::text::make_printable;
use crate::trial::{
    AppTrial, ContainerEngine, RunningTrial, TrialError, TrialOptions, TrialRecord, TrialStep, TrialTarget,
    preview_lines, remove_leftovers, result_lines, run_time, step_lines,
};

/// The trial that goes on, if any.
pub(super) struct TrialWorker {
    handle: ServiceHandle,
    is_stopped: Arc<AtomicBool>,
}

/// What a thread needs for one trial.
struct TrialTask {
    handle: ServiceHandle,
    is_stopped: Arc<AtomicBool>,
    id: u64,
    target: TrialTarget,
    wish: TrialWish,
}

/// What a person asks of a trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrialWish {
    /// False where only what would run is asked.
    pub runs: bool,
    pub has_network: bool,
}

impl TrialWorker {
    pub(super) fn new(handle: ServiceHandle) -> Self {
        Self { handle, is_stopped: Arc::default() }
    }

    /// Begins on a thread of its own, with an audit of its own; what goes on is stopped.
    pub(super) fn start(&mut self, audit: AuditEngine, id: u64, target: TrialTarget, wish: TrialWish) {
        self.stop();
        self.is_stopped = Arc::default();
        let (handle, is_stopped) = (self.handle.clone(), Arc::clone(&self.is_stopped));
        let task = TrialTask { handle, is_stopped, id, target, wish };
        // It is counted before its thread begins, so that nobody leaves before it.
        let running = RunningTrial::begin();
        std::thread::spawn(move || {
            task.run(audit);
            drop(running);
        });
    }

    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}

impl TrialTask {
    fn run(self, mut audit: AuditEngine) {
        match self.try_app(&mut audit) {
            Ok(()) | Err(TrialError::Stopped) => {}
            Err(error) => self.send(vec![format!("{error}.")], TrialProgress::Failed),
        }
    }

    fn send(&self, lines: Vec<String>, progress: TrialProgress) {
        let lines = lines.iter().map(|line| make_printable(line).into_owned()).collect();
        self.handle.send_message(BackendMessage::TrialLines { id: self.id, lines, progress });
    }

    fn try_app(&self, audit: &mut AuditEngine) -> Result<(), TrialError> {
        let is_awaited = || !self.is_stopped.load(Ordering::Relaxed) && !RunningTrial::are_ending();
        let engine = ContainerEngine::find(audit.settings().engine.as_deref(), &is_awaited)?;
        let left = remove_leftovers(&engine, &is_awaited)?;
        let options = TrialOptions {
            has_network: self.wish.has_network,
            ..TrialOptions::watching(run_time(audit.settings()))
        };
        let mut attempts = 0;
        let mut report = |step: TrialStep<'_>| {
            let lines = shown_lines(&step, &mut attempts);
            if !lines.is_empty() {
                self.send(lines, TrialProgress::Running);
            }
        };
        let trial =
            AppTrial::prepare(&engine, audit, self.target.clone(), options, &is_awaited, &mut report)?;
        if !self.wish.runs {
            let (images, launch) = trial.preview()?;
            let removed = left.iter().map(|thing| format!("removed what an earlier trial left: {thing}"));
            let mut lines: Vec<String> = removed.chain(left_lines(&engine)).collect();
            lines.extend(preview_lines(&engine, &self.target, options, (&images, &launch)));
            self.send(lines, TrialProgress::Asking);
            return Ok(());
        }
        let result = trial.run()?;
        let mut lines = result_lines(&result);
        if let Some(Err(error)) = TrialRecord::of_result(audit, &result).map(|record| record.save()) {
            lines.push(format!("what was seen cannot be kept: {error}"));
        }
        // The fixes are weighed anew before the screen asks for them.
        self.handle.send_request(BackendRequest::ApplyTrials);
        lines.extend(left_lines(&engine));
        self.send(lines, TrialProgress::Finished);
        Ok(())
    }
}

/// What could not be removed.
fn left_lines(engine: &ContainerEngine) -> Vec<String> {
    let left = engine.cleaning.left().into_iter();
    left.map(|(thing, reason)| format!("not removed: {thing} ({reason}); the next trial tries again"))
        .collect()
}

/// What a person sees of a step while it is made.
fn shown_lines(step: &TrialStep<'_>, attempts: &mut usize) -> Vec<String> {
    match step {
        TrialStep::Building { .. } => vec!["The image is built.".to_owned()],
        TrialStep::TryingPart(part) => vec![format!("    with {} alone:", part.name())],
        _ => step_lines(step, attempts),
    }
}
