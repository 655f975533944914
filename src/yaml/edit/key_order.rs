//! Finds where a key goes among others, and in which order new keys are written, for edits.

use serde_yaml::Value;

/// The order in which a format writes the keys of a mapping. Only keys with a fixed place are named.
pub type KeyOrder = &'static [&'static str];

/// The index among `keys` before which the new one goes, their number for the end. It goes where it breaks the order
/// least; among such places, right after the key that the order names last before it, else after the last key that
/// belongs before it.
pub(super) fn ordered_slot(order: KeyOrder, keys: &[&str], new: &str) -> usize {
    let rank = |key: &str| order.iter().position(|known| *known == key);
    let Some(own) = rank(new) else { return keys.len() };
    let ranks: Vec<Option<usize>> = keys.iter().map(|key| rank(key)).collect();
    let broken = |slot: usize| {
        let (before, after) = ranks.split_at(slot);
        before.iter().flatten().filter(|r| **r > own).count()
            + after.iter().flatten().filter(|r| **r < own).count()
    };
    let before = || {
        let ranked = ranks.iter().enumerate().filter_map(|(index, rank)| rank.map(|rank| (rank, index + 1)));
        ranked.filter(|(rank, _)| *rank < own)
    };
    let nearest = before().max().map(|(_, slot)| slot);
    let latest = before().map(|(_, slot)| slot).max();
    let last = (0..=keys.len()).rev().min_by_key(|slot| broken(*slot)).unwrap_or(keys.len());
    let least = |slot: &usize| broken(*slot) == broken(last);
    nearest.filter(least).or(latest.filter(least)).unwrap_or(last)
}

/// The index among the sorted `keys` before which the new one goes.
pub(super) fn alphabetical_slot(keys: &[&str], new: &str) -> usize {
    keys.iter().position(|key| *key > new).unwrap_or(keys.len())
}

/// The place of a key among others that a mapping is written with.
pub(super) fn key_rank(order: KeyOrder, key: &str) -> usize {
    order.iter().position(|known| *known == key).unwrap_or(order.len())
}

/// The item with its keys in the order in which its neighbour in a list has them. A key that the neighbour lacks stands
/// where the neighbour has one that the item lacks, as `emptyDir` does for `configMap`, or at the end.
pub(super) fn order_like<S: AsRef<str>>(item: Value, neighbour: &[S]) -> Value {
    let Value::Mapping(map) = item else { return item };
    let other = neighbour.iter().position(|key| !map.contains_key(key.as_ref())).unwrap_or(neighbour.len());
    let mut entries: Vec<(Value, Value)> = map.into_iter().collect();
    entries.sort_by_key(|(key, _)| {
        neighbour.iter().position(|k| Some(k.as_ref()) == key.as_str()).unwrap_or(other)
    });
    Value::Mapping(entries.into_iter().collect())
}
