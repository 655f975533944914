//! Every write, so that it can be taken back and made again.

use std::path::Path;

use super::FilePatch;
use crate::repo::{Replacement, WriteError, replace};

/// The writes of this session, the newest last.
#[derive(Debug, Default)]
pub struct History {
    done: Vec<Vec<FilePatch>>,
    undone: Vec<Vec<FilePatch>>,
}

impl History {
    /// Writes the patches as one step. What had been undone can then no longer be redone.
    ///
    /// # Errors
    /// When a file cannot be written as it should; then none is.
    pub fn write(&mut self, root: &Path, patches: Vec<FilePatch>) -> Result<(), WriteError> {
        write(root, &patches)?;
        self.done.push(patches);
        self.undone.clear();
        Ok(())
    }

    /// Takes the newest step back; `None` when there is none. The step stays when it cannot be taken back, as when a
    /// file has moved on since.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn undo(&mut self, root: &Path) -> Result<Option<Vec<FilePatch>>, WriteError> {
        step(root, &mut self.done, &mut self.undone)
    }

    /// Makes the step that was taken back last again.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn redo(&mut self, root: &Path) -> Result<Option<Vec<FilePatch>>, WriteError> {
        step(root, &mut self.undone, &mut self.done)
    }
}

/// Moves the last step of one stack to the other, turned round, and writes what it then says.
fn step(
    root: &Path,
    from: &mut Vec<Vec<FilePatch>>,
    to: &mut Vec<Vec<FilePatch>>,
) -> Result<Option<Vec<FilePatch>>, WriteError> {
    let Some(last) = from.last() else { return Ok(None) };
    let turned: Vec<FilePatch> = last.iter().map(FilePatch::turned).collect();
    write(root, &turned)?;
    from.pop();
    to.push(turned.clone());
    Ok(Some(turned))
}

fn write(root: &Path, patches: &[FilePatch]) -> Result<(), WriteError> {
    let replacements: Vec<Replacement<'_>> = patches
        .iter()
        .map(|p| Replacement { path: &p.path, before: &p.before, after: p.after.text() })
        .collect();
    replace(root, &replacements)
}
