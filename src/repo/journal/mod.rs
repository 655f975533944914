//! Records what was written to a repository's files, so that it can be undone, also by a later session.
//!
//! Each repository has a folder of its own, private to the user, below `$XDG_STATE_HOME/seaworthy`. Each write is one
//! file in it, which holds the texts before and after and is never changed; the end of its name is its state. It is
//! there before the first of the user's files is touched. So a process that is killed at any point leaves files that
//! are whole, old or new, and the next one to come finds out which, and puts the old ones back.

mod journal_folder;
mod probe_note;
mod recovery;
mod transaction;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

pub use recovery::RecoveryReport;

use super::write_files::{WriteError, WriteStage};
use super::{FilePatch, write_files};
use probe_note::ProbeNote;
use transaction::{TransactionState, WriteTransaction};

/// More steps than these, or more bytes, are not kept: the oldest go first, the newest never.
const MAX_TRANSACTIONS: usize = 100;
const MAX_JOURNAL_BYTES: u64 = 32 * 1024 * 1024;

/// One write, as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalRecord {
    /// It grows from write to write.
    pub number: u64,
    /// Empty where the writer gave none.
    pub title: String,
    pub written: SystemTime,
    /// True where it was undone, and can be made again.
    pub is_undone: bool,
    pub patches: Vec<FilePatch>,
}

/// The writes to one repository. It holds nothing in memory, so that the app and the command line see the same.
pub struct Journal {
    /// Canonical.
    root: PathBuf,
    folder: PathBuf,
    observer: Box<dyn Fn(WriteStage) + Send>,
}

impl Journal {
    /// The journal of the repository at `root`, below the user's folder for state. Nothing is made on disk yet.
    #[must_use]
    pub fn new(root: &Path, state: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        Self { folder: journal_folder::journal_folder(&root, state), root, observer: Box::new(|_| {}) }
    }

    /// Also reports each stage of a write, before it goes on.
    #[must_use]
    pub fn with_observer(mut self, tell: impl Fn(WriteStage) + Send + 'static) -> Self {
        self.observer = Box::new(tell);
        self
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes the patches as one step with a title. What had been undone can then no longer be redone.
    ///
    /// # Errors
    /// When a file cannot be written as it should, or the journal cannot be kept; then none is written.
    pub fn write(&self, title: &str, patches: &[FilePatch]) -> Result<(), WriteError> {
        let _lock = self.prepare_and_lock()?;
        let steps = self.list_transactions()?;
        let number = steps.last().map_or(1, |step| step.number.saturating_add(1));
        let step = WriteTransaction { number, state: TransactionState::Writing };
        step.write_texts(&self.folder, title, patches).map_err(|error| self.journal_error(error))?;
        self.run_transaction(&step, patches, TransactionState::Done)?;
        for undone in steps.iter().filter(|step| step.state == TransactionState::Undone) {
            let _ = undone.remove(&self.folder);
        }
        self.prune_old();
        Ok(())
    }

    /// Why the patches cannot be written as they are now, one reason for each that cannot. Nothing is written.
    ///
    /// # Errors
    /// When the journal cannot be kept.
    pub fn find_refusals(&self, patches: &[FilePatch]) -> Result<Vec<WriteError>, WriteError> {
        let _lock = self.prepare_and_lock()?;
        let note = ProbeNote::new(&self.folder, patches).map_err(|error| self.journal_error(error))?;
        let refusals = write_files::find_refusals(&self.root, patches);
        drop(note);
        Ok(refusals)
    }

    /// Undoes the newest step and returns what that wrote; `None` when there is none. The step stays when it cannot be
    /// undone, as when a file has changed since.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn undo(&self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        self.undo_newest(None)
    }

