//! What every room uses, and that knows none of them.

mod parallel;

pub(crate) use parallel::{par_map, par_map_ordered};
