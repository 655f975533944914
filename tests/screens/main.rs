//! Every screen, drawn into a buffer and compared.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "measurements are read by people")]

mod apps;
mod by_hand;
mod care;
mod chart;
mod config;
mod drawn_lines;
mod every;
mod fake;
mod feel;
mod first_screen;
mod first_steps;
mod focus;
mod hostile;
mod keys;
mod looks;
mod order;
mod overlay;
mod pairs;
mod panes;
mod pictures;
mod query;
mod quiet;
mod random;
mod real;
mod registries;
mod risk;
mod rows_by_hand;
mod seen;
mod sequences;
mod sizes;
mod speed;
mod stage;
mod stage_rows;
mod staging;
mod states;
mod svg_picture;
mod theme;
mod trial;
mod typed;
mod typed_cursor;
mod undo_list;
mod update;
mod views;
mod walk;
mod watch_news;
