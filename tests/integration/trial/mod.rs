//! Programs are tried in a real engine where one is, and by a recorded one everywhere.

mod bounded;
mod engine_base;
mod given;
mod killed;
mod observed;
mod programs;
mod recorded;
mod saved;
mod tried_programs;
