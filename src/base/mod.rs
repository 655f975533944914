//! What every room uses, and that knows none of them.

mod nearest_name;
mod parallel;

pub(crate) use nearest_name::find_nearest_name;
pub(crate) use parallel::{par_map, par_map_ordered};
