//! Edits the documents of a manifest for the fixer, each on its own.

use std::collections::{BTreeMap, BTreeSet};

use super::fix_error::{FixCulprit, FixError};
use crate::kubernetes::{MANIFEST_CONVENTIONS, ManifestFile, VALUES_CONVENTIONS};
use crate::text::Span;
use crate::yaml::edit::{EditConventions, EditRefusal, YamlEdit};

/// The most text that the changes of one file may have parsed again, in bytes: a document is parsed after each change.
const MAX_DRAFT_BYTES: usize = 16 * 1024 * 1024;

/// The way in which a document's text is edited: proven, or only likely.
pub(super) type DocumentEditor = fn(EditConventions, &str, usize, &[YamlEdit]) -> Result<String, EditRefusal>;

/// Edits each document on its own. All documents that cannot be edited are culprits at once, whatever the first one's
/// reason.
pub(super) fn edit_documents(
    text: &str,
    manifest: &ManifestFile,
    by_document: &BTreeMap<usize, Vec<YamlEdit>>,
    editor: DocumentEditor,
) -> Result<String, FixError> {
    let length = |index: &usize| manifest.documents.get(*index).map_or(0, |document| document.span.len());
    let work = by_document.iter().map(|(index, ops)| length(index).saturating_mul(ops.len()));
    if work.fold(0, usize::saturating_add) > MAX_DRAFT_BYTES {
        return Err(FixError::too_large("the file is too large for so many fixes: fix some of them alone"));
    }
    let (mut edited, mut kept) = (String::with_capacity(text.len()), 0);
    let mut failed: Option<(String, BTreeSet<usize>)> = None;
    for (index, ops) in by_document {
        match edit_document(text, manifest, (*index, ops), editor) {
            Ok((span, after)) => {
                edited.push_str(&text[kept..span.start]);
                edited.push_str(&after);
                kept = span.end;
            }
            Err(reason) => {
                failed.get_or_insert_with(|| (reason, BTreeSet::new())).1.insert(*index);
            }
        }
    }
    if let Some((reason, documents)) = failed {
        return Err(FixError { reason, culprit: FixCulprit::Documents(documents) });
    }
    edited.push_str(&text[kept..]);
    Ok(edited)
}

/// Edits a kustomization, of which no document counts as one of a manifest where it names no kind.
pub(super) fn edit_entries(
    text: String,
    ops: &[YamlEdit],
    editor: DocumentEditor,
) -> Result<String, FixError> {
    if ops.is_empty() {
        return Ok(text);
    }
    let refused = |refusal: EditRefusal| FixError::without_culprit(refusal.to_string());
    editor(VALUES_CONVENTIONS, &text, 0, ops).map_err(refused)
}

/// One document's span, and its text once edited.
fn edit_document(
    text: &str,
    manifest: &ManifestFile,
    (index, ops): (usize, &[YamlEdit]),
    editor: DocumentEditor,
) -> Result<(Span, String), String> {
    let document = manifest.documents.get(index).ok_or("the document is no longer there")?;
    let span = document.span;
    let after =
        editor(MANIFEST_CONVENTIONS, span.slice(text), 0, ops).map_err(|refusal| refusal.to_string())?;
    Ok((span, after))
}
