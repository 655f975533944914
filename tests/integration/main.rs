//! The product at the seams where its rooms meet: parsing, rules, fixes, the command line.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod app_members;
mod around;
mod build_fixes;
mod causes;
mod charts;
mod circles;
mod cli;
mod dockerfile;
mod edit;
mod exceptions;
mod figures;
mod file_gaps;
mod file_meaning;
mod fresh;
mod git_files;
mod helm_charts;
mod helm_hostile;
mod helm_language;
mod image;
mod image_links;
mod kept_offers;
mod layers;
mod manifest;
mod names;
mod needs;
mod overlays;
mod plan_values;
mod planning;
mod pod_rules;
mod pod_security;
mod proving;
mod refresh;
mod registry;
mod reports;
mod risk;
mod rules;
mod scan;
mod second_runs;
mod settings;
mod soak;
mod source_tree;
mod speed;
mod stream;
mod support;
#[cfg(unix)]
mod trial;
mod undo;
mod walk;
mod watch;
mod write;
