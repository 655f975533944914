//! Says what an edit of a finding comes to in its file, for the fixer.

use std::collections::BTreeMap;

use crate::finding::{DockerfileEdit, Edit};
use crate::yaml::edit::YamlEdit;

/// What an edit comes to, so that two fixes can be compared before either is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum PlannedEdit {
    Document {
        document: usize,
        op: YamlEdit,
    },
    /// Of a kustomization, which may name no kind and is one document.
    Entry(YamlEdit),
    Dockerfile(DockerfileEdit),
    RemoveSuppression {
        comment: usize,
        rules: Vec<String>,
    },
}

/// The changes of each document, by its index.
pub(super) fn yaml_edits(steps: &[PlannedEdit]) -> BTreeMap<usize, Vec<YamlEdit>> {
    let mut by_document: BTreeMap<usize, Vec<YamlEdit>> = BTreeMap::new();
    for step in steps {
        if let PlannedEdit::Document { document, op } = step {
            by_document.entry(*document).or_default().push(op.clone());
        }
    }
    by_document
}

/// The changes of a kustomization.
pub(super) fn entry_edits(steps: &[PlannedEdit]) -> Vec<YamlEdit> {
    let of_entry = |step: &PlannedEdit| match step {
        PlannedEdit::Entry(op) => Some(op.clone()),
        _ => None,
    };
    steps.iter().filter_map(of_entry).collect()
}

impl PlannedEdit {
    /// What an edit of a comment comes to.
    pub(super) fn of_removal(edit: &Edit) -> Option<Self> {
        match edit {
            Edit::Unsuppress { comment, rules } => {
                Some(Self::RemoveSuppression { comment: *comment, rules: rules.clone() })
            }
            _ => None,
        }
    }
}
