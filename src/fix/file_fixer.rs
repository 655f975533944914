//! One file's fix in the making: its findings' edits, the text they make, and the proof.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::built_proof::prove_in_overlays;
use super::dockerfile::DockerfileContext;
use super::document_edits::{self, DocumentEditor};
use super::fix_error::FixError;
use super::guarded_files::FileGuards;
use super::idle_edits::are_idle;
use super::kept_decisions::{DecisionIndex, check_decisions};
use super::planned_edit::{PlannedEdit, entry_edits, yaml_edits};
use super::pod::CannotFix;
use super::risk::PodCase;
use super::unit_proof::{AllowedDifferences, PlainFileProof, count_alike, likeness_of, prove_edit};
use super::{KeyedFinding, RegistryAnswers, dockerfile, pod, registry_answers, suppress_finding};
use crate::audit::{AuditEngine, FileContent, FindingVerdict, SimulatedAudit, TemplateRender};
use crate::dockerfile::Dockerfile;
use crate::finding::{DockerfileEdit, Edit, Finding, FindingKey, Fix, ImageEdit, PodEdit, Safety, keyed};
use crate::kubernetes::ManifestFile;
use crate::project::{DockerfileFacts, FactOverrides, FileFacts, PodNeedsMemo};
use crate::repo::{FileKind, FilePatch, RelPath};
use crate::rules::PodView;
use crate::text::SourceText;
use crate::yaml::edit::{self, YamlEdit};

/// The reason why an edit is not made that would write what stands there.
const LEAVES_AS_IT_IS: &str = "the change leaves the file as it is";

/// The most containers of a pod that is edited: an edit for one may depend on all of them.
const MAX_CONTAINERS: usize = 200;

/// A file with the data needed to fix it.
pub(super) struct FileFixer<'a> {
    engine: &'a AuditEngine,
    answers: &'a RegistryAnswers,
    path: &'a RelPath,
    source: &'a SourceText,
    content: FileContent<'a>,
    /// True where the edits are to be proven, and not only previewed.
    is_proving: bool,
    /// Where the needs of its pods are kept, if it is no file of the repository as it is.
    own_needs: Option<PodNeedsMemo>,
    /// The release that a chart was rendered for.
    release: Option<&'a str>,
    /// True where its pods may have containers of root that this render leaves out.
    may_hide_root: bool,
    /// What is suppressed in the file, by what would change it.
    decisions: OnceCell<Arc<DecisionIndex<'a>>>,
    /// The documents that are not ours to write, each looked at once.
    guards: FileGuards,
}

/// The changes in the rest of the repository while the file is fixed.
#[derive(Clone, Copy)]
pub(super) struct SurroundingChanges<'a> {
    /// The facts that those files will have.
    pub facts: &'a FactOverrides,
    /// The findings of this file that they cause: see [`FileFixer::new_findings_from`].
    pub induced_findings: &'a [InducedFinding],
}

pub(super) type InducedFinding = (FindingKey, Arc<Finding>);

impl<'a> FileFixer<'a> {
    /// None where the file has not been audited.
    pub(super) fn for_file(
        engine: &'a AuditEngine,
        answers: &'a RegistryAnswers,
        path: &'a RelPath,
    ) -> Option<Self> {
        let (source, content) = engine.file(path)?;
        Some(Self::for_content(engine, answers, (path, source), content))
    }

    fn for_content(
        engine: &'a AuditEngine,
        answers: &'a RegistryAnswers,
        (path, source): (&'a RelPath, &'a SourceText),
        content: FileContent<'a>,
    ) -> Self {
        Self {
            engine,
            answers,
            path,
            source,
            content,
            is_proving: true,
            own_needs: None,
            release: None,
            may_hide_root: false,
            decisions: OnceCell::new(),
            guards: FileGuards::default(),
        }
    }

    /// The same with the decisions on its file that were gathered before.
    pub(super) fn with_decisions(mut self, decisions: Arc<DecisionIndex<'a>>) -> Self {
        self.decisions = decisions.into();
        self
    }

