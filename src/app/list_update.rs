//! Replaces some parts of a long list by others, for the findings index.

/// The most parts of another length that are replaced one by one; with more, each would move all that follows.
const MAX_SINGLE_SPLICES: usize = 4;

/// The new parts, in the order of the list.
pub(super) struct ListSplices<T>(Vec<ListSplice<T>>);

struct ListSplice<T> {
    start: usize,
    removed_count: usize,
    inserted: Vec<T>,
}

/// The moved places of the list's other items.
#[derive(Clone, Debug, Default)]
pub(super) struct PlaceShifts {
    /// The old place from which on, and by how much.
    offsets: Vec<(usize, isize)>,
}

impl<T> Default for ListSplices<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ListSplices<T> {
    /// Replaces the `old` items from `at` on by others; it must come after all parts pushed before.
    pub(super) fn push(&mut self, at: usize, old: usize, new: Vec<T>) {
        self.0.push(ListSplice { start: at, removed_count: old, inserted: new });
    }

    pub(super) fn apply_to(self, list: &mut Vec<T>) -> PlaceShifts {
        let moves = PlaceShifts::from_splices(&self.0);
        if moves.offsets.len() <= MAX_SINGLE_SPLICES {
            for ListSplice { start: at, removed_count: old, inserted: new } in self.0.into_iter().rev() {
                list.splice(at..at + old, new);
            }
            return moves;
        }
        let mut rest = std::mem::take(list).into_iter();
        let mut taken = 0;
        for ListSplice { start: at, removed_count: old, inserted: new } in self.0 {
            list.extend(rest.by_ref().take(at - taken));
            rest.by_ref().take(old).for_each(drop);
            list.extend(new);
            taken = at + old;
        }
        list.extend(rest);
        moves
    }
}

impl PlaceShifts {
    fn from_splices<T>(splices: &[ListSplice<T>]) -> Self {
        let mut by = 0;
        let from =
            splices.iter().filter(|splice| splice.removed_count != splice.inserted.len()).map(|splice| {
                by += splice.inserted.len().wrapping_sub(splice.removed_count).cast_signed();
                (splice.start + splice.removed_count, by)
            });
        Self { offsets: from.collect() }
    }

    pub(super) fn shift(&self, at: usize) -> usize {
        let before = self.offsets.partition_point(|(from, _)| *from <= at);
        before.checked_sub(1).map_or(at, |last| at.saturating_add_signed(self.offsets[last].1))
    }
}
