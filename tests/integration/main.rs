//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod dockerfile;
mod edit;
mod fresh;
mod image;
mod manifest;
mod refresh;
mod rules;
mod scan;
mod soak;
mod speed;
mod support;
mod undo;
mod watch;
mod write;
