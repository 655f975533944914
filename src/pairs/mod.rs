//! Lays a Dockerfile and the container that runs its image side by side, for the screen: what must agree, as pairs.

mod command_pairs;
mod file_pairs;
mod pair_sheet;
mod pair_sides;
mod user_pairs;

pub use pair_sheet::{PairSheet, find_pairs};
pub use pair_sides::{PairSide, PairVerdict, SidePair};
