//! Tells the edits that would write what stands in the file already, for previews, which prove nothing.

use serde_yaml::Value;

use super::planned_edit::PlannedEdit;
use super::pod;
use crate::audit::FileContent;
use crate::finding::Edit;
use crate::kubernetes::ManifestFile;
use crate::yaml::edit::YamlEdit;

/// True where the steps are all that these edits come to, and write what stands there already. Where nothing is proven,
/// edits that need no value are not laid out.
pub(super) fn are_idle(
    content: FileContent<'_>,
    steps: &[PlannedEdit],
    (edits, is_proving): (&[Edit], bool),
) -> bool {
    let FileContent::Manifest(manifest) = content else { return false };
    let is_whole =
        |edit: &Edit| is_proving || matches!(edit, Edit::Pod { edit, .. } if pod::may_need_value(edit));
    !steps.is_empty()
        && edits.iter().all(is_whole)
        && steps.iter().all(|step| changes_nothing(manifest, step))
}

/// True where an edit sets a single value to what it is.
fn changes_nothing(manifest: &ManifestFile, step: &PlannedEdit) -> bool {
    let PlannedEdit::Document { document, op: YamlEdit::Set { path, to } } = step else { return false };
    let there = || {
        let tree = &manifest.documents.get(*document)?.tree;
        tree.plain_text(tree.node_at(tree.root()?, path)?)
    };
    match to {
        Value::Number(number) => there() == Some(number.to_string().as_str()),
        Value::Bool(boolean) => there() == Some(boolean.to_string().as_str()),
        _ => false,
    }
}
