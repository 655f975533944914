//! Finds the entry of a kustomization's `images` that decides an image as built, and makes of a fix one of that entry.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::finding::{Edit, Fix, ImageEdit, ImageEditPlace};
use crate::text::Span;
use crate::yaml::yaml_tree::YamlTree;
use crate::yaml::{PathStep, load_single_document};

/// A file that may be a kustomization, read once for all findings in it.
pub(super) struct EntryFile<'a> {
    /// None where it is not kept.
    text: Option<&'a Arc<str>>,
    tree: OnceCell<Option<YamlTree>>,
}

impl<'a> EntryFile<'a> {
    pub(super) const fn new(text: Option<&'a Arc<str>>) -> Self {
        Self { text, tree: OnceCell::new() }
    }

    fn tree(&self) -> Option<&YamlTree> {
        self.tree.get_or_init(|| load_single_document(self.text?)).as_ref()
    }
}

/// The fix in the entry in which a finding stands; none where it stands in no entry, or does more than name an image.
pub(super) fn entry_fix(fix: &Fix, file: &EntryFile<'_>, span: Span) -> Option<Fix> {
    if !fix.edits.iter().all(|edit| matches!(edit, Edit::Image(_))) {
        return None;
    }
    let path = find_entry(file.tree()?, span)?;
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
fn find_entry(tree: &YamlTree, span: Span) -> Option<Vec<PathStep>> {
    let images = tree.get(tree.root()?, "images")?;
    let nth = tree.items(images).iter().position(|entry| tree.span(*entry).covers(span))?;
    Some(vec!["images".into(), PathStep::Index(nth)])
}
