//! Remembers what was met before, for loops over things that are few, mostly.

use std::collections::HashSet;
use std::hash::Hash;

/// The most items that are compared one by one, which is sooner done than to hash them.
const FEW_ITEMS: usize = 16;

/// A set of things: few, mostly, and never slow where there are very many.
pub struct SmallSet<T> {
    few: Vec<T>,
    many: HashSet<T>,
}

impl<T> Default for SmallSet<T> {
    fn default() -> Self {
        Self { few: Vec::new(), many: HashSet::new() }
    }
}

impl<T: Eq + Hash> SmallSet<T> {
    /// Adds a thing; true when it is new.
    pub fn insert(&mut self, thing: T) -> bool {
        if self.few.contains(&thing) {
            return false;
        }
        if self.few.len() < FEW_ITEMS {
            self.few.push(thing);
            return true;
        }
        self.many.insert(thing)
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.few.clear();
        self.many.clear();
    }
}
