//! `explain`: a rule's page.

use anyhow::anyhow;

use super::{CLEAN, args, print};
use crate::rules;

pub(super) fn run(id: &str) -> anyhow::Result<u8> {
    let id = args::rule(id).map_err(|why| anyhow!("`{id}`: {why}"))?;
    if let Some(rule) = rules::find_rule(id) {
        print(rule.text)?;
    }
    Ok(CLEAN)
}
