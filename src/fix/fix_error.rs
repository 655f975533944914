//! Explains why a fix could not be made or proven, and names the culprits, for the next attempt without them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{Change, Finding, FindingKey, ImageIntent, ImagePlace, Intent, PodIntent, Subject};

/// A finding with its change, to be fixed.
#[derive(Clone, Copy)]
pub(super) struct FixRequest<'a> {
    pub key: &'a FindingKey,
    pub finding: &'a Finding,
    pub change: &'a Change,
}

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
    /// The findings about that object.
    Object(Option<Arc<str>>),
    /// All findings: they are too many for so large a file.
    Size,
    /// An unknown culprit.
    Unclear,
}

impl FixError {
    pub(super) fn without_culprit(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), culprit: FixCulprit::Unclear }
    }

    pub(super) fn too_large(reason: &str) -> Self {
        Self { reason: reason.to_owned(), culprit: FixCulprit::Size }
    }
}

impl FixCulprit {
    /// True where a finding is a culprit.
    pub(super) fn includes(&self, wanted: &FixRequest<'_>) -> bool {
        match self {
            Self::Documents(blamed) => wanted.change.intents.iter().any(|intent| match intent {
                Intent::Pod(PodIntent { document, .. })
                | Intent::Value { document, .. }
                | Intent::Image(ImageIntent { at: ImagePlace::Value { document, .. }, .. }) => {
                    blamed.contains(document)
                }
                Intent::Build(_) | Intent::Image(_) | Intent::Unallow { .. } => false,
            }),
            Self::Object(object) => wanted.finding.subject.object == *object,
            Self::Finding(rule, subject) => {
                wanted.finding.rule == *rule && wanted.finding.subject == *subject
            }
            Self::Size | Self::Unclear => true,
        }
    }
}
