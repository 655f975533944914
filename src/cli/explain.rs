//! Runs `explain`: prints the page of a rule.

use anyhow::anyhow;

use super::{EXIT_CLEAN, args, print_stdout};
use crate::rules;

pub(super) fn run(id: &str) -> anyhow::Result<u8> {
    let id = args::parse_rule_id(id).map_err(|why| anyhow!("`{id}`: {why}"))?;
    if let Some(rule) = rules::find_rule(id) {
        print_stdout(rule.text)?;
    }
    Ok(EXIT_CLEAN)
}
