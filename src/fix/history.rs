//! Every write, so that it can be taken back and made again: now, and in a later session.

use std::path::Path;

use crate::base::state_home;
use crate::repo::FilePatch;
use crate::repo::{Journal, WriteError, WriteStage};

/// The writes to one repository, from the app and from the command line, kept in its journal.
pub struct History {
    journal: Journal,
    message: Option<String>,
}

impl History {
    /// The history of the repository at `root`. What a killed process has left half written is rolled back first.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self::open_in(root, &state_home())
    }

    /// The same, kept below another folder for state than the user's own.
    #[must_use]
    pub fn open_in(root: &Path, state: &Path) -> Self {
        Self::from_journal(Journal::new(root, state))
    }

    /// The history in which the newest write at, below or above `path` stands; none where nothing was written.
    #[must_use]
    pub fn find_newest(path: &Path) -> Option<Self> {
        let journals = Journal::find_around(path, &state_home()).into_iter();
        // A write that was cut short is settled before anybody asks which is the newest.
        let histories = journals
            .map(Self::from_journal)
            .filter(|history| history.message.is_some() || history.journal.last_written().is_some());
        histories.max_by_key(|history| (history.journal.last_written(), history.message.is_some()))
    }

    fn from_journal(journal: Journal) -> Self {
        let message = match journal.recover_pending() {
            Ok(recovered) if recovered.is_empty() => None,
            Ok(recovered) => Some(recovered.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            Err(error) => Some(format!("a write that was cut short cannot be rolled back: {error}")),
        };
        Self { journal, message }
    }

    /// Also tells of each moment of a write, before it goes on.
    #[must_use]
    pub fn with_observer(mut self, tell: impl Fn(WriteStage) + Send + 'static) -> Self {
        self.journal = self.journal.with_observer(tell);
        self
    }

    /// What was done at the start about a write that was cut short, for the screen.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The repository's root, to which the paths of patches are relative.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.journal.root()
    }

    /// Writes the patches as one step. What had been undone can then no longer be redone.
    ///
    /// # Errors
    /// When a file cannot be written as it should; then none is.
    pub(super) fn write(&mut self, patches: &[FilePatch]) -> Result<(), WriteError> {
        self.journal.write(patches)
    }

    /// Takes the newest step back and says what that wrote; `None` when there is none. The step stays when it cannot be
    /// taken back, as when a file has moved on since.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) fn undo(&mut self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        self.journal.undo()
    }

    /// Makes the step that was taken back last again.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) fn redo(&mut self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        self.journal.redo()
    }
}
