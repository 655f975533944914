//! What a look says of a text that a parse does not.

use std::cell::RefCell;
use std::sync::Arc;

use seaworthy::kubernetes::model::PodSpec;
use seaworthy::kubernetes::{
    DocumentHeader, DocumentInterest, ManifestDocument, ManifestFile, parse_manifest, parse_relevant,
};
use seaworthy::yaml::{ScalarTyping, value_of};
use serde::Deserialize;

/// A heading that outlives its text.
#[derive(Debug, PartialEq)]
struct Said {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    annotations: Vec<String>,
}

/// What a look says that a parse does not, in words; empty when they agree.
pub(crate) fn breaches(text: &str) -> Vec<String> {
    let said = RefCell::new(Vec::new());
    let asks_for_nothing = |heading: &DocumentHeader<'_>| {
        said.borrow_mut().push(Said {
            api_version: heading.api_version.to_owned(),
            kind: heading.kind.to_owned(),
            namespace: heading.namespace.map(str::to_owned),
            annotations: heading.annotations.iter().map(|key| (*key).to_owned()).collect(),
        });
        false
    };
    let asked = DocumentInterest { by_kind: &|_| false, by_header: &asks_for_nothing };
    let whole = parse_manifest(text);
    let looked: ManifestFile = parse_relevant(&Arc::from(text), asked);
    let mut breaches = Vec::new();
    let mut hold = |holds: bool, what: &str| {
        if !holds {
            breaches.push(format!("{what}: {text:?}"));
        }
    };
    hold(looked.template == whole.template, "a template is told by a parse alone");
    hold(looked.problems == whole.problems, "what is passed over has no fault");
    hold(looked.irrelevant_count + looked.documents.len() == whole.documents.len(), "no document is lost");
    let passed =
        whole.documents.iter().filter(|document| !looked.documents.iter().any(|it| it.span == document.span));
    for (document, said) in passed.zip(said.borrow().iter()) {
        hold(document.ambiguous_booleans().next().is_none(), "no boolean is ambiguous");
        hold(document.tree.comments().len() < 10_000, "comments are few");
        if let [object] = document.objects.as_slice()
            && object.path.is_empty()
        {
            let annotated = object.annotations.keys().all(|key| said.annotations.contains(key));
            hold(annotated, "every annotation is seen");
            let namespace = object.namespace.as_deref().unwrap_or_default();
            hold(
                said.namespace.as_deref().is_none_or(|it| it == namespace || is_null(it)),
                "the namespace is the object's",
            );
            hold(said.namespace.is_some() || namespace.is_empty(), "a namespace is seen");
            hold(said.kind == object.kind && said.api_version == object.api_version, "it is what it says");
        }
    }
    for document in &whole.documents {
        breaches.extend(misread(document));
    }
    breaches
}

fn is_null(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL")
}

/// Whether a pod spec is read from the tree as it is from a copy of its value.
fn misread(document: &ManifestDocument) -> Vec<String> {
    let wrong = document.pods.iter().filter(|pod| {
        let value = value_of(&document.tree, pod.spec, ScalarTyping::GoYaml).unwrap_or_default();
        document.deserialize_node::<PodSpec>(pod.spec) != PodSpec::deserialize(&value).unwrap_or_default()
    });
    wrong.map(|pod| format!("a pod is misread: {:?}", document.tree.span(pod.spec))).collect()
}
