//! Holds a root cause: findings that one decision of a person mends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::audit::ListedFinding;
use crate::finding::{FindingKey, Severity};
use crate::repo::RelPath;
use crate::rules::RuleDecision;

/// The identity of a root cause: no path of a workload, no line and no content, so that it stays while files change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CauseId {
    pub decision: RuleDecision,
    /// The object, the secret's name or the file that the decision is about; none where it is about all.
    pub about: Option<Arc<str>>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CauseSpot {
    pub path: RelPath,
    /// From 1.
    pub line: usize,
}

/// The findings that one decision mends.
#[derive(Clone, Debug)]
pub struct RootCause {
    pub id: CauseId,
    /// The worst of its findings; one lower where all of it stands in tests.
    pub severity: Severity,
    /// What it weighs among causes of its severity, in halves.
    pub weight: u32,
    /// In the order of the files.
    pub findings: Vec<Arc<ListedFinding>>,
    /// The different things that it is about, by rule: workloads, images, Dockerfiles, roles.
    pub subjects_by_rule: BTreeMap<&'static str, BTreeSet<Arc<str>>>,
    /// Those among them that are workloads, and those that are Dockerfiles.
    pub workloads: BTreeSet<Arc<str>>,
    pub dockerfiles: BTreeSet<Arc<str>>,
    /// The number of objects that are the same thing as another one of its files.
    pub copies: usize,
    /// The number of copies that have the same name and are not the same.
    pub differing: usize,
    /// True where one of its objects can be reached from outside.
    pub is_reachable: bool,
}

impl RootCause {
    /// The keys of its findings.
    pub fn keys(&self) -> impl Iterator<Item = &FindingKey> {
        self.findings.iter().map(|listed| &listed.key)
    }

    /// The files in which it stands.
    #[must_use]
    pub fn files(&self) -> BTreeSet<&RelPath> {
        self.keys().map(|key| &key.path).collect()
    }

    /// Where the first of its worst findings stands.
    #[must_use]
    pub fn first_spot(&self) -> Option<CauseSpot> {
        let worst = self.findings.iter().map(|listed| listed.severity).max()?;
        let first = self.findings.iter().find(|listed| listed.severity == worst)?;
        Some(CauseSpot { path: first.key.path.clone(), line: first.line })
    }

    /// The different things that it is about.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<&Arc<str>> {
        self.subjects_by_rule.values().flatten().collect()
    }
}
