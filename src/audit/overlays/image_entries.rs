//! Finds the entry of a kustomization's `images` that decides an image as built, and makes of a fix one of that entry.

use std::sync::Arc;

use crate::finding::{Edit, Fix, ImageEdit, ImageEditPlace};
use crate::text::Span;
use crate::yaml::{PathStep, load_single_document};

/// The fix in the entry in which a finding stands; none where it stands in no entry, or does more than name an image.
pub(super) fn entry_fix(fix: &Fix, text: &Arc<str>, span: Span) -> Option<Fix> {
    if !fix.edits.iter().all(|edit| matches!(edit, Edit::Image(_))) {
        return None;
    }
    let path = find_entry(text, span)?;
    let in_entry = |edit: &Edit| match edit {
        Edit::Image(image) => {
            let place = ImageEditPlace::Entry { path: path.clone() };
            Edit::Image(ImageEdit { place, ..image.clone() })
        }
        other => other.clone(),
    };
    Some(Fix { edits: fix.edits.iter().map(in_entry).collect(), ..fix.clone() })
}

/// The path of the entry that holds a span.
fn find_entry(text: &Arc<str>, span: Span) -> Option<Vec<PathStep>> {
    let tree = load_single_document(text)?;
    let images = tree.get(tree.root()?, "images")?;
    let nth = tree.items(images).iter().position(|entry| tree.span(*entry).covers(span))?;
    Some(vec!["images".into(), PathStep::Index(nth)])
}
