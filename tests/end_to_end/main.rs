//! The whole program in a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "the program under test speaks to its terminal")]

mod app;
mod brittle;
mod changed;
mod copied;
mod decided;
mod digests;
mod editor;
mod edits;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../integration/trial/engine_base.rs"]
mod engine_base;
mod from_0_1;
mod input;
mod leave;
mod linked;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../integration/trial/programs.rs"]
mod programs;
#[allow(dead_code, reason = "other tests need more of it")]
mod pty;
mod soak;
mod tried;
mod values;
mod walk;
mod walk_chart;
mod world;
