//! Exchanging some parts of a long list for others.

/// So many parts that are longer or shorter than before are exchanged one by one; of more, each would move all that
/// follows.
const FEW: usize = 4;

/// The new parts, in the order of the list.
pub(super) struct Splices<T>(Vec<Splice<T>>);

struct Splice<T> {
    at: usize,
    old: usize,
    new: Vec<T>,
}

/// Where things are now that were not themselves exchanged.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    /// From which old place on, by how much.
    from: Vec<(usize, isize)>,
}

impl<T> Default for Splices<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Splices<T> {
    /// In the place of the `old` things from `at` on stand others; after all that were told before.
    pub(super) fn push(&mut self, at: usize, old: usize, new: Vec<T>) {
        self.0.push(Splice { at, old, new });
    }

    pub(super) fn carry_out(self, list: &mut Vec<T>) -> Moves {
        let moves = Moves::of(&self.0);
        if moves.from.len() <= FEW {
            for Splice { at, old, new } in self.0.into_iter().rev() {
                list.splice(at..at + old, new);
            }
            return moves;
        }
        let mut rest = std::mem::take(list).into_iter();
        let mut taken = 0;
        for Splice { at, old, new } in self.0 {
            list.extend(rest.by_ref().take(at - taken));
            rest.by_ref().take(old).for_each(drop);
            list.extend(new);
            taken = at + old;
        }
        list.extend(rest);
        moves
    }
}

impl Moves {
    fn of<T>(splices: &[Splice<T>]) -> Self {
        let mut by = 0;
        let from = splices.iter().filter(|splice| splice.old != splice.new.len()).map(|splice| {
            by += splice.new.len().wrapping_sub(splice.old).cast_signed();
            (splice.at + splice.old, by)
        });
        Self { from: from.collect() }
    }

    pub(super) fn moved(&self, at: usize) -> usize {
        let before = self.from.partition_point(|(from, _)| *from <= at);
        before.checked_sub(1).map_or(at, |last| at.saturating_add_signed(self.from[last].1))
    }
}
