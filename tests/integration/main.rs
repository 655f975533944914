//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod build_fixes;
mod dockerfile;
mod edit;
mod exceptions;
mod image;
mod layers;
mod manifest;
mod pod_rules;
mod pod_security;
mod reports;
mod rules;
mod settings;
mod support;
mod undo;
mod write;
