//! Holds a template as one set of values renders it, with what the rules say of it.

use std::sync::Arc;

use crate::audit::RenderReport;
use crate::audit::interest::RELEVANT_DOCUMENTS;
use crate::audit::runner::{self, ManifestPart, RuleOutput};
use crate::finding::{Finding, FindingPlacement, InlineSuppression};
use crate::helm::{OriginPlace, OriginSegment, PlacedBranch, SegmentKind};
use crate::kubernetes::{self, ManifestFile};
use crate::project::{ContainerKey, FileFacts, ManifestFacts, RepositoryIndex, RepositoryView};
use crate::repo::RelPath;
use crate::settings::Settings;
use crate::suppress;
use crate::text::{SourceText, Span};
use crate::unit::{UnitKey, UnitKind};

/// Why nothing is written into a template that is judged by its literal text.
const UNRENDERED_TEMPLATE: &str = "the template does not render, so no change of it can be proven";

/// A rendered container whose image a Dockerfile builds.
#[derive(Clone, Debug)]
pub struct RenderedBuild<'r, 'a> {
    /// The object that runs it, as findings name it.
    pub object: String,
    pub container: Option<&'r str>,
    pub dockerfile: &'a RelPath,
}

/// A template, rendered once: a template of a chart that is used under two names is rendered once for each.
#[derive(Clone, Debug)]
pub struct TemplateRender {
    pub unit: Arc<UnitKey>,
    /// The path by which the repository's index knows its objects: the template's own, or in a further render, that
    /// with the values in brackets.
    pub index_path: RelPath,
    /// Helm's name of the template in the chart, in which a subchart bears its alias.
    pub name: Arc<str>,
    /// The release that the chart is rendered for, which stands for any; empty where none is.
    pub release: Arc<str>,
    pub text: Arc<str>,
    pub manifest: Arc<ManifestFile>,
    pub origin: Arc<[OriginSegment]>,
    /// Which sides of branches were taken, in all files of the chart.
    pub branches: Arc<[PlacedBranch]>,
    pub suppressions: Vec<InlineSuppression>,
    /// Where objects of a kustomization begin, each with the `Kind/name` that it had in its own file.
    pub first_names: Arc<[(usize, Arc<str>)]>,
    /// What patches of a kustomization took out.
    pub removals: Arc<[RenderRemoval]>,
    pub(in crate::audit) file_output: Arc<RuleOutput>,
    pub(in crate::audit) repo_output: Arc<RuleOutput>,
}

/// What is built of a file.
pub(in crate::audit) struct RenderSource {
    pub text: String,
    pub origin: Vec<OriginSegment>,
    pub first_names: Vec<(usize, Arc<str>)>,
    pub removals: Vec<RenderRemoval>,
}

/// A key that a patch took out of a map, with the place of the patch that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderRemoval {
    pub key: String,
    /// The map, and the element of a list in which it stands, or the object.
    pub owner: Span,
    pub element: Span,
    pub place: OriginPlace,
    pub length: usize,
}

impl TemplateRender {
    /// What a kustomization makes of a file's objects.
    pub(in crate::audit) fn of_source(unit: Arc<UnitKey>, index_path: RelPath, source: RenderSource) -> Self {
        let RenderSource { text, origin, first_names, removals } = source;
        Self {
            first_names: first_names.into(),
            removals: removals.into(),
            ..Self::new(unit, index_path, &text, origin)
        }
    }

    /// True where this is what comes of a source.
    pub(in crate::audit) fn comes_of(&self, source: &RenderSource) -> bool {
        *self.text == *source.text
            && *self.origin == *source.origin
            && *self.first_names == *source.first_names
            && *self.removals == *source.removals
    }

