//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

mod edit;
mod manifest;
