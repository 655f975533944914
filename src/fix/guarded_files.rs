//! Finds why a file, or a pod in it, is not ours to write, for the fixer: it is generated, encrypted or signed, or its
//! operator completes it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use crate::finding::{Edit, PodEdit};
use crate::kubernetes::{ManifestDocument, ManifestFile, PodCompleteness};
use crate::text::find_generated_note;

/// Annotations that hold a signature over the object.
const SIGNATURE_ANNOTATIONS: [&str; 3] =
    ["cosign.sigstore.dev/signature", "cosign.sigstore.dev/message", "integrityshield.io/signature"];

/// The seals and signatures of a file, each document looked at once: a file may have very many fixes.
#[derive(Default)]
pub(super) struct FileGuards {
    by_document: RefCell<HashMap<usize, Option<String>>>,
    /// The first of any document.
    of_file: OnceCell<Option<String>>,
    /// What the text says of itself.
    of_text: OnceCell<Option<String>>,
}

impl FileGuards {
    /// The reason why these edits are not for this manifest; none where nothing speaks against them. `text`: its own, where
    /// it is a file and no chart's render, whose notes are the template's.
    pub(super) fn find_guard(
        &self,
        manifest: &ManifestFile,
        text: Option<&str>,
        edits: &[&Edit],
    ) -> Option<String> {
        let generated = text.and_then(|text| self.generated_reason(text));
        generated.or_else(|| self.find_edit_guard(manifest, edits))
    }

    fn find_edit_guard(&self, manifest: &ManifestFile, edits: &[&Edit]) -> Option<String> {
        edits.iter().find_map(|edit| match edit.document() {
            Some(document) => {
                self.sealed_document(manifest, document).or_else(|| operator_reason(manifest, edit))
            }
            None => {
                let first = || manifest.documents.iter().find_map(sealed_reason);
                self.of_file.get_or_init(first).clone()
            }
        })
    }

    /// A generated file is a copy of what stands elsewhere.
    pub(super) fn generated_reason(&self, text: &str) -> Option<String> {
        let find = || {
            let line = find_generated_note(text)?;
            Some(format!("line {line} says that the file is generated: mend what it is made from"))
        };
        self.of_text.get_or_init(find).clone()
    }

    fn sealed_document(&self, manifest: &ManifestFile, document: usize) -> Option<String> {
        let mut known = self.by_document.borrow_mut();
        let find = || manifest.documents.get(document).and_then(sealed_reason);
        known.entry(document).or_insert_with(find).clone()
    }
}

/// sops signs every value of a file, encrypted or not; a signature covers the object as it is.
fn sealed_reason(document: &ManifestDocument) -> Option<String> {
    let root = document.tree.root()?;
    let sops = document.tree.get_resolved(root, "sops");
    let has = |node, key| document.tree.get_resolved(node, key).is_some();
    if sops.is_some_and(|sops| ["mac", "version", "lastmodified"].iter().any(|key| has(sops, key))) {
        return Some("sops signs every value of this file (its MAC): change it with sops".to_owned());
    }
    document.objects.iter().find_map(|object| {
        let signature = SIGNATURE_ANNOTATIONS.iter().find(|key| object.annotations.contains_key(**key));
        let is_sealed = object.kind == "SealedSecret" && object.api_group() == "bitnami.com";
        match signature {
            Some(key) => Some(format!("{} is signed ({key}): sign it anew after a change", object.label())),
            None => is_sealed.then(|| format!("{} is sealed: seal it anew instead", object.label())),
        }
    })
}

/// An operator that merges what stands here into a pod of its own may lose by it what it sets itself.
fn operator_reason(manifest: &ManifestFile, edit: &Edit) -> Option<String> {
    let Edit::Pod { document, pod, edit } = edit else { return None };
    if matches!(edit, PodEdit::RunAsUser { .. } | PodEdit::RunAsGroup { .. }) {
        // A number takes the place of the one that is written: nothing new reaches the operator.
        return None;
    }
    let document = manifest.documents.get(*document)?;
    let pod = document.pods.get(*pod)?;
    if pod.completeness == PodCompleteness::Whole {
        return None;
    }
    let kind = &document.object_of(pod).kind;
    Some(match pod.completeness {
        PodCompleteness::Unknown => {
            format!("{kind} is not known here, nor what its operator makes of a change")
        }
        PodCompleteness::Containers => {
            format!("the pod of a {kind} is made by its operator: change it by hand")
        }
        _ => format!(
            "the operator of {kind} merges this with a pod of its own, and a change may undo what it sets"
        ),
    })
}
