//! Every screen, drawn into a buffer and compared.

mod fake;
mod stage;
mod sizes;
mod theme;
mod update;
