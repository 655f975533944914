//! What holds of every text, as the tests ask it of the fixtures and the fuzz targets of anything.

pub(crate) mod glance;
pub(crate) mod lines;
mod tree;

/// Everything about a text's reading that is not so, in words; empty when all holds.
pub(crate) fn breaches(text: &str) -> Vec<String> {
    [tree::breaches(text), glance::breaches(text), lines::breaches(text)].concat()
}
