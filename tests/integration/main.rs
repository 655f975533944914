//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod build_fixes;
mod dockerfile;
mod edit;
mod image;
mod manifest;
mod registry;
mod rules;
mod support;
