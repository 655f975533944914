//! What tells a finding from all others.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Finding, Subject};
use crate::repo::RelPath;

/// Tells one finding from all others, and keeps doing so while the file is edited: never a line or a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    pub path: RelPath,
    pub rule: &'static str,
    pub subject: Subject,
    /// Which of several alike in the file, from 0: a Dockerfile may have one finding per instruction.
    pub ordinal: usize,
}

/// So many findings are told apart by looking at all before.
const FEW: usize = 24;

/// A file's findings with their keys, in the order of the file, the more severe first where they stand at one place.
/// `finding` tells what is found of whatever holds it.
pub fn keyed<'f, T>(
    path: &RelPath,
    found: impl Iterator<Item = &'f T>,
    finding: impl Fn(&T) -> &Finding,
) -> Vec<(FindingKey, &'f T)> {
    let mut found: Vec<&T> = found.collect();
    found.sort_by_key(|held| {
        let finding = finding(held);
        (finding.span, Reverse(finding.severity), finding.rule)
    });
    let mut keyed: Vec<(FindingKey, &T)> = Vec::with_capacity(found.len());
    let mut seen: HashMap<(&'static str, &Subject), usize> = HashMap::new();
    let are_few = found.len() <= FEW;
    for held in found {
        let Finding { rule, subject, .. } = finding(held);
        let ordinal = if are_few {
            keyed.iter().filter(|(key, _)| key.rule == *rule && key.subject == *subject).count()
        } else {
            let count = seen.entry((*rule, subject)).or_default();
            *count += 1;
            *count - 1
        };
        keyed.push((FindingKey { path: path.clone(), rule, subject: subject.clone(), ordinal }, held));
    }
    keyed
}
