//! Holds what is read of a file's parts, each by the first who asks for it, for scripts and variables.

use std::sync::OnceLock;

/// Values by the index of what they are read of, as far as they have been needed: many ask for them, and each is read
/// once. A copy begins without any, and whatever has been read of it, a file is the same.
#[derive(Debug)]
pub struct LazyList<T>(OnceLock<Box<[OnceLock<T>]>>);

impl<T> LazyList<T> {
    /// The value at that index among so many, read by the first who asks.
    pub(super) fn get_or_read(&self, (index, count): (usize, usize), read: impl FnOnce() -> T) -> &T {
        let values = self.0.get_or_init(|| std::iter::repeat_with(OnceLock::new).take(count).collect());
        values[index].get_or_init(read)
    }

    /// The value at an index, where it has been read.
    pub(super) fn known(&self, index: usize) -> Option<&T> {
        self.0.get()?.get(index)?.get()
    }
}

impl<T> Default for LazyList<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for LazyList<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> PartialEq for LazyList<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for LazyList<T> {}
