//! Identifies a finding among all others, for the lists, the baseline and the reports.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Finding, Subject};
use crate::repo::RelPath;

/// The identity of a finding: its rule, the place that decides it (a file, and the path of keys in it) and its subject
/// as written there. It stays the same while the file is edited: never an offset, a line or a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    pub path: RelPath,
    pub rule: &'static str,
    pub subject: Subject,
    /// See [`Finding::keys`].
    pub keys: Option<Arc<str>>,
    /// The number among equal findings in the file, from 0: a Dockerfile may have one finding per instruction.
    pub ordinal: usize,
}

impl FindingKey {
    /// Before every key of that file, in the order of keys.
    #[must_use]
    pub fn first_of(path: &RelPath) -> Self {
        Self { path: path.clone(), rule: "", subject: Subject::default(), keys: None, ordinal: 0 }
    }
}

/// The most findings that are numbered by comparing each with all before.
const FEW: usize = 24;

/// A file's findings with their keys, in the order of the file, the more severe first where they stand at one place.
/// `finding` gets the finding out of an item.
pub(crate) fn keyed<'f, T>(
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
    let mut seen: HashMap<(&'static str, &Subject, &Option<Arc<str>>), usize> = HashMap::new();
    let are_few = found.len() <= FEW;
    for held in found {
        let Finding { rule, subject, keys, .. } = finding(held);
        let ordinal = if are_few {
            keyed
                .iter()
                .filter(|(key, _)| key.rule == *rule && key.subject == *subject && key.keys == *keys)
                .count()
        } else {
            let count = seen.entry((*rule, subject, keys)).or_default();
            *count += 1;
            *count - 1
        };
        let (subject, keys) = (subject.clone(), keys.clone());
        keyed.push((FindingKey { path: path.clone(), rule, subject, keys, ordinal }, held));
    }
    keyed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::text::Span;

    fn found(keys: Option<&str>, at: usize) -> Finding {
        Finding {
            rule: "privileged-container",
            severity: Severity::Critical,
            span: Span::empty_at(at),
            subject: Subject::default(),
            keys: keys.map(Arc::from),
            placements: None,
            message: "it is".into(),
            fix: Ok(None),
        }
    }

    #[test]
    fn two_places_of_one_file_stay_apart_whichever_comes_first() {
        let keys_of = |found: &[Finding]| {
            let keyed = keyed(&"values.yaml".into(), found.iter(), |finding| finding);
            keyed.into_iter().map(|(key, _)| key).collect::<std::collections::BTreeSet<_>>()
        };
        let as_it_was = keys_of(&[found(Some("api.privileged"), 10), found(Some("db.privileged"), 50)]);
        let turned_round = keys_of(&[found(Some("db.privileged"), 20), found(Some("api.privileged"), 70)]);
        assert_eq!(as_it_was, turned_round);
        assert!(as_it_was.iter().all(|key| key.ordinal == 0));
        let plain = keys_of(&[found(None, 10), found(None, 50)]);
        assert_eq!(plain.iter().map(|key| key.ordinal).collect::<Vec<_>>(), [0, 1]);
    }
}
