//! Holds a template as one set of values renders it, with what the rules say of it.

use std::sync::Arc;

use crate::audit::RenderReport;
use crate::audit::interest::RELEVANT_DOCUMENTS;
use crate::audit::runner::{self, ManifestPart, RuleOutput};
use crate::finding::InlineSuppression;
use crate::helm::OriginSegment;
use crate::kubernetes::{self, ManifestFile};
use crate::project::{FileFacts, ManifestFacts, RepositoryIndex, RepositoryView};
use crate::repo::RelPath;
use crate::settings::Settings;
use crate::suppress;
use crate::text::{SourceText, Span};
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

    /// The results of the rules that its text alone decides.
    pub(in crate::audit) fn judge_alone(&self, index: &RepositoryIndex, settings: &Settings) -> RuleOutput {
        runner::run_file_checks(&self.manifest_part(settings), &self.suppressions, index)
    }

    /// The results of the rules that the whole repository decides.
    pub(in crate::audit) fn judge_in_repository(
        &self,
        index: &RepositoryIndex,
        settings: &Settings,
    ) -> RuleOutput {
        runner::run_repo_checks(&self.manifest_part(settings), RepositoryView::new(index))
    }

    fn manifest_part<'a>(&'a self, settings: &'a Settings) -> ManifestPart<'a> {
        ManifestPart::of_all_documents(&self.index_path, &self.text, &self.manifest, settings)
    }

    pub(in crate::audit) fn extract_facts(&self) -> FileFacts {
        let mut facts = ManifestFacts::from_manifest(&self.manifest);
        // A Dockerfile's fix could not be followed in a chart yet: its workloads are linked to none.
        let containers = facts.pods.iter_mut().flat_map(|pod| &mut pod.containers);
        containers.for_each(|container| container.own_image = None);
        FileFacts::Manifest(facts)
    }

    /// The segments that share a byte with the span; for an empty one, the one it stands in.
    #[must_use]
    pub fn origin_of(&self, span: Span) -> &[OriginSegment] {
        let end = span.end.max(span.start + 1);
        let first = self.origin.partition_point(|segment| segment.end <= span.start);
        let last = self.origin.partition_point(|segment| segment.start < end);
        &self.origin[first.min(last)..last]
    }

    /// What a screen shows of it.
    pub(in crate::audit) fn report(&self) -> RenderReport {
        let (unit, text) = (self.unit.clone(), SourceText::new(self.text.clone()));
        RenderReport { unit, text, origin: self.origin.clone() }
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
