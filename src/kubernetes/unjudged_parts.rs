//! Says what of a manifest is not judged although it could be read, for the status of its file.

use super::kinds::{PodCompleteness, is_own_workload};
use super::{ManifestDocument, ManifestFile, ManifestObject, Pod};

impl ManifestFile {
    /// The reason why a part of it is judged on what it says alone: a kind that is not known holds it.
    #[must_use]
    pub fn unknown_kind_reason(&self) -> Option<String> {
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

    /// The reason why a workload cannot be judged: it has no pod.
    #[must_use]
    pub fn unfinished_reason(&self) -> Option<String> {
        self.documents.iter().find_map(|document| {
            let object = document.objects_without_pod().find(|object| is_own_workload(object))?;
            let lacks = if object.kind == "Pod" { "spec" } else { "pod template" };
            Some(format!("{} has no {lacks} yet: there is nothing in it to judge", object.label()))
        })
    }

    /// True where it holds nothing that Kubernetes would know.
    #[must_use]
    pub fn is_without_objects(&self) -> bool {
        self.irrelevant_count == 0 && self.documents.iter().all(|document| document.objects.is_empty())
    }
}

impl ManifestDocument {
    fn objects_without_pod(&self) -> impl Iterator<Item = &ManifestObject> {
        let holds_pod = |at: usize| self.pods.iter().any(|pod: &Pod| pod.object_index == at);
        let objects = self.objects.iter().enumerate();
        objects.filter(move |(at, _)| !holds_pod(*at)).map(|(_, object)| object)
    }
}
