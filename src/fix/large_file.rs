//! Divides the findings of a file of very many documents, so that their fixes are proven a few documents at a time.

use std::collections::BTreeMap;

use super::KeyedFinding;
use super::file_fixer::{FileFixer, SurroundingChanges};
use super::kept_decisions::holds_decisions;
use crate::audit::FileContent;
use crate::finding::Edit;

/// The most documents whose fixes are proven at once before all of the file's are: their edits and trees take many times
/// the memory of what is found.
const DOCUMENTS_AT_A_TIME: usize = 256;

/// The findings in groups that are fixed apart from each other: one, unless the file has very many documents, and what is
/// done to one says nothing of another.
pub(super) fn group_findings<'a>(
    draft: &FileFixer<'_>,
    findings: Vec<KeyedFinding<'a>>,
    others: SurroundingChanges<'_>,
) -> Vec<Vec<KeyedFinding<'a>>> {
    let documents = match draft.content() {
        FileContent::Manifest(manifest) => manifest.documents.len(),
        FileContent::Dockerfile(_) => 0,
    };
    let is_divided = documents > DOCUMENTS_AT_A_TIME
        && others.induced_findings.is_empty()
        && !holds_decisions(draft.engine(), draft.path());
    if !is_divided {
        return vec![findings];
    }
    let mut groups: BTreeMap<Option<usize>, Vec<KeyedFinding<'a>>> = BTreeMap::new();
    for (key, finding) in findings {
        let document = finding.edits().iter().find_map(Edit::document);
        groups.entry(document.map(|at| at / DOCUMENTS_AT_A_TIME)).or_default().push((key, finding));
    }
    groups.into_values().collect()
}
