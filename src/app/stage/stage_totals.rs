//! Counts a stage for its title and its keys: files and places that are taken, and changes that nobody saw.

use std::collections::BTreeSet;

use super::fix_stage::FixStage;
use super::stage_row::{StageRow, StageTotals};
use super::staged_change::text_of_change;
use crate::repo::RelPath;

impl FixStage {
    pub(super) fn count_totals(&mut self) {
        let changes = || self.changes.changes.iter();
        let files: BTreeSet<&RelPath> = self
            .groups
            .iter()
            .flat_map(|group| group.taken().patches.iter().map(|patch| &patch.patch.path))
            .collect();
        self.totals = StageTotals {
            taken_files: files.len(),
            files: self.files.files.iter().filter(|file| !file.places.is_empty()).count(),
            taken_places: changes().map(|change| change.taken).sum(),
            places: changes().map(|change| change.places.len()).sum(),
            resolved: self.groups.iter().map(|group| group.taken().resolves.len()).sum(),
            unseen: 0,
        };
        self.count_unseen();
    }

    pub(super) fn count_unseen(&mut self) {
        let is_unseen = |at: &usize| self.is_unseen(*at);
        self.totals.unseen = (0..self.changes.changes.len()).filter(is_unseen).count();
    }

    /// True for a row with a change that was not on the screen whole, and would be written.
    #[must_use]
    pub fn is_row_unseen(&self, row: StageRow) -> bool {
        match row {
            StageRow::Change(at) => self.is_unseen(at),
            StageRow::File(at) => self.files.files[at].places.iter().any(|place| {
                let patch = &self.groups[place.group].side(place.is_taken).patches[place.patch];
                let block = &patch.blocks[place.block].block;
                let text = text_of_change(&patch.patch.before, &patch.patch.after, block);
                place.is_taken && !self.seen.contains(&text)
            }),
            _ => false,
        }
    }

    /// True for a row with a change that may break something, and would be written.
    #[must_use]
    pub fn is_row_risky(&self, row: StageRow) -> bool {
        match row {
            StageRow::Change(at) => {
                let change = &self.changes.changes[at];
                !change.is_safe && change.taken > 0
            }
            StageRow::File(at) => {
                let fixes = &self.files.files[at].fixes;
                let is_left = |key| self.left_keys.contains(key);
                fixes.iter().any(|fix| !fix.is_safe && !fix.keys.iter().all(is_left))
            }
            _ => false,
        }
    }

    /// True for a change that would be written somewhere, and whose text was not on the screen whole.
    #[must_use]
    pub fn is_unseen(&self, change: usize) -> bool {
        let change = &self.changes.changes[change];
        change.taken > 0 && !self.seen.contains(&change.text)
    }
}
