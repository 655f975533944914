//! Lists the rooms of the program, lower ones first: no room knows one above it. `ARCHITECTURE.md` is the map.
//!
//! ```text
//! disk ─scan─▶ text ─parse─▶ document ─rules─▶ findings ─▶ store ─▶ screen or report
//!  ▲                                                          │
//!  └────────────── fix: verified splices, written atomically ◀┘   (one key)
//! ```
//!
//! One direction, one door in, one door out: a fix goes to the disk and comes back as any other edit does.

pub mod base;

pub mod text;

pub mod image;
pub mod yaml;

pub mod dockerfile;
pub mod kubernetes;
pub mod template;

pub mod helm;
pub mod repo;

pub mod kustomize;

pub mod builds;
pub mod unit;

pub mod finding;

pub mod settings;

pub mod needs;

pub mod pairs;
pub mod project;

pub mod rules;

pub mod suppress;

pub mod audit;

pub mod causes;

pub mod fix;

pub mod store;

pub mod trial;

pub mod walkthrough;

pub mod app;

pub mod theme;

pub mod report;
pub mod ui;

pub mod service;

pub mod terminal;

pub mod cli;
