//! Scans the disk for the app: all of it, or the files that changed.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use super::service_worker::ServiceWorker;
use super::workspace;
use crate::app::BackendMessage;
use crate::audit::{AuditEngine, AuditUpdate};
use crate::repo::RelPath;
use crate::settings::{ChosenValues, SETTINGS_FILE, Settings};
use crate::suppress::{BASELINE_FILE, Baseline};
use crate::trial::apply_kept_trials;

/// The number of files per progress message: a repaint for each file would take longer than the file.
const FILES_PER_MESSAGE: usize = 64;

/// The callback for the numbers of files read and of all files, called from whichever thread reads.
type ProgressCallback<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The callback for the findings so far, where a scan reports them in parts.
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

    /// Scans everything again; a file whose text is unchanged is not audited again.
    pub(crate) fn rescan_all(&mut self, reply: &dyn Fn(BackendMessage)) {
        if !self.reload_settings(reply) {
            self.run_full_scan(reply, |engine, progress, _| engine.rescan(progress));
        }
    }

    /// Audits what was written just now; of settings nothing is said, since their writer has been told.
    pub(crate) fn follow_own_write(&mut self, paths: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        let tell = |message: BackendMessage| match message {
            BackendMessage::Notice(_) => {}
            other => reply(other),
        };
        if !paths.iter().any(is_settings_file) || !self.reload_settings(&tell) {
            self.refresh_files(paths, reply);
        }
    }

    /// Audits the changes that a watch reports.
    pub(crate) fn follow_changes(&mut self, paths: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        if !paths.iter().any(is_settings_file) || !self.reload_settings(reply) {
            self.refresh_files(paths, reply);
        }
    }

    /// Audits some files again. Where they are unchanged, no message is sent.
    pub(crate) fn refresh_files(&mut self, paths: Vec<RelPath>, reply: &dyn Fn(BackendMessage)) {
        let update = self.engine.refresh_paths(&paths.into_iter().collect());
        // A Dockerfile that was tried may say something else now.
        apply_kept_trials(&mut self.engine);
        if !update.is_empty() {
            reply(BackendMessage::AuditUpdated(update));
        }
    }

    /// Reads the settings and the baseline, and where they differ from before, audits everything by them. While they
    /// are broken, those from before stay in effect.
    fn reload_settings(&mut self, reply: &dyn Fn(BackendMessage)) -> bool {
        let root = self.engine.root().to_path_buf();
        match workspace::load_settings(&root)
            .and_then(|settings| Ok((settings, workspace::load_baseline(&root)?)))
        {
            Err(error) => {
                reply(BackendMessage::Notice(format!(
                    "{error:#}; the last version that could be read stays in effect"
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

    /// Runs a full scan, and reports its progress and the findings so far.
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
        apply_kept_trials(&mut self.engine);
        match update {
            Ok(update) => reply(BackendMessage::AuditUpdated(update)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        reply(BackendMessage::ScanFinished);
    }
}

/// True for a file that decides the findings of others: the settings or the baseline, in any folder.
fn is_settings_file(path: &RelPath) -> bool {
    matches!(path.file_name(), SETTINGS_FILE | BASELINE_FILE)
}
