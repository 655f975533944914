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
pub use printable::{control_picture, make_printable, make_printable_json};
pub use seen::SmallSet;
pub use sentence::{capitalise_text, to_sentence};
pub use source::{SourceText, TextPosition};
pub use span::Span;
pub use splice::{Splice, SpliceConflict, apply_splices};
pub use words::WordMatcher;
