//! Says what of a manifest is not judged although it could be read, for the status of its file.

use std::collections::BTreeMap;

use super::kinds::{PlaceContent, PodCompleteness, find_nodes, is_own_workload, places_of};
use super::{ManifestDocument, ManifestFile, ManifestObject, Pod};

/// The beginning of a value that sops has encrypted.
pub const ENCRYPTED_VALUE: &str = "ENC[";

const SEQUENCE_REASON: &str = "a list of objects without a kind, which kubectl refuses: part them by `---`, or make them items of a List";

impl ManifestFile {
    /// The reason why a part of it is not judged, or on what it says alone.
    #[must_use]
    pub fn partial_reason(&self) -> Option<String> {
        let objects =
            self.documents.iter().flat_map(|document| document.objects.iter().map(move |o| (document, o)));
        self.unknown_kind_reason()
            .or_else(|| {
                objects.into_iter().find_map(|(document, object)| unread_text_reason(document, object))
            })
            .or_else(|| self.has_object_sequence.then(|| SEQUENCE_REASON.to_owned()))
            .or_else(|| {
                self.has_foreign_document
                    .then(|| "one of its documents holds no Kubernetes object".to_owned())
            })
    }

    /// The reason why nothing is read of a file without objects.
    #[must_use]
    pub const fn no_objects_reason(&self) -> &'static str {
        if self.has_object_sequence { SEQUENCE_REASON } else { "no Kubernetes object stands in it" }
    }

    /// The reason why a part of it is judged on what it says alone: a kind that is not known holds it.
    fn unknown_kind_reason(&self) -> Option<String> {
        let pods =
            self.documents.iter().flat_map(|document| document.pods.iter().map(move |pod| (document, pod)));
        let mut unknown = pods.filter(|(_, pod)| pod.completeness == PodCompleteness::Unknown);
        unknown.next().map(|(document, pod)| {
            let ManifestObject { kind, api_version, .. } = document.object_of(pod);
            format!(
                "{kind} of {api_version} is not known here: what stands in its containers is judged, not what they lack"
            )
        })
    }

    /// The workloads that cannot be judged, for they have no pod or no container: the document of each by its index in
    /// the file, and the reason. In a patch that is as it should be.
    #[must_use]
    pub fn unfinished_workloads(&self) -> Vec<(usize, String)> {
        let documents = self.documents.iter().enumerate();
        let found = documents.flat_map(|(index, document)| {
            let objects = document.objects.iter().enumerate();
            let pods: BTreeMap<usize, &Pod> =
                document.pods.iter().rev().map(|pod| (pod.object_index, pod)).collect();
            objects.filter_map(move |(at, object)| {
                Some((index, unfinished_workload(pods.get(&at).copied(), object)?))
            })
        });
        found.collect()
    }

    /// True where it holds nothing that Kubernetes would know.
    #[must_use]
    pub fn is_without_objects(&self) -> bool {
        self.irrelevant_count == 0 && self.documents.iter().all(|document| document.objects.is_empty())
    }
}

/// The reason why nothing can be said of a workload, which the API server refuses.
fn unfinished_workload(pod: Option<&Pod>, object: &ManifestObject) -> Option<String> {
    if !is_own_workload(object) {
        return None;
    }
    let Some(pod) = pod else {
        let lacks = if object.kind == "Pod" { "spec" } else { "pod template" };
        return Some(format!("{} has no {lacks} yet: there is nothing in it to judge", object.label()));
    };
    (pod.containers.is_empty() && !pod.hides_container)
        .then(|| format!("{} lists no containers yet: there is none to judge", object.label()))
}

/// The reason why a part of an object is not read: it is the text of a patch, or encrypted.
fn unread_text_reason(document: &ManifestDocument, object: &ManifestObject) -> Option<String> {
    if object.kind.starts_with(ENCRYPTED_VALUE) {
        return Some("sops has encrypted what it is: nothing in it can be judged".to_owned());
    }
    let texts = places_of(object.api_group(), &object.kind).iter();
    let texts = texts.filter(|place| place.content == PlaceContent::Text);
    let mut found = texts.flat_map(|place| {
        let nodes = find_nodes(&document.tree, object.root, &object.path, place.path);
        nodes.into_iter().map(|node| (place.path, node))
    });
    found.next().map(|(path, _)| {
        let field = path.rsplit('/').find(|step| *step != "[]").unwrap_or(path);
        format!("`{field}` of {} is a text that is not read", object.label())
    })
}
