//! Lists the writes that can be taken back, with what became of each change, for the undo list of the app and of the
//! command line.

use std::path::Path;
use std::time::SystemTime;

use super::undo_proof::find_other_change;
use crate::repo::{FilePatch, JournalRecord, ReadError, RelPath, read_source};
use crate::text::diff::ChangedBlock;
use crate::text::{BlockPlace, BlockReversal, SourceText};

/// The most changes that are proven while all steps are listed; those of older steps are proven when they are taken
/// back.
const MAX_PROVEN_HUNKS: usize = 400;

/// One write to the repository.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoStep {
    /// It stays the same however many come and go.
    pub number: u64,
    /// The title of what was written; empty where none was kept.
    pub title: String,
    /// When it was written, as people here read it: the time, and the day before today.
    pub moment: String,
    /// True where it was taken back whole, and can be made again.
    pub is_undone: bool,
    pub files: Vec<UndoFile>,
}

/// A file of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoFile {
    pub path: RelPath,
    pub before: SourceText,
    pub after: SourceText,
    pub hunks: Vec<UndoHunk>,
}

/// One run of lines that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoHunk {
    pub block: ChangedBlock,
    pub place: BlockPlace,
    /// Why it cannot be taken back by itself; none where it can.
    pub refusal: Option<String>,
}

impl UndoStep {
    /// The steps of a journal's records, by the texts of their files as they are now; `word_moment` words a time.
    #[must_use]
    pub fn from_records(
        records: Vec<JournalRecord>,
        read_now: &dyn Fn(&RelPath) -> Result<SourceText, ReadError>,
        word_moment: &dyn Fn(SystemTime) -> String,
    ) -> Vec<Self> {
        let mut proven = 0;
        let step = |record: JournalRecord| {
            let files = record.patches.into_iter().map(|patch| {
                let hunks = list_hunks(&patch, read_now(&patch.path), &mut proven);
                UndoFile { path: patch.path, before: patch.before, after: patch.after, hunks }
            });
            Self {
                files: files.collect(),
                number: record.number,
                title: record.title,
                moment: word_moment(record.written),
                is_undone: record.is_undone,
            }
        };
        records.into_iter().map(step).collect()
    }

    /// All changes of the step, in the order of its files.
    pub fn hunks(&self) -> impl Iterator<Item = &UndoHunk> {
        self.files.iter().flat_map(|file| &file.hunks)
    }

    /// The number of changes that still stand as they were written.
    #[must_use]
    pub fn standing_count(&self) -> usize {
        self.hunks().filter(|hunk| hunk.is_standing()).count()
    }
}

impl UndoHunk {
    #[must_use]
    pub const fn is_standing(&self) -> bool {
        matches!(self.place, BlockPlace::Standing(_))
    }
}

/// The state of each change of a file.
fn list_hunks(patch: &FilePatch, now: Result<SourceText, ReadError>, proven: &mut usize) -> Vec<UndoHunk> {
    let (before, after) = (patch.before.text(), patch.after.text());
    let now = match now {
        Ok(now) => now,
        Err(error) => {
            let reason = format!("{} cannot be read: {error}", patch.path);
            let lost = |block| UndoHunk { block, place: BlockPlace::Changed, refusal: Some(reason.clone()) };
            return crate::text::diff::changed_blocks(before, after).into_iter().map(lost).collect();
        }
    };
    if let Some(place) = whole_file_place(patch, &now) {
        let lines = |source: &SourceText| 0..source.text().split_inclusive('\n').count();
        let block = ChangedBlock { before: lines(&patch.before), after: lines(&patch.after) };
        let refusal = refusal_of(&place, "the file").map(str::to_owned);
        return vec![UndoHunk { block, place, refusal }];
    }
    let reversal = BlockReversal::new(before, after, now.text());
    let own = BlockReversal::new(before, after, after);
    let hunk = |(nth, (block, place)): (usize, &(ChangedBlock, BlockPlace))| {
        let mut refusal = refusal_of(place, "its lines or those around them");
        if refusal.is_none() && *proven < MAX_PROVEN_HUNKS {
            *proven += 1;
            let alone = |reversal: &BlockReversal<'_>| reversal.revert_blocks(|at| at == nth);
            refusal = find_other_change((after, &alone(&own)), (now.text(), &alone(&reversal)));
        }
        UndoHunk { block: block.clone(), place: place.clone(), refusal: refusal.map(str::to_owned) }
    };
    reversal.blocks.iter().enumerate().map(hunk).collect()
}

/// Where a file stands that a step made or removed; none for one that it changed.
pub(super) fn whole_file_place(patch: &FilePatch, now: &SourceText) -> Option<BlockPlace> {
    if !patch.before.is_absent() && !patch.after.is_absent() && !now.is_absent() {
        return None;
    }
    Some(if patch.after == *now {
        BlockPlace::Standing(0..now.text().split_inclusive('\n').count())
    } else if patch.before == *now {
        BlockPlace::Reverted
    } else {
        BlockPlace::Changed
    })
}

fn refusal_of(place: &BlockPlace, subject: &'static str) -> Option<&'static str> {
    match (place, subject) {
        (BlockPlace::Standing(_), _) => None,
        (BlockPlace::Reverted, _) => Some("taken back already"),
        (BlockPlace::Changed, "the file") => Some("the file was changed, or is gone, since"),
        (BlockPlace::Changed, _) => Some("its lines, or those around them, were changed since"),
    }
}

/// The text of a file as it is now; an absent one where there is none.
pub(super) fn read_now(root: &Path, path: &RelPath) -> Result<SourceText, ReadError> {
    match read_source(&path.to_absolute(root)) {
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(SourceText::absent()),
        read => read,
    }
}