    /// The same, unless the newest step has another number.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn undo_newest(&self, number: Option<u64>) -> Result<Option<Vec<FilePatch>>, WriteError> {
        if !self.folder.exists() {
            return Ok(None);
        }
        let _lock = self.prepare_and_lock()?;
        let newest = self.newest_done()?.filter(|step| number.is_none_or(|number| step.number == number));
        let Some(step) = newest else { return Ok(None) };
        let (_, patches) = step.read_texts(&self.folder).map_err(|error| self.journal_error(error))?;
        let turned: Vec<FilePatch> = patches.iter().map(FilePatch::to_inverse).collect();
        let step = step
            .move_to_state(&self.folder, TransactionState::Undoing)
            .map_err(|error| self.journal_error(error))?;
        self.run_transaction(&step, &turned, TransactionState::Undone)?;
        Ok(Some(turned))
    }

    /// Makes the step that was undone last again.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn redo(&self) -> Result<Option<Vec<FilePatch>>, WriteError> {
        if !self.folder.exists() {
            return Ok(None);
        }
        let _lock = self.prepare_and_lock()?;
        let Some(step) = self.last_undone()? else { return Ok(None) };
        let (_, patches) = step.read_texts(&self.folder).map_err(|error| self.journal_error(error))?;
        let step = step
            .move_to_state(&self.folder, TransactionState::Redoing)
            .map_err(|error| self.journal_error(error))?;
        self.run_transaction(&step, &patches, TransactionState::Done)?;
        Ok(Some(patches))
    }

    /// Completes or reverts the writes that a killed process has left, and reports them.
    ///
    /// # Errors
    /// When a file cannot be put back; its text stays in the journal.
    pub fn recover_pending(&self) -> Result<Vec<RecoveryReport>, WriteError> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let _lock = self.lock_folder().map_err(|error| self.journal_error(error))?;
        recovery::recover_transactions(self)
    }

    /// True where a killed process has left a write half done; false while another process is at it. Nothing is changed.
    #[must_use]
    pub fn has_write_cut_short(&self) -> bool {
        let is_under_way =
            || self.list_transactions().is_ok_and(|all| all.iter().any(WriteTransaction::is_open));
        self.folder.exists() && is_under_way() && self.try_lock_folder().is_some() && is_under_way()
    }

    /// The time of the newest step that can be undone.
    #[must_use]
    pub fn last_written(&self) -> Option<SystemTime> {
        self.time_of(&self.newest_done().ok()??).ok()
    }

    /// The title of the step that would be undone next; none where there is none.
    #[must_use]
    pub fn next_title(&self) -> Option<String> {
        Some(self.newest_done().ok()??.read_texts(&self.folder).ok()?.0)
    }

    /// The title of the step that would be made again next; none where there is none.
    #[must_use]
    pub fn undone_title(&self) -> Option<String> {
        Some(self.last_undone().ok()??.read_texts(&self.folder).ok()?.0)
    }

    /// The step that would be made again next.
    fn last_undone(&self) -> Result<Option<WriteTransaction>, WriteError> {
        Ok(self.list_transactions()?.into_iter().find(|step| step.state == TransactionState::Undone))
    }

    /// Every step, the newest first.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn list_records(&self) -> Result<Vec<JournalRecord>, WriteError> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let _lock = self.prepare_and_lock()?;
        let record = |step: &WriteTransaction| -> io::Result<JournalRecord> {
            let (title, patches) = step.read_texts(&self.folder)?;
            let is_undone = step.state == TransactionState::Undone;
            Ok(JournalRecord { number: step.number, title, written: self.time_of(step)?, is_undone, patches })
        };
        let steps = self.list_transactions()?;
        steps.iter().rev().map(|step| record(step).map_err(|error| self.journal_error(error))).collect()
    }

    fn time_of(&self, step: &WriteTransaction) -> io::Result<SystemTime> {
        std::fs::metadata(step.path_in(&self.folder))?.modified()
    }

    /// Every journal of a repository at, below or above `path`.
    #[must_use]
    pub fn find_around(path: &Path, state: &Path) -> Vec<Self> {
        let roots = journal_folder::journal_roots(state);
        let near = roots.filter(|root| root.starts_with(path) || path.starts_with(root));
        near.map(|root| Self::new(&root, state)).collect()
    }

    /// Writes the files of a step that is under way, and returns how it ended.
    fn run_transaction(
        &self,
        step: &WriteTransaction,
        patches: &[FilePatch],
        end: TransactionState,
    ) -> Result<(), WriteError> {
        let _under_way = WRITE_IN_PROGRESS.lock();
        let _whole = RecoveryGuard(self);
        (self.observer)(WriteStage::Journaled);
        match write_files::replace_all(&self.root, patches, &*self.observer) {
            Ok(()) => {
                (self.observer)(WriteStage::Written);
                // Where this fails, the next start finds every file written, and records so in the journal itself.
                let _ = step.move_to_state(&self.folder, end);
                Ok(())
            }
            Err(error @ WriteError::HalfWritten { .. }) => Err(error),
            Err(error) => {
                let _ = step.fall_back(&self.folder);
                Err(error)
            }
        }
    }

    /// The folder, there and locked, with nothing left open by others.
    fn prepare_and_lock(&self) -> Result<File, WriteError> {
        journal_folder::create_folder(&self.folder, &self.root).map_err(|error| self.journal_error(error))?;
        let lock = self.lock_folder().map_err(|error| self.journal_error(error))?;
        recovery::recover_transactions(self)?;
        Ok(lock)
    }

    /// Held while files are written: one at a time. It ends with the process, however that ends.
    fn lock_folder(&self) -> io::Result<File> {
        let file = crate::base::private_file_options()
            .create(true)
            .truncate(false)
            .open(self.folder.join("lock"))?;
        #[cfg(unix)]
        rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
        Ok(file)
    }

    /// The lock where nobody holds it.
    fn try_lock_folder(&self) -> Option<File> {
        let file = File::open(self.folder.join("lock")).ok()?;
        #[cfg(unix)]
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(file)
    }

    /// In the order in which they were made.
    fn list_transactions(&self) -> Result<Vec<WriteTransaction>, WriteError> {
        WriteTransaction::list_in(&self.folder).map_err(|error| self.journal_error(error))
    }

    fn newest_done(&self) -> Result<Option<WriteTransaction>, WriteError> {
        Ok(self.list_transactions()?.into_iter().rfind(|step| step.state == TransactionState::Done))
    }

    fn prune_old(&self) {
        let Ok(steps) = self.list_transactions() else { return };
        let mut bytes = 0;
        for (nth, step) in steps.iter().rev().enumerate() {
            bytes += std::fs::metadata(step.path_in(&self.folder)).map_or(0, |about| about.len());
            if nth > 0 && (nth >= MAX_TRANSACTIONS || bytes > MAX_JOURNAL_BYTES) {
                let _ = step.remove(&self.folder);
            }
        }
    }

    fn journal_error(&self, error: io::Error) -> WriteError {
        WriteError::Journal { folder: self.folder.clone(), error }
    }
}

/// Held while files are written.
static WRITE_IN_PROGRESS: Mutex<()> = Mutex::new(());

/// Waits for the write that is under way in another thread, if one is.
pub fn finish_writing() {
    drop(WRITE_IN_PROGRESS.lock());
}

/// Settles what a write has begun, should it break off in a panic: no file waits for the next start.
struct RecoveryGuard<'a>(&'a Journal);

impl Drop for RecoveryGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Transactions that cannot be recovered now are recovered then.
            let _ = recovery::recover_transactions(self.0);
        }
    }
}
