//! Recovers from a write that was cut short: all of its files are old again, or all are new.

use std::fmt;

use super::super::write_files::WriteError;
use super::transaction::{TransactionState, WriteTransaction};
use super::{Journal, probe_note};
use crate::repo::write_files::{holds_text, remove_temporary, replace_all};
use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;

/// A write that a killed process had left half done, and that is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryReport {
    /// The files that have their old text again.
    pub restored: Vec<RelPath>,
    /// The files that somebody has changed since, and that were left alone.
    pub left_alone: Vec<RelPath>,
    /// True where it was an undo: what it was to take back stands again.
    pub is_undo: bool,
}

impl fmt::Display for RecoveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |paths: &[RelPath]| paths.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ");
        write!(f, "a write that was cut short is rolled back")?;
        match self.restored.as_slice() {
            [] => write!(f, ": it had changed no file yet")?,
            restored => write!(f, ": {} as before", names(restored))?,
        }
        if !self.left_alone.is_empty() {
            write!(f, "; changed since, and left alone: {}", names(&self.left_alone))?;
        }
        Ok(())
    }
}

/// Settles every step that is under way; to be called with the lock held, when nobody else can be at it.
pub(super) fn recover_transactions(journal: &Journal) -> Result<Vec<RecoveryReport>, WriteError> {
    probe_note::remove_leftovers(&journal.root, &journal.folder);
    let mut recovered = Vec::new();
    for step in journal.list_transactions()? {
        if let Some(end) = step.state.goal_state() {
            recovered.extend(settle_transaction(journal, &step, end)?);
        }
    }
    Ok(recovered)
}

/// Completes the step where every file is written. Else the files that are written get their old text again.
fn settle_transaction(
    journal: &Journal,
    step: &WriteTransaction,
    end: TransactionState,
) -> Result<Option<RecoveryReport>, WriteError> {
    let (_, mut patches) = step.read_texts(&journal.folder).map_err(|error| journal.journal_error(error))?;
    if step.state == TransactionState::Undoing {
        patches = patches.iter().map(FilePatch::to_inverse).collect();
    }
    patches.iter().for_each(|patch| remove_temporary(&journal.root, patch));
    let is = |patch: &FilePatch, text: &SourceText| {
        holds_text(&patch.path.to_absolute(&journal.root), text).unwrap_or_default()
    };
    let (new, others): (Vec<_>, Vec<_>) = patches.into_iter().partition(|patch| is(patch, &patch.after));
    if others.is_empty() {
        step.move_to_state(&journal.folder, end).map_err(|error| journal.journal_error(error))?;
        return Ok(None);
    }
    let back: Vec<FilePatch> = new.iter().map(FilePatch::to_inverse).collect();
    replace_all(&journal.root, &back, &|_| {})?;
    step.fall_back(&journal.folder).map_err(|error| journal.journal_error(error))?;
    let left = others.iter().filter(|patch| !is(patch, &patch.before)).map(|patch| patch.path.clone());
    Ok(Some(RecoveryReport {
        restored: new.into_iter().map(|patch| patch.path).collect(),
        left_alone: left.collect(),
        is_undo: step.state == TransactionState::Undoing,
    }))
}
