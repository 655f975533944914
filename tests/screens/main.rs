//! Every screen, drawn into a buffer and compared.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod config;
mod fake;
mod hostile;
mod pictures;
mod random;
mod real;
mod sizes;
mod speed;
mod stage;
mod theme;
mod update;
mod views;
