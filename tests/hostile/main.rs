//! What means harm, through every command and the app: each ends in bounded time and memory, with a clear word.
//!
//! `cargo test --test hostile` tries a small version of each; the whole, with a table of what each took, is
//! `HOSTILE=full cargo test --release --test hostile -- --nocapture --test-threads=1`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "the table is for who asked for it")]

mod bounds;
mod charts;
mod commands;
mod editors;
mod files;
mod growth;
mod names;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../end_to_end/pty.rs"]
mod pty;
mod restless;
mod run;
mod screen;
mod texts;
mod trees;

/// Whether all is tried in its full size.
pub(crate) fn full() -> bool {
    std::env::var_os("HOSTILE").is_some_and(|size| size == "full")
}

/// The full number, or a smaller one that shows the same.
pub(crate) fn many(full_size: usize, small: usize) -> usize {
    if full() { full_size } else { small }
}
