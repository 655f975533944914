//! A file's text: what it holds, where things stand in it, and how it is edited.

pub mod diff;
mod hash;
mod printable;
mod seen;
mod sentence;
mod source;
mod span;
mod splice;
mod words;

pub use hash::stable_hash;
pub use printable::{picture, printable, printable_json};
pub use seen::Seen;
pub use sentence::{capitalised, sentence};
pub use source::{Position, Source};
pub use span::Span;
pub use splice::{Conflict, Splice, splice};
pub use words::WordSet;
