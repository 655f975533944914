//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod build_fixes;
mod dockerfile;
mod edit;
mod image;
mod layers;
mod manifest;
mod pod_rules;
mod pod_security;
mod rules;
mod support;
mod undo;
mod walk;
mod write;
