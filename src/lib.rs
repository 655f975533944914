//! The map of the house: lower rooms first, and no room knows one above it.
//!
//! ```text
//! disk ─scan─▶ text ─parse─▶ document ─rules─▶ findings ─▶ store ─▶ screen or report
//!  ▲                                                          │
//!  └────────────── fix: verified splices, written atomically ◀┘   (one key)
//! ```
//!
//! One direction, one door in, one door out: a fix goes to the disk and comes back as any other edit does.

pub mod app;
pub mod audit;
pub mod base;
pub mod cli;
pub mod dockerfile;
pub mod finding;
pub mod fix;
pub mod image;
pub mod manifest;
pub mod project;
pub mod repo;
pub mod report;
pub mod rules;
pub mod settings;
pub mod store;
pub mod suppress;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod ui;
pub mod unit;
pub mod walkthrough;