    /// The `Kind/name` that the object at a place of the text had in its own file.
    pub(in crate::audit) fn first_name_at(&self, at: usize) -> Option<&Arc<str>> {
        let after = self.first_names.partition_point(|(start, _)| *start <= at);
        Some(&self.first_names.get(after.checked_sub(1)?)?.1)
    }

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
            name: Arc::default(),
            release: Arc::default(),
            manifest: Arc::new(manifest),
            suppressions,
            text,
            origin: origin.into(),
            branches: Arc::default(),
            first_names: Arc::default(),
            removals: Arc::default(),
            file_output: Arc::default(),
            repo_output: Arc::default(),
        }
    }

    /// A template that does not render, by what stands in it outright.
    pub(super) fn of_literal(
        unit: Arc<UnitKey>,
        index_path: RelPath,
        text: &str,
        origin: Vec<OriginSegment>,
    ) -> Self {
        let mut render = Self::new(unit, index_path, text, origin);
        if let Some(manifest) = Arc::get_mut(&mut render.manifest) {
            manifest.mark_as_part();
        }
        render
    }

    /// What the rules say of its text.
    pub(in crate::audit) fn raw_findings(&self) -> impl Iterator<Item = &Arc<Finding>> {
        self.file_output.findings.iter().chain(&self.repo_output.findings)
    }

    /// Where a finding in its text is deployed.
    pub(in crate::audit) fn placement_of(&self, finding: &Finding) -> FindingPlacement {
        FindingPlacement {
            unit: self.unit.clone(),
            object: finding.subject.object.clone(),
            container: finding.subject.container.clone(),
        }
    }

    /// The comment or annotation in its text that allows a finding, as one that allows it at a place of a file.
    pub(in crate::audit) fn exception_at(&self, finding: &Finding, place: Span) -> Option<InlineSuppression> {
        let own = self.suppressions.iter().find(|own| own.suppresses(finding.rule, finding.span))?;
        Some(InlineSuppression {
            rules: vec![finding.rule],
            reach: Some(place),
            comment: None,
            ..own.clone()
        })
    }

    /// Judges what stands in a template outright: nothing is known of what it lacks, and nothing that an action prints.
    pub(in crate::audit) fn judge_literal(&mut self, index: &RepositoryIndex, settings: &Settings) {
        let keep_written = |mut output: RuleOutput| {
            output.findings.retain(|finding| self.is_written_outright(finding.span));
            output.findings.iter_mut().for_each(|finding| mark_as_written(Arc::make_mut(finding)));
            RuleOutput { subjects: vec![None; output.findings.len()], ..output }
        };
        let own = keep_written(self.judge_alone(index, settings));
        let wide = keep_written(self.judge_in_repository(RepositoryView::new(index), settings));
        (self.file_output, self.repo_output) = (own.into(), wide.into());
    }

    fn is_written_outright(&self, span: Span) -> bool {
        self.origin_of(span).iter().all(|segment| matches!(segment.kind, SegmentKind::Text))
    }

    /// The results of the rules that its text alone decides.
    pub(in crate::audit) fn judge_alone(&self, index: &RepositoryIndex, settings: &Settings) -> RuleOutput {
        runner::run_file_checks(&self.manifest_part(settings), &self.suppressions, index)
    }

    /// The results of the rules that the whole repository decides.
    pub(in crate::audit) fn judge_in_repository(
        &self,
        repository: RepositoryView<'_>,
        settings: &Settings,
    ) -> RuleOutput {
        runner::run_repo_checks(&self.manifest_part(settings), repository)
    }

    fn manifest_part<'a>(&'a self, settings: &'a Settings) -> ManifestPart<'a> {
        ManifestPart::of_all_documents(&self.index_path, &self.text, &self.manifest, settings)
    }

    pub(in crate::audit) fn extract_facts(&self) -> FileFacts {
        let facts = ManifestFacts::from_manifest(&self.manifest);
        let is_whole = self.unit.kind == UnitKind::Kustomization;
        FileFacts::Manifest(ManifestFacts { is_whole, ..facts })
    }

    /// The Dockerfiles that build the images of its containers.
    pub fn builds<'a>(&self, repository: RepositoryView<'a>) -> Vec<RenderedBuild<'_, 'a>> {
        let keys = ContainerKey::all_in(&self.index_path, &self.manifest);
        let linked = keys.filter_map(|key| {
            let document = self.manifest.documents.get(key.position.0)?;
            let pod = document.pods.get(key.position.1)?;
            let object = document.objects.get(pod.object_index)?.label();
            let container = pod.containers.get(key.container)?.name.as_deref();
            Some(RenderedBuild { object, container, dockerfile: &repository.link_of_key(&key)?.dockerfile })
        });
        linked.collect()
    }

    /// True where a pod stands in it.
    pub(super) fn has_pods(&self) -> bool {
        self.manifest.documents.iter().any(|document| !document.pods.is_empty())
    }

    /// True where a ServiceAccount stands in it.
    pub(super) fn makes_account(&self) -> bool {
        let mut objects = self.manifest.documents.iter().flat_map(|document| &document.objects);
        objects.any(|object| object.kind == "ServiceAccount")
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
        RenderReport { unit, text, origin: self.origin.clone(), branches: self.branches.clone() }
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

/// Says of a finding in a template that does not render what it is worth, and why nothing is written.
fn mark_as_written(finding: &mut Finding) {
    finding.message = format!("{} (as written, where its branch is taken)", finding.message).into();
    if finding.available_fix().is_some() {
        finding.fix = Err(UNRENDERED_TEMPLATE.to_owned());
    }
}
