//! Holds the trial of an app while its dialog is open: what will run, what is seen, what came of it.

use std::sync::Arc;

use crate::repo::RelPath;

/// The most lines that are kept of a trial.
const MAX_LINES: usize = 2000;

/// How far a trial has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialProgress {
    /// The engine is asked what is there; nothing runs.
    Looking,
    /// What will run is shown, and the question whether to.
    Asking,
    Running,
    Finished,
    /// Nothing could be tried.
    Failed,
}

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialApp {
    pub path: RelPath,
    /// `Kind/name`.
    pub object: Arc<str>,
    /// The folder of the overlay that the file is shown in, where it is a part of any.
    pub overlay: Option<RelPath>,
}

/// The trial of one app.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialDialog {
    pub app: TrialApp,
    /// The number of this trial: messages of an older one are dropped.
    pub id: u64,
    pub progress: TrialProgress,
    /// True where builds and containers are given the engine's network, since a person asked for it.
    pub has_network: bool,
    pub lines: Vec<String>,
    /// The first line in view; none to follow the last.
    pub scroll: Option<usize>,
}

impl TrialDialog {
    #[must_use]
    pub const fn new(app: TrialApp, id: u64) -> Self {
        Self {
            app,
            id,
            progress: TrialProgress::Looking,
            has_network: false,
            lines: Vec::new(),
            scroll: Some(0),
        }
    }

    /// Adds what is new, and follows it unless a person has scrolled.
    pub(super) fn receive_lines(&mut self, lines: Vec<String>, progress: TrialProgress) {
        self.progress = progress;
        self.lines.extend(lines);
        let surplus = self.lines.len().saturating_sub(MAX_LINES);
        self.lines.drain(..surplus);
    }

    /// Begins to run: what is seen comes in the place of what was going to be.
    pub(super) fn begin_run(&mut self) {
        self.progress = TrialProgress::Running;
        self.lines.clear();
        self.scroll = None;
    }
}
