//! Holds a template as one set of values renders it, with what the rules say of it.

use std::sync::Arc;

use crate::audit::interest::RELEVANT_DOCUMENTS;
use crate::audit::runner::RuleOutput;
use crate::finding::InlineSuppression;
use crate::helm::OriginSegment;
use crate::kubernetes::{self, ManifestFile};
use crate::project::{FileFacts, ManifestFacts};
use crate::repo::RelPath;
use crate::suppress;
use crate::unit::UnitKey;

/// A template, rendered once: a template of a chart that is used under two names is rendered once for each.
#[derive(Clone, Debug)]
pub struct TemplateRender {
    pub unit: Arc<UnitKey>,
    /// The path by which the repository's index knows its objects: the template's own, or in a further render, that
    /// with the values in brackets.
    pub index_path: RelPath,
    pub text: Arc<str>,
    pub manifest: Arc<ManifestFile>,
    pub origin: Arc<[OriginSegment]>,
    pub suppressions: Vec<InlineSuppression>,
    pub(in crate::audit) file_output: RuleOutput,
    pub(in crate::audit) repo_output: RuleOutput,
}

impl TemplateRender {
    pub(super) fn new(
        unit: Arc<UnitKey>,
        index_path: RelPath,
        text: &str,
        origin: Vec<OriginSegment>,
    ) -> Self {
        let text: Arc<str> = text.into();
        let manifest = kubernetes::parse_relevant(&text, RELEVANT_DOCUMENTS);
        let suppressions = suppress::find_in_manifest(&text, &manifest);
        Self {
            unit,
            index_path,
            manifest: Arc::new(manifest),
            suppressions,
            text,
            origin: origin.into(),
            file_output: RuleOutput::default(),
            repo_output: RuleOutput::default(),
        }
    }

    pub(in crate::audit) fn extract_facts(&self) -> FileFacts {
        let mut facts = ManifestFacts::from_manifest(&self.manifest);
        // A Dockerfile's fix could not be followed in a chart yet: its workloads are linked to none.
        let containers = facts.pods.iter_mut().flat_map(|pod| &mut pod.containers);
        containers.for_each(|container| container.own_image = None);
        FileFacts::Manifest(facts)
    }

    /// The number of Kubernetes documents in it.
    pub(super) fn document_count(&self) -> usize {
        self.manifest.documents.len() + self.manifest.irrelevant_count
    }

    /// True where it renders to nothing that would be sent to a cluster.
    pub(super) fn is_blank(&self) -> bool {
        let content = |line: &str| {
            let line = line.trim();
            !(line.is_empty() || line.starts_with('#') || line == "---")
        };
        !self.text.lines().any(content)
    }
}
