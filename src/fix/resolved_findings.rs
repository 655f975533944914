//! Finds the findings that are gone once a file is written, by the audit of its new text, for the plans.

use std::collections::BTreeMap;

use crate::audit::SimulatedAudit;
use crate::finding::{Finding, FindingKey};

/// The findings that are open before and not after, as far as the audit tells.
pub(super) fn find_resolved(open: &[(FindingKey, &Finding)], after: &SimulatedAudit) -> Vec<FindingKey> {
    let mut left: BTreeMap<_, usize> = BTreeMap::new();
    for finding in
        after.findings.iter().filter(|listed| listed.suppression.is_none()).map(|listed| &listed.finding)
    {
        *left.entry((finding.rule, &finding.subject)).or_default() += 1;
    }
    let mut gone = Vec::new();
    for (key, _) in open.iter().filter(|(_, finding)| after.covers(finding)) {
        match left.get_mut(&(key.rule, &key.subject)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => gone.push(key.clone()),
        }
    }
    gone
}
