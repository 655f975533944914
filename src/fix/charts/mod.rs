//! Fixes findings in Helm charts, in the values where they reach and else in the templates, for the planner.

mod account_edits;
mod build_followers;
mod carry_back;
mod chart_draft;
mod chart_fixer;
mod chart_offers;
mod chart_proof;
mod copied_values;
mod line_owners;
mod mount_pairs;
mod rendered_edits;
mod template_lines;
mod value_edits;
mod value_hooks;

pub(super) use build_followers::{builds_without_followers, required_by_charts};
pub(super) use chart_fixer::fix_charts;
pub(super) use chart_offers::{preview_chart_fixes, verified_chart_offers};
