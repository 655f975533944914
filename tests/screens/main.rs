//! Every screen, drawn into a buffer and compared.

mod config;
mod fake;
mod hostile;
mod pictures;
mod sizes;
mod stage;
mod theme;
mod update;
mod views;
