//! Gathers what a stage leaves out by its reasons, for the rows that say so.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::FindingKey;

/// A reason with the findings that are left out for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutReason {
    pub reason: String,
    pub keys: Vec<FindingKey>,
}

/// The reasons, those of the most findings first.
#[must_use]
pub(super) fn group_reasons<'k>(left: impl Iterator<Item = (&'k FindingKey, String)>) -> Vec<LeftOutReason> {
    let mut by_reason: BTreeMap<String, Vec<FindingKey>> = BTreeMap::new();
    for (key, reason) in left {
        by_reason.entry(reason).or_default().push(key.clone());
    }
    let mut reasons: Vec<LeftOutReason> =
        by_reason.into_iter().map(|(reason, keys)| LeftOutReason { reason, keys }).collect();
    reasons.sort_by_key(|left| Reverse(left.keys.len()));
    reasons
}
