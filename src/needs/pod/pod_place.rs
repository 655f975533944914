//! Shows the finders of needs one pod of a manifest, with the file that it stands in.

use crate::finding::Wording;
use crate::kubernetes::{ManifestDocument, ManifestObject, Pod};
use crate::needs::NeedEvidence;
use crate::repo::RelPath;
use crate::text::Span;

/// One pod of a manifest, with its place.
#[derive(Clone, Copy)]
pub struct PodPlace<'a> {
    pub path: &'a RelPath,
    pub document: &'a ManifestDocument,
    /// The document's index in the file, and the pod's in the document.
    pub position: (usize, usize),
    pub pod: &'a Pod,
}

impl<'a> PodPlace<'a> {
    /// The object that holds the pod.
    #[must_use]
    pub fn object(self) -> &'a ManifestObject {
        self.document.object_of(self.pod)
    }

    /// The namespace, as far as the manifest names one.
    #[must_use]
    pub fn namespace(self) -> &'a str {
        self.object().namespace.as_deref().unwrap_or("default")
    }

    /// A fact that stands in this file.
    #[must_use]
    pub fn evidence_at(self, text: impl Into<Wording>, span: Span) -> NeedEvidence {
        NeedEvidence { text: text.into(), path: self.path.clone(), span }
    }

    /// A fact that an entry of the pod's own metadata shows.
    pub(super) fn metadata_evidence(
        self,
        list: &str,
        key: &str,
        text: impl Into<Wording>,
    ) -> Option<NeedEvidence> {
        let holder = self.pod.path.split_last().map_or(&[][..], |(_, holder)| holder);
        let path = [holder, &["metadata".into(), list.into(), key.into()]].concat();
        let tree = &self.document.tree;
        Some(self.evidence_at(text, tree.locate_value(tree.root()?, &path)?))
    }
}
