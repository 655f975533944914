//! Records every write, so that the user can undo and redo it, now and in a later session.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::take_back::{self, PartialUndo, UndoRefusal, UndoScope};
use super::undo_step::{UndoStep, read_now};
use crate::base::{describe_moment, state_home};
use crate::repo::{FilePatch, Journal, WriteError, WriteStage};

/// The writes to one repository, from the app and from the command line, kept in its journal.
pub struct History {
    journal: Journal,
    message: Option<String>,
    has_rolled_back: bool,
}

impl History {
    /// Opens the history of the repository at `root`. A write that a killed process left half done is rolled back
    /// first.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self::open_in(root, &state_home())
    }

    /// Opens the history in another folder for state than the user's own.
    #[must_use]
    pub fn open_in(root: &Path, state: &Path) -> Self {
        Self::from_journal(Journal::new(root, state))
    }

    /// Finds the history with the newest write at, below or above `path`; none where nothing was written.
    #[must_use]
    pub fn find_newest(path: &Path) -> Option<Self> {
        let journals = Journal::find_around(path, &state_home()).into_iter();
        // A write that was cut short is rolled back before the newest one is looked up.
        let histories = journals
            .map(Self::from_journal)
            .filter(|history| history.message.is_some() || history.journal.last_written().is_some());
        histories.max_by_key(|history| (history.journal.last_written(), history.message.is_some()))
    }

    /// Rolls back every write at, below or above `path` that a killed process left half done, before anything is read
    /// there; a message on each.
    #[must_use]
    pub fn roll_back_around(path: &Path) -> Vec<String> {
        let journals = Journal::find_around(path, &state_home()).into_iter();
        journals
            .filter(Journal::has_write_cut_short)
            .filter_map(|at| Self::from_journal(at).message)
            .collect()
    }

    /// The roots at, below or above `path` where a killed process left a write half done. Nothing is changed.
    #[must_use]
    pub fn find_cut_short(path: &Path) -> Vec<PathBuf> {
        let journals = Journal::find_around(path, &state_home()).into_iter();
        journals.filter(Journal::has_write_cut_short).map(|at| at.root().to_path_buf()).collect()
    }

    fn from_journal(journal: Journal) -> Self {
        let recovered = journal.recover_pending();
        let message = match &recovered {
            Ok(recovered) if recovered.is_empty() => None,
            Ok(recovered) => Some(recovered.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            Err(error) => Some(format!("a write that was cut short cannot be rolled back: {error}")),
        };
        let has_rolled_back = recovered.is_ok_and(|all| all.iter().any(|report| !report.is_undo));
        Self { journal, message, has_rolled_back }
    }

    /// Calls `tell` at each stage of a write, before it goes on.
    #[must_use]
    pub fn with_observer(mut self, tell: impl Fn(WriteStage) + Send + 'static) -> Self {
        self.journal = self.journal.with_observer(tell);
        self
    }

    /// The message on a write that was cut short and rolled back at the start, for the screen.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// True where a write, and not an undo, was rolled back at the start: so the newest write is taken back already.
    #[must_use]
    pub const fn has_rolled_back(&self) -> bool {
        self.has_rolled_back
    }

    /// The repository's root, to which the paths of patches are relative.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.journal.root()
    }

    /// Writes the patches as one step with a title. Steps that had been undone can then no longer be redone.
    ///
    /// # Errors
    /// When a file cannot be written as it should; then none is.
    pub(super) fn write(&mut self, title: &str, patches: &[FilePatch]) -> Result<(), WriteError> {
        self.journal.write(title, patches)
    }

    /// Every step, the newest first, with what became of its changes in the files as they are now.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn list_steps(&self) -> Result<Vec<UndoStep>, WriteError> {
        let (root, now) = (self.journal.root(), SystemTime::now());
        let records = self.journal.list_records()?;
        Ok(UndoStep::from_records(records, &|path| read_now(root, path), &|at| describe_moment(at, now)))
    }

    /// Takes a step back, or one change of it, in files that may have moved on since. What was changed since stays.
    ///
    /// # Errors
    /// When nothing of it can be taken back, or a file cannot be written; then none is.
    pub(super) fn take_back(&mut self, scope: UndoScope) -> Result<PartialUndo, UndoRefusal> {
        take_back::take_back(&self.journal, scope)
    }

    /// True where the next undo makes again what another step took back.
    #[must_use]
    pub fn undoes_take_back(&self) -> bool {
        self.journal.next_title().is_some_and(|title| take_back::is_take_back(&title))
    }

    /// True where the next redo takes back again what was made again.
    #[must_use]
    pub fn redoes_take_back(&self) -> bool {
        self.journal.undone_title().is_some_and(|title| take_back::is_take_back(&title))
    }

    /// Why the patches cannot be written, one reason for each that cannot. Nothing is written.
    pub(super) fn find_refusals(&self, patches: &[FilePatch]) -> Result<Vec<WriteError>, WriteError> {
        self.journal.find_refusals(patches)
    }

    /// Undoes the newest step and gives its patches; `None` when there is none. The step stays when it cannot be
    /// undone, as when a file has changed since.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) fn undo(&mut self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        self.journal.undo()
    }

    /// Redoes the step that was undone last.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) fn redo(&mut self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        self.journal.redo()
    }
}
