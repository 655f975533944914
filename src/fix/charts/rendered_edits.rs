//! Holds what a finding wants of the documents that a chart renders, for the fixer of charts.

use serde_yaml::Value;

use super::chart_proof::{WantedDocument, value_at};
use crate::audit::TemplateView;
use crate::kubernetes::MANIFEST_CONVENTIONS;
use crate::repo::RelPath;
use crate::yaml::PathStep;
use crate::yaml::edit::{YamlEdit, expected_value};

/// The edits that a finding wants of one rendered document, in their order.
pub(super) struct DocumentEdits {
    pub index_path: RelPath,
    pub document: usize,
    pub before: Value,
    pub edits: Vec<YamlEdit>,
}

impl DocumentEdits {
    /// The edits that the finding wants of the same object where other value sets render it.
    pub(super) fn edits_of_others<'e>(&'e self, all: &'e [Self]) -> impl Iterator<Item = YamlEdit> + 'e {
        let name = |own: &Self| own.before.get("metadata").and_then(|about| about.get("name")).cloned();
        let is_same = move |other: &&Self| {
            other.index_path != self.index_path
                && other.before.get("kind") == self.before.get("kind")
                && name(other) == name(self)
        };
        let others = all.iter().filter(is_same);
        others.flat_map(|other| {
            other
                .edits
                .iter()
                .filter(|edit| container_at(&other.before, edit) == container_at(&self.before, edit))
                .cloned()
        })
    }

    /// The document as it is wanted after a step.
    pub(super) fn value_after(&self, step: usize) -> Option<WantedDocument> {
        let edits = &self.edits[..self.edits.len().min(step + 1)];
        let value = expected_value(MANIFEST_CONVENTIONS, &self.before, edits).ok()?;
        let index_path = self.index_path.clone();
        // One edit of the files may come to several of those that the finding wants.
        let (before, allowed_edits) = (self.before.clone(), self.edits.clone());
        Some(WantedDocument {
            index_path,
            document: self.document,
            values: Some((before, value)),
            allowed_edits,
            may_stay: false,
        })
    }
}

/// The name of the container that an edit is of; none where it is of the pod.
fn container_at<'v>(object: &'v Value, edit: &YamlEdit) -> Option<&'v Value> {
    let (YamlEdit::Set { path, .. } | YamlEdit::Append { path, .. } | YamlEdit::Remove { path }) = edit;
    let at = path.iter().position(|step| matches!(step, PathStep::Index(_)))?;
    value_at(object, &path[..=at])?.get("name")
}

pub(super) fn add_edit(
    documents: &mut Vec<DocumentEdits>,
    template: &TemplateView,
    document: usize,
    edit: YamlEdit,
) {
    let index_path = &template.render.index_path;
    let own = documents.iter_mut().find(|own| own.index_path == *index_path && own.document == document);
    match own {
        Some(own) if own.edits.contains(&edit) => {}
        Some(own) => own.edits.push(edit),
        None => {
            let Some(held) = template.render.manifest.documents.get(document) else { return };
            let (index_path, before) = (index_path.clone(), held.yaml.value().clone());
            documents.push(DocumentEdits { index_path, document, before, edits: vec![edit] });
        }
    }
}
