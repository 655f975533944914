//! Explains why a fix could not be made or proven, and names the culprits, for the next attempt without them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::{Edit, Finding, Subject};

/// The failure to make or prove a text.
#[derive(Clone, Debug)]
pub(super) struct FixError {
    pub reason: String,
    pub culprit: FixCulprit,
}

/// The culprit of a failure, where it is known: the others may be fixed without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FixCulprit {
    /// All findings in those documents.
    Documents(BTreeSet<usize>),
    /// The findings of that rule about that subject.
    Finding(&'static str, Subject),
    /// The findings about those objects, each object with its own reason.
    Objects(BTreeMap<Option<Arc<str>>, String>),
    /// All findings: they are too many for so large a file.
    Size,
    /// An unknown culprit.
    Unclear,
}

impl FixError {
    pub(super) fn without_culprit(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), culprit: FixCulprit::Unclear }
    }

    /// The reason as far as a finding is to blame.
    pub(super) fn reason_for(&self, finding: &Finding) -> &str {
        match &self.culprit {
            FixCulprit::Objects(blamed) => blamed.get(&finding.subject.object).unwrap_or(&self.reason),
            _ => &self.reason,
        }
    }

    pub(super) fn too_large(reason: &str) -> Self {
        Self { reason: reason.to_owned(), culprit: FixCulprit::Size }
    }
}

impl FixCulprit {
    /// Whether a finding is to blame.
    pub(super) fn includes(&self, finding: &Finding) -> bool {
        match self {
            Self::Documents(blamed) => {
                let mut documents = finding.edits().iter().filter_map(Edit::document);
                documents.any(|document| blamed.contains(&document))
            }
            Self::Objects(blamed) => blamed.contains_key(&finding.subject.object),
            Self::Finding(rule, subject) => finding.rule == *rule && finding.subject == *subject,
            Self::Size | Self::Unclear => true,
        }
    }
}
