//! Holds tools that every room uses, and that know none of the rooms.

mod parallel;

pub(crate) use parallel::{par_map, par_map_ordered};
