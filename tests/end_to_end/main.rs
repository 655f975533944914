//! The whole program in a real pseudo-terminal.

mod app;
mod editor;
mod leave;
mod pty;
mod world;

#[path = "../screens/fake.rs"]
mod fake;