    /// A text that a chart renders, of which edits are laid out and never written.
    pub(super) fn for_render(
        engine: &'a AuditEngine,
        answers: &'a RegistryAnswers,
        render: &'a TemplateRender,
        source: &'a SourceText,
    ) -> Self {
        let content = FileContent::Manifest(&render.manifest);
        let own_needs = Some(PodNeedsMemo::default());
        let release = Some(&*render.release).filter(|name| !name.is_empty());
        Self {
            own_needs,
            release,
            may_hide_root: may_hide_root(engine, render),
            ..Self::for_content(engine, answers, (&render.index_path, source), content)
        }
    }

    /// The same, for previews of fixes that nobody proves yet.
    pub(super) fn without_proof(mut self) -> Self {
        self.is_proving = false;
        self
    }

    /// Shows a pod of the file with the needs of its programs; none where it is not there.
    pub(super) fn with_pod_case<T>(
        &self,
        position: (usize, usize),
        show: impl FnOnce(PodCase<'_>) -> T,
    ) -> Option<T> {
        let FileContent::Manifest(manifest) = self.content else { return None };
        let document = manifest.documents.get(position.0)?;
        let (index, settings) = (self.engine.index(), self.engine.settings());
        let view = PodView::at_position(self.path, position, document, index, settings)?;
        let repository = self.engine.repository();
        let repository = match &self.own_needs {
            Some(memo) => repository.keeping_needs_in(memo),
            None => repository.keeping_needs(),
        };
        let needs = repository.pod_needs(view.place());
        let (release, may_hide_root) = (self.release, self.may_hide_root);
        Some(show(PodCase { view, needs: &needs, repository, release, may_hide_root }))
    }

    /// Shows the Dockerfile, its context for edits, with the facts of its image; none where the file is no Dockerfile.
    pub(super) fn with_build<T>(
        &self,
        show: impl FnOnce(DockerfileContext<'_>, &DockerfileFacts) -> T,
    ) -> Option<T> {
        let FileContent::Dockerfile(file) = self.content else { return None };
        match self.engine.index().facts_of(self.path)? {
            FileFacts::Dockerfile(facts) => Some(show(self.dockerfile_context(file), facts)),
            FileFacts::Manifest(_) => None,
        }
    }

    fn dockerfile_context<'f>(&'f self, file: &'f Dockerfile) -> DockerfileContext<'f> {
        let run_as = self.engine.repository().run_as(self.path);
        DockerfileContext { text: self.source.text(), file, run_as }
    }

    pub(super) const fn path(&self) -> &'a RelPath {
        self.path
    }

    pub(super) const fn content(&self) -> FileContent<'a> {
        self.content
    }

    pub(super) const fn engine(&self) -> &AuditEngine {
        self.engine
    }

    pub(super) const fn source(&self) -> &SourceText {
        self.source
    }

    /// How safe a fix is here: one that lacks a value from outside is for a person.
    pub(super) fn safety_of(&self, fix: &Fix) -> Result<Safety, String> {
        if let Some(reason) = self.find_undone_decision(&fix.edits) {
            return Err(reason);
        }
        // Where nothing is proven, only what may lack something must be laid out.
        let is_told = |edit: &Edit| matches!(edit, Edit::Dockerfile(_) | Edit::Unsuppress { .. });
        if !self.is_proving && fix.edits.iter().all(is_told) {
            return self.lay_out_user(&fix.edits).map(|()| fix.safety);
        }
        self.safety_of_plan(fix, self.plan_edits(&fix.edits).as_deref())
    }

    /// The same by what its edits come to, which nobody decided against.
    pub(super) fn safety_of_plan(
        &self,
        fix: &Fix,
        plan: Result<&[PlannedEdit], &CannotFix>,
    ) -> Result<Safety, String> {
        match plan {
            Err(CannotFix::NeedsValue(_)) => Ok(Safety::Value),
            Err(CannotFix::Impossible(reason)) => Err(reason.clone()),
            Ok(steps) if are_idle(self.content, steps, (&fix.edits, self.is_proving)) => {
                Err(LEAVES_AS_IT_IS.to_owned())
            }
            Ok(_) => Ok(fix.safety),
        }
    }

