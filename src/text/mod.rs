//! Holds files' texts for all rooms: lines and spans, edits, and what is safe to show.

mod block_reversal;
pub mod diff;
mod generated_note;
mod hash;
mod line_cells;
mod line_ending;
mod line_start;
mod printable;
mod quoting;
mod sentence;
mod small_set;
mod source_text;
mod span;
mod splice;
mod template_engine;
mod word_matcher;

pub use block_reversal::{BlockPlace, BlockReversal};
pub use generated_note::find_generated_note;
pub use hash::stable_hash;
pub use line_cells::{LineSegment, TAB_WIDTH, cell_width, is_unsafe, wrap_line, wrap_rows};
pub use line_ending::line_ending;
pub use line_start::line_start;
pub use printable::{control_picture, make_printable, make_printable_json, make_printable_lines};
pub use quoting::{is_plain_path, quote_git_path, quote_shell_word};
pub use sentence::{capitalise_text, count_of, to_sentence};
pub use small_set::SmallSet;
pub use source_text::{SourceText, TextPosition};
pub use span::Span;
pub use splice::{Splice, SpliceConflict, apply_splices};
pub use template_engine::{TemplateEngine, is_ytt};
pub use word_matcher::WordMatcher;
