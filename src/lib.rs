//! The map of the house: lower rooms first, and no room knows one above it.
//!
//! ```text
//! disk ─scan─▶ text ─parse─▶ document ─rules─▶ findings ─▶ store ─▶ screen or report
//!  ▲                                                          │
//!  └────────────── fix: verified splices, written atomically ◀┘   (one key)
//! ```
//!
//! One direction, one door in, one door out: a fix goes to the disk and comes back as any other edit does.

pub mod text;

pub mod image;

pub mod dockerfile;
pub mod manifest;
pub mod repo;

pub mod unit;

pub mod finding;
pub mod settings;

pub mod rules;

pub mod audit;

pub mod fix;

pub mod store;

pub mod walkthrough;

pub mod app;

pub mod theme;

pub mod report;
pub mod ui;

pub mod terminal;

pub mod cli;
