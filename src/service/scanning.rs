//! Looking at the disk for the screen: all of it, or what has changed.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use super::service_worker::ServiceWorker;
use super::workspace;
use crate::app::BackendMessage;
use crate::audit::{AuditEngine, AuditUpdate};
use crate::repo::RelPath;
use crate::settings::{ChosenValues, SETTINGS_FILE, Settings};
use crate::suppress::{BASELINE_FILE, Baseline};

/// A repaint for each file would take longer than the file: only every so many are shown.
const FILES_PER_MESSAGE: usize = 64;

/// Told how many files of how many are read, from whichever thread reads.
type ProgressCallback<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Given what has been found so far, where that is told in parts.
type UpdateCallback<'a> = &'a mut dyn FnMut(AuditUpdate);

impl ServiceWorker {
    /// Audits everything from nothing.
    pub(crate) fn scan_all(&mut self, reply: &dyn Fn(BackendMessage)) {
        if !self.reload_settings(reply) {
            let targets = self.targets.clone();
            self.run_full_scan(reply, |engine, progress, tell| {
                engine.scan_streaming(&targets, progress, tell)
            });
        }
    }

    /// Looks at everything again; what says what it said is not audited again.
    pub(crate) fn rescan_all(&mut self, reply: &dyn Fn(BackendMessage)) {
        if !self.reload_settings(reply) {
            self.run_full_scan(reply, |engine, progress, _| engine.rescan(progress));
        }
    }

    /// Takes in what a watch says has changed.
    pub(crate) fn follow_changes(&mut self, paths: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        if !paths.iter().any(is_settings_file) || !self.reload_settings(reply) {
            self.refresh_files(paths, reply);
        }
    }

    /// Looks at some files again. When they are as they were, nothing is said.
    pub(crate) fn refresh_files(&mut self, paths: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        let update = self.engine.refresh_paths(&paths.into_iter().collect());
        if !update.is_empty() {
            reply(BackendMessage::AuditUpdated(update));
        }
    }

    /// Reads the settings and the baseline, and when they are others than before, looks at everything by them. While
    /// they are broken, those from before stay in effect.
    fn reload_settings(&mut self, reply: &dyn Fn(BackendMessage)) -> bool {
        let root = self.engine.root().to_path_buf();
        match workspace::load_settings(&root)
            .and_then(|settings| Ok((settings, workspace::load_baseline(&root)?)))
        {
            Err(error) => {
                reply(BackendMessage::Notice(format!(
                    "{error:#}; until it is mended, what it said before holds"
                )));
                false
            }
            Ok((settings, baseline)) if self.has_settings(&settings, &baseline) => false,
            Ok((settings, baseline)) => {
                let changed = if self.engine.baseline() == &baseline { SETTINGS_FILE } else { BASELINE_FILE };
                self.run_full_scan(reply, |engine, progress, _| {
                    engine.reconfigure(settings, baseline, progress)
                });
                reply(BackendMessage::Notice(format!("{changed} was read anew")));
                true
            }
        }
    }

    fn has_settings(&self, settings: &Settings, baseline: &Baseline) -> bool {
        let own = Settings { chosen_values: ChosenValues::default(), ..self.engine.settings().clone() };
        own == *settings && self.engine.baseline() == baseline
    }

    /// Does what looks at everything, and tells how far it has come, and what it has found so far.
    fn run_full_scan(
        &mut self,
        reply: &dyn Fn(BackendMessage),
        look: impl FnOnce(&mut AuditEngine, ProgressCallback<'_>, UpdateCallback<'_>) -> AuditUpdate + Send,
    ) {
        let (tell, told) = channel();
        let engine = &mut self.engine;
        let update = std::thread::scope(|scope| {
            let looking = scope.spawn(move || {
                let parts = tell.clone();
                let tell = Mutex::new(tell);
                let progress = |done, total| {
                    if (done % FILES_PER_MESSAGE == 0 || done == total)
                        && let Ok(tell) = tell.lock()
                    {
                        let _ = tell.send(BackendMessage::ScanProgress { done, total });
                    }
                };
                look(engine, &progress, &mut |part| drop(parts.send(BackendMessage::AuditUpdated(part))))
            });
            told.into_iter().for_each(reply);
            looking.join()
        });
        match update {
            Ok(update) => reply(BackendMessage::AuditUpdated(update)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        reply(BackendMessage::ScanFinished);
    }
}

/// Whether a file decides what is found: the settings or the baseline, wherever they stand.
fn is_settings_file(path: &RelPath) -> bool {
    matches!(path.file_name(), SETTINGS_FILE | BASELINE_FILE)
}
