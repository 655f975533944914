//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod dockerfile;
mod image;
mod manifest;
mod pod_rules;
mod pod_security;
mod rules;
mod support;
