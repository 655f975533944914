//! Takes a step back, or one change of it, also where its files have moved on since, for the undo list.

use super::undo_proof::find_other_change;
use super::undo_step::{read_now, whole_file_place};
use crate::repo::{FilePatch, Journal, JournalRecord, RelPath, WriteError};
use crate::text::{BlockPlace, BlockReversal, SourceText};

/// What of a step is to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoScope {
    /// All of it that still stands.
    Step(u64),
    /// One change: the step, and its place among the step's changes, from 0.
    Hunk(u64, usize),
}

/// The reason why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoRefusal {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("there is no step {0} that could be taken back")]
    NoStep(u64),
    #[error("step {0} has no hunk {1}")]
    NoHunk(u64, usize),
    #[error("{path}: {reason}: nothing was written")]
    Stays { path: RelPath, reason: String },
}

/// What was taken back, and what was not, with the reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartialUndo {
    pub patches: Vec<FilePatch>,
    pub left: Vec<(RelPath, String)>,
    /// True where the newest step was undone whole, and can be made again; else the undo is a write of its own.
    pub can_redo: bool,
}

/// The words before the title of what a step took back.
const TAKE_BACK_TITLE: &str = "Take back";

/// True where the title is that of a step that took another back.
pub(super) fn is_take_back(title: &str) -> bool {
    title == TAKE_BACK_TITLE || title.strip_prefix(TAKE_BACK_TITLE).is_some_and(|rest| rest.starts_with(": "))
}

/// Takes back what is asked for of a step of the journal.
pub(super) fn take_back(journal: &Journal, scope: UndoScope) -> Result<PartialUndo, UndoRefusal> {
    let (UndoScope::Step(number) | UndoScope::Hunk(number, _)) = scope;
    let records = journal.list_records()?;
    let Some(record) = records.into_iter().find(|record| record.number == number && !record.is_undone) else {
        return Err(UndoRefusal::NoStep(number));
    };
    if matches!(scope, UndoScope::Step(_))
        && let Some(patches) = undo_as_newest(journal, &record)?
    {
        return Ok(PartialUndo { patches, left: Vec::new(), can_redo: true });
    }
    let undo = plan_reversal(journal, &record, scope)?;
    if undo.patches.is_empty() {
        let (path, reason) = undo.left.into_iter().next().ok_or(UndoRefusal::NoStep(number))?;
        return Err(UndoRefusal::Stays { path, reason });
    }
    let title = match record.title.as_str() {
        "" => TAKE_BACK_TITLE.to_owned(),
        title if is_take_back(title) => title.to_owned(),
        title => format!("{TAKE_BACK_TITLE}: {title}"),
    };
    journal.write(&title, &undo.patches)?;
    Ok(undo)
}

/// The newest step, in files that have not moved since, is undone as `u` does, so that it can be made again.
fn undo_as_newest(journal: &Journal, record: &JournalRecord) -> Result<Option<Vec<FilePatch>>, WriteError> {
    let has_stayed =
        |patch: &FilePatch| read_now(journal.root(), &patch.path).is_ok_and(|now| now == patch.after);
    if !record.patches.iter().all(has_stayed) {
        return Ok(None);
    }
    journal.undo_newest(Some(record.number))
}

/// The patches that take back what still stands.
fn plan_reversal(
    journal: &Journal,
    record: &JournalRecord,
    scope: UndoScope,
) -> Result<PartialUndo, UndoRefusal> {
    let mut undo = PartialUndo::default();
    let mut first = 0;
    for patch in &record.patches {
        let now = read_now(journal.root(), &patch.path)
            .map_err(|error| WriteError::Unreadable { path: patch.path.clone(), error })?;
        let file = FileReversal { patch, now };
        let count = file.hunk_count();
        let chosen = match scope {
            UndoScope::Step(_) => 0..count,
            UndoScope::Hunk(_, nth) => match nth.checked_sub(first).filter(|nth| *nth < count) {
                Some(nth) => nth..nth + 1,
                None => 0..0,
            },
        };
        first += count;
        if !chosen.is_empty() {
            file.revert_into(&mut undo, |nth| chosen.contains(&nth));
        }
    }
    match scope {
        UndoScope::Hunk(number, nth) if nth >= first => Err(UndoRefusal::NoHunk(number, nth + 1)),
        _ => Ok(undo),
    }
}

/// A file of a step, and its text as it is now.
struct FileReversal<'a> {
    patch: &'a FilePatch,
    now: SourceText,
}

impl FileReversal<'_> {
    fn hunk_count(&self) -> usize {
        match whole_file_place(self.patch, &self.now) {
            Some(_) => 1,
            None => {
                crate::text::diff::changed_blocks(self.patch.before.text(), self.patch.after.text()).len()
            }
        }
    }

    fn revert_into(self, undo: &mut PartialUndo, is_chosen: impl Fn(usize) -> bool) {
        let Self { patch, now } = self;
        let path = patch.path.clone();
        let mut leave = |reason: &str| undo.left.push((path.clone(), reason.to_owned()));
        match whole_file_place(patch, &now) {
            Some(BlockPlace::Standing(_)) => return undo.patches.push(patch.to_inverse()),
            Some(BlockPlace::Reverted) => return leave("it is taken back already"),
            Some(BlockPlace::Changed) => return leave("the file was changed, or is gone, since"),
            None => {}
        }
        let (before, after) = (patch.before.text(), patch.after.text());
        let reversal = BlockReversal::new(before, after, now.text());
        for (nth, (block, place)) in reversal.blocks.iter().enumerate().filter(|(nth, _)| is_chosen(*nth)) {
            let line = block.after.start + 1;
            let number = nth + 1;
            match place {
                BlockPlace::Standing(_) => {}
                BlockPlace::Reverted => {
                    leave(&format!("hunk {number} (line {line} then) is taken back already"));
                }
                BlockPlace::Changed => leave(&format!(
                    "the lines of hunk {number} (line {line} then), or those around them, were changed since"
                )),
            }
        }
        let standing =
            |nth: usize| is_chosen(nth) && matches!(reversal.blocks[nth].1, BlockPlace::Standing(_));
        let text = reversal.revert_blocks(standing);
        if text == now.text() {
            return;
        }
        let own = BlockReversal::new(before, after, after).revert_blocks(standing);
        match find_other_change((after, &own), (now.text(), &text)) {
            Some(reason) => leave(reason),
            None => undo.patches.push(FilePatch { path, before: now, after: SourceText::new(text) }),
        }
    }
}
