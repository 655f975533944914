//! Takes changes of a stage and leaves them: what is ticked is kept by finding, whatever view it was ticked in.

use std::collections::BTreeSet;

use super::fix_stage::FixStage;
use super::stage_row::StageRow;
use super::staged_change::StagedPlace;
use crate::finding::FindingKey;

/// How much of a row is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickState {
    All,
    Some,
    None,
}

impl FixStage {
    /// How much of a row is taken; none where the row takes no tick.
    #[must_use]
    pub fn tick_of(&self, row: StageRow) -> Option<TickState> {
        match row {
            StageRow::Change(at) => {
                let change = &self.changes.changes[at];
                Some(tick_state(change.taken, change.places.len()))
            }
            StageRow::Place { change, place } => {
                let is_taken = self.changes.changes[change].places[place].is_taken;
                Some(if is_taken { TickState::All } else { TickState::None })
            }
            StageRow::File(at) => {
                let file = &self.files.files[at];
                let keys = || file.fixes.iter().flat_map(|fix| &fix.keys);
                let taken = keys().filter(|key| !self.left_keys.contains(*key)).count();
                if keys().next().is_none() {
                    let is_taken = file.places.iter().any(|place| place.is_taken);
                    return Some(if is_taken { TickState::All } else { TickState::None });
                }
                Some(tick_state(taken, keys().count()))
            }
            StageRow::Fix { file, fix } => {
                let keys = &self.files.files[file].fixes[fix].keys;
                let taken = keys.iter().filter(|key| !self.left_keys.contains(*key)).count();
                Some(tick_state(taken, keys.len()))
            }
            _ => None,
        }
    }

    /// Takes what is selected, or leaves it where all of it is taken. Gives the numbers of the groups to plan anew.
    pub(in crate::app) fn toggle_selected(&mut self) -> BTreeSet<usize> {
        let Some(row) = self.selected_row() else { return BTreeSet::new() };
        let Some(tick) = self.tick_of(row) else { return BTreeSet::new() };
        let (keys, groups) = self.keys_of_row(row);
        self.set_taken(&keys, tick != TickState::All);
        groups
    }

    /// Takes everything, what is still to be planned among it, or leaves it where all of it is taken.
    pub(in crate::app) fn toggle_all(&mut self) -> BTreeSet<usize> {
        let keys: BTreeSet<FindingKey> = self.keys.iter().cloned().collect();
        let takes = keys.iter().any(|key| self.left_keys.contains(key));
        let is_touched = |group: &super::stage_group::StageGroup| !takes || group.is_parted();
        let groups = self.groups.iter().enumerate().filter(|(_, group)| is_touched(group));
        let groups = groups.map(|(at, _)| at).collect();
        self.set_taken(&keys, takes);
        groups
    }

    fn set_taken(&mut self, keys: &BTreeSet<FindingKey>, is_taken: bool) {
        for key in keys {
            if is_taken {
                self.left_keys.remove(key);
            } else {
                self.left_keys.insert(key.clone());
            }
        }
    }

    /// The findings behind a row, and their groups.
    fn keys_of_row(&self, row: StageRow) -> (BTreeSet<FindingKey>, BTreeSet<usize>) {
        match row {
            StageRow::Change(at) => self.keys_of_places(&self.changes.changes[at].places),
            StageRow::Place { change, place } => {
                self.keys_of_places(&self.changes.changes[change].places[place..=place])
            }
            StageRow::File(at) => {
                let file = &self.files.files[at];
                let keys: BTreeSet<FindingKey> =
                    file.fixes.iter().flat_map(|fix| fix.keys.iter().cloned()).collect();
                if keys.is_empty() {
                    return self.keys_of_places(&file.places);
                }
                (keys, BTreeSet::from([file.group]))
            }
            StageRow::Fix { file, fix } => {
                let file = &self.files.files[file];
                (file.fixes[fix].keys.iter().cloned().collect(), BTreeSet::from([file.group]))
            }
            _ => (BTreeSet::new(), BTreeSet::new()),
        }
    }

    fn keys_of_places(&self, places: &[StagedPlace]) -> (BTreeSet<FindingKey>, BTreeSet<usize>) {
        let (mut keys, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for place in places {
            let group = self.groups[place.group].side(place.is_taken);
            let fixes = &group.patches[place.patch].blocks[place.block].fixes;
            // What follows from other files goes with all that they ask for.
            if fixes.is_empty() {
                keys.extend(group.fixes.iter().map(|fix| fix.key.clone()));
            }
            keys.extend(fixes.iter().map(|at| group.fixes[*at].key.clone()));
            groups.insert(place.group);
        }
        (keys, groups)
    }
}

const fn tick_state(taken: usize, all: usize) -> TickState {
    match taken {
        0 => TickState::None,
        taken if taken == all => TickState::All,
        _ => TickState::Some,
    }
}
