//! The manifest editor: each hard layout as a pair of files, properties over many layouts, real repositories.
#![allow(clippy::unwrap_used, reason = "a test may fail by it")]

mod cases;
mod hardening;
mod layouts;
mod proofs;
mod properties;
mod repositories;
