//! What is done about a write that was cut short: all of its files are old again, or all are new.

use std::fmt;

use super::super::write::WriteError;
use super::Journal;
use super::step::{State, Step};
use crate::repo::write::{clear_stage, replace};
use crate::repo::{FilePatch, RelPath, read};
use crate::text::Source;

/// A write that a killed process had left half done, and that is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The files that have their old text again.
    pub restored: Vec<RelPath>,
    /// The files that somebody has changed since, and that were left alone.
    pub left: Vec<RelPath>,
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |paths: &[RelPath]| paths.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ");
        write!(f, "a write that was cut short is rolled back")?;
        match self.restored.as_slice() {
            [] => write!(f, ": it had changed no file yet")?,
            restored => write!(f, ": {} as before", names(restored))?,
        }
        if !self.left.is_empty() {
            write!(f, "; changed since, and left alone: {}", names(&self.left))?;
        }
        Ok(())
    }
}

/// Settles every step that is under way; to be called with the lock held, when nobody else can be at it.
pub(super) fn recover(journal: &Journal) -> Result<Vec<Recovered>, WriteError> {
    let mut recovered = Vec::new();
    for step in journal.steps()? {
        if let Some(end) = step.state.end() {
            recovered.extend(settle(journal, &step, end)?);
        }
    }
    Ok(recovered)
}

/// Where every file is written the step is done. Else the files that are written get their old text again.
fn settle(journal: &Journal, step: &Step, end: State) -> Result<Option<Recovered>, WriteError> {
    let mut patches = step.patches(&journal.folder).map_err(|error| journal.failed(error))?;
    if step.state == State::Undoing {
        patches = patches.iter().map(FilePatch::turned).collect();
    }
    patches.iter().for_each(|patch| clear_stage(&journal.root, &patch.path));
    let is = |patch: &FilePatch, text: &Source| {
        read(&patch.path.under(&journal.root)).is_ok_and(|now| now == *text)
    };
    let (new, others): (Vec<_>, Vec<_>) = patches.into_iter().partition(|patch| is(patch, &patch.after));
    if others.is_empty() {
        step.becomes(&journal.folder, end).map_err(|error| journal.failed(error))?;
        return Ok(None);
    }
    let back: Vec<FilePatch> = new.iter().map(FilePatch::turned).collect();
    replace(&journal.root, &back, &|_| {})?;
    step.fall_back(&journal.folder).map_err(|error| journal.failed(error))?;
    let left = others.iter().filter(|patch| !is(patch, &patch.before)).map(|patch| patch.path.clone());
    Ok(Some(Recovered { restored: new.into_iter().map(|patch| patch.path).collect(), left: left.collect() }))
}