    /// Lays out the change of a Dockerfile's user, and whatever is changed in one that a build refuses: both may fail.
    fn lay_out_user(&self, edits: &[Edit]) -> Result<(), String> {
        let FileContent::Dockerfile(file) = self.content else { return Ok(()) };
        let builds = edits.iter().filter_map(|edit| match edit {
            Edit::Dockerfile(edit) => Some(edit),
            _ => None,
        });
        let builds: Vec<&DockerfileEdit> = builds.collect();
        let may_fail = builds.contains(&&DockerfileEdit::SetUser) || !file.problems.is_empty();
        if builds.is_empty() || !may_fail {
            return Ok(());
        }
        dockerfile::apply_edits(self.dockerfile_context(file), &builds).map(drop)
    }

    /// The reason why edits of this file are not made, where somebody decided that what they change stays.
    pub(super) fn find_undone_decision(&self, edits: &[Edit]) -> Option<String> {
        let decisions =
            self.decisions.get_or_init(|| Arc::new(DecisionIndex::of_file(self.engine, self.path)));
        decisions.find_undone(edits)
    }

    /// What these edits come to together.
    pub(super) fn plan_edits<'e>(
        &self,
        edits: impl IntoIterator<Item = &'e Edit>,
    ) -> Result<Vec<PlannedEdit>, CannotFix> {
        let edits: Vec<&Edit> = edits.into_iter().collect();
        let text = self.own_needs.is_none().then(|| self.source.text());
        let guard = match self.content {
            FileContent::Manifest(manifest) => self.guards.find_guard(manifest, text, &edits),
            FileContent::Dockerfile(_) => self.guards.generated_reason(self.source.text()),
        };
        if let Some(reason) = guard {
            return Err(CannotFix::Impossible(reason));
        }
        let images = edits.iter().filter_map(|edit| match edit {
            Edit::Image(image) => Some(image),
            _ => None,
        });
        let images: Vec<&ImageEdit> = images.collect();
        let mut steps: Vec<PlannedEdit> = Vec::new();
        match self.content {
            FileContent::Dockerfile(_) => {
                let builds = edits.iter().filter_map(|edit| match edit {
                    Edit::Dockerfile(build) => Some(build.clone()),
                    _ => None,
                });
                let mut seen = HashSet::new();
                for build in
                    builds.chain(registry_answers::reword_images(self.answers, self.source.text(), &images)?)
                {
                    if seen.insert(build.clone()) {
                        steps.push(PlannedEdit::Dockerfile(build));
                    }
                }
            }
            FileContent::Manifest(manifest) => {
                let mut ops = self.pod_ops(manifest, &edits)?;
                for (document, op) in registry_answers::image_ops(self.answers, &images)? {
                    ops.entry(document).or_default().push(op);
                }
                for (document, ops) in ops {
                    steps.extend(ops.into_iter().map(|op| PlannedEdit::Document { document, op }));
                }
                let of_entries = registry_answers::entry_ops(self.answers, &images)?;
                steps.extend(of_entries.into_iter().map(PlannedEdit::Entry));
            }
        }
        steps.extend(edits.into_iter().filter_map(PlannedEdit::of_removal));
        Ok(steps)
    }

    /// What would be written with all of these fixed, and the audit that proves it; the reason where it cannot be.
    pub(super) fn fix_findings(
        &self,
        findings: &[KeyedFinding<'_>],
        others: SurroundingChanges<'_>,
    ) -> Result<(FilePatch, SimulatedAudit), FixError> {
        let edits: Vec<&Edit> = findings.iter().flat_map(|(_, finding)| finding.edits()).collect();
        self.make_and_prove(&edits, findings, others)
    }

    /// Looks whether the findings can be fixed together, as far as the audit of a likely text shows.
    pub(super) fn draft_findings(
        &self,
        findings: &[KeyedFinding<'_>],
        others: SurroundingChanges<'_>,
    ) -> Result<(), FixError> {
        let edits: Vec<&Edit> = findings.iter().flat_map(|(_, finding)| finding.edits()).collect();
        let (steps, after) = self.make_text(&edits, edit::apply_edits)?;
        self.prove_text(&after, &steps, findings, others).map(drop)
    }

    /// What would be written with these edits, which answer no finding, proven.
    pub(super) fn apply_edits(&self, edits: &[Edit]) -> Result<FilePatch, FixError> {
        let others = SurroundingChanges { facts: &FactOverrides::default(), induced_findings: &[] };
        self.make_and_prove(&edits.iter().collect::<Vec<_>>(), &[], others).map(|(patch, _)| patch)
    }

    fn make_and_prove(
        &self,
        edits: &[&Edit],
        findings: &[KeyedFinding<'_>],
        others: SurroundingChanges<'_>,
    ) -> Result<(FilePatch, SimulatedAudit), FixError> {
        let (steps, after) = self.make_text(edits, edit::apply_verified)?;
        let audit = self.prove_text(&after, &steps, findings, others)?;
        let (path, before) = (self.path.clone(), self.source.clone());
        let patch = FilePatch { path, before, after: SourceText::new(after) };
        prove_in_overlays(self.engine, &patch, findings, others.facts)?;
        Ok((patch, audit))
    }

    /// The text with these edits, and what they come to.
    pub(super) fn make_text(
        &self,
        edits: &[&Edit],
        editor: DocumentEditor,
    ) -> Result<(Vec<PlannedEdit>, String), FixError> {
        let steps = self.plan_edits(edits.iter().copied()).map_err(|lack| match lack {
            CannotFix::NeedsValue(reason) | CannotFix::Impossible(reason) => {
                FixError::without_culprit(reason)
            }
        })?;
        if steps.is_empty() {
            return Err(FixError::without_culprit(
                "there is nothing to write yet: its value comes from outside",
            ));
        }
        let after = match self.content {
            FileContent::Dockerfile(file) => {
                self.edit_dockerfile(file, &steps).map_err(FixError::without_culprit)?
            }
            FileContent::Manifest(manifest) => {
                let text = self.source.text();
                let after = document_edits::edit_documents(text, manifest, &yaml_edits(&steps), editor)?;
                document_edits::edit_entries(after, &entry_edits(&steps), editor)?
            }
        };
        let after = self.remove_suppressions(after, &steps)?;
        if after == self.source.text() {
            return Err(FixError::without_culprit(LEAVES_AS_IT_IS));
        }
        Ok((steps, after))
    }

    /// The audit that proves a text.
    fn prove_text(
        &self,
        after: &str,
        steps: &[PlannedEdit],
        findings: &[KeyedFinding<'_>],
        others: SurroundingChanges<'_>,
    ) -> Result<SimulatedAudit, FixError> {
        let induced = others.induced_findings.iter().map(|(_, finding)| finding.as_ref());
        let before = self.engine.findings_in(self.path).chain(induced);
        let proof = PlainFileProof {
            engine: self.engine,
            path: self.path,
            kind: self.file_kind(),
            facts: others.facts,
        };
        let audit = prove_edit(&proof, (after, &self.allowed_differences(steps)), before, findings)?;
        check_decisions(self.engine, self.path, &audit.findings, findings)?;
        Ok(audit)
    }

    /// The text without the suppressions to remove. This comes last: no other edit touches a comment.
    fn remove_suppressions(&self, text: String, steps: &[PlannedEdit]) -> Result<String, FixError> {
        let idle: BTreeMap<usize, &[String]> = steps
            .iter()
            .filter_map(|step| match step {
                PlannedEdit::RemoveSuppression { comment, rules } => Some((*comment, rules.as_slice())),
                _ => None,
            })
            .collect();
        if idle.is_empty() {
            Ok(text)
        } else {
            suppress_finding::remove_rules_from_comments(&text, self.file_kind(), &idle)
                .map_err(FixError::without_culprit)
        }
    }

    const fn file_kind(&self) -> FileKind {
        match self.content {
            FileContent::Dockerfile(_) => FileKind::Dockerfile,
            FileContent::Manifest(_) => FileKind::Manifest,
        }
    }

    fn edit_dockerfile(&self, file: &Dockerfile, steps: &[PlannedEdit]) -> Result<String, String> {
        let edits: Vec<&DockerfileEdit> = steps
            .iter()
            .filter_map(|step| if let PlannedEdit::Dockerfile(edit) = step { Some(edit) } else { None })
            .collect();
        let after = dockerfile::apply_edits(self.dockerfile_context(file), &edits)?;
        dockerfile::verify_dockerfile(self.source.text(), &after, &edits)?;
        Ok(after)
    }

    fn pod_ops(
        &self,
        manifest: &ManifestFile,
        edits: &[&Edit],
    ) -> Result<BTreeMap<usize, Vec<YamlEdit>>, CannotFix> {
        let mut by_pod: BTreeMap<(usize, usize), Vec<&PodEdit>> = BTreeMap::new();
        let mut ops: BTreeMap<usize, Vec<YamlEdit>> = BTreeMap::new();
        for edit in edits {
            match edit {
                Edit::Pod { document, pod, edit } => {
                    by_pod.entry((*document, *pod)).or_default().push(edit);
                }
                Edit::Value { document, path, to } => {
                    ops.entry(*document)
                        .or_default()
                        .push(YamlEdit::Set { path: path.clone(), to: to.clone() });
                }
                Edit::Dockerfile(_) | Edit::Image(_) | Edit::Unsuppress { .. } => {}
            }
        }
        for (at, mut edits) in by_pod {
            if !self.is_proving {
                edits.retain(|edit| pod::may_need_value(edit));
            }
            let gone = || CannotFix::Impossible("the pod is no longer there".to_owned());
            let document = manifest.documents.get(at.0).ok_or_else(gone)?;
            let made = self.with_pod_case(at, |case| {
                if case.view.pod.containers.len() > MAX_CONTAINERS {
                    return Err(CannotFix::Impossible(format!(
                        "the pod has more than {MAX_CONTAINERS} containers"
                    )));
                }
                pod::plan_pod_ops(case, &edits)
            });
            let made = made.ok_or_else(gone)??;
            // A missing value is reported first: no parse of the document could supply it.
            let read_only = if self.is_proving { document.read_only() } else { document.read_only_hint() };
            if let Some(reason) = read_only {
                return Err(CannotFix::Impossible(format!("the document is not edited: {reason}")));
            }
            ops.entry(at.0).or_default().extend(made);
        }
        Ok(ops)
    }

    /// The parts of the file that these steps may change.
    fn allowed_differences(&self, steps: &[PlannedEdit]) -> AllowedDifferences {
        let document = |step: &PlannedEdit| match step {
            PlannedEdit::Document { document, .. } => Some(*document),
            _ => None,
        };
        steps
            .iter()
            .map(document)
            .collect::<Option<_>>()
            .map_or(AllowedDifferences::WholeFile, AllowedDifferences::Documents)
    }

    /// The findings that the file does not have yet, and will have once other files have the facts in `facts`.
    pub(super) fn new_findings_from(&self, facts: &FactOverrides) -> Vec<InducedFinding> {
        let FileContent::Manifest(manifest) = self.content else { return Vec::new() };
        if !self.engine.runs_what_changes(self.path, manifest, facts) {
            return Vec::new();
        }
        let will = self.engine.simulate_facts(self.path, facts);
        let now = count_alike(self.engine.findings_in(self.path));
        let is_new = |listed: &FindingVerdict| !now.contains_key(&likeness_of(&listed.finding));
        let keyed = keyed(self.path, will.iter(), |listed| &listed.finding);
        let new = keyed.into_iter().filter(|(_, listed)| is_new(listed));
        new.map(|(key, listed)| (key, Arc::clone(&listed.finding))).collect()
    }
}

/// True where a template says of more containers than it renders that they are root: what other values bring in keeps what
/// it says for itself only where nothing is said for the whole pod.
fn may_hide_root(engine: &AuditEngine, render: &TemplateRender) -> bool {
    const WORDS: [&str; 2] = ["runAsUser: 0", "runAsNonRoot: false"];
    let count = |text: &str| {
        let lines = text.lines().map(|line| line.trim_start_matches(['-', ' ']).trim_end());
        lines.filter(|line| WORDS.contains(line)).count()
    };
    let template = engine.source(&engine.record_path(&render.index_path));
    template.is_some_and(|template| count(template.text()) > count(&render.text))
}
