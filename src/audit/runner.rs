//! Runs the rules on one file for the engine, and records their findings and outcomes.

use std::sync::Arc;

use super::score::ScoreFactor;
use super::subject_outcomes::SubjectOutcomes;
use crate::dockerfile::Dockerfile;
use crate::dockerfile::shell::ScriptCache;
use crate::finding::{Finding, InlineSuppression, Subject};
use crate::kubernetes::{ManifestDocument, ManifestFile};
use crate::needs::ProgramNeed;
use crate::project::{FileFacts, ImageDeployment, PodNeedsMemo, RepositoryIndex, RepositoryView};
use crate::repo::{BuildContext, RelPath};
use crate::rules::{
    self, ALL_RULES, ContainerView, DockerfileView, DocumentView, FindingCollector, ManifestView, PodView,
    Rule, RuleCheck, RuleOutcome, RuleTheme,
};
use crate::settings::Settings;
use crate::text::SmallSet;

/// The results of the rules for one file: for a Dockerfile, or for each of a manifest's pods.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RuleOutput {
    pub findings: Vec<Arc<Finding>>,
    /// For each finding, true where it is suppressed; empty until the suppressions are applied.
    pub is_suppressed: Vec<bool>,
    /// For each finding, the index of its subject in `outcomes`; none where it is about none of them.
    pub subjects: Vec<Option<usize>>,
    /// The outcomes: for a Dockerfile one entry, for a manifest one for each pod, in the order of the file.
    pub outcomes: Vec<SubjectOutcomes>,
    /// What findings in other files put on the score of each subject; empty where there are none.
    pub outside_factors: Vec<ScoreFactor>,
}

/// What the rules see of a Dockerfile besides its text.
pub(super) struct DockerfileSurroundings<'a> {
    pub suppressions: &'a [InlineSuppression],
    pub context: &'a BuildContext,
    pub needs: &'a [ProgramNeed],
    pub deployment: ImageDeployment,
}

/// Runs the rules on a Dockerfile.
pub(super) fn run_dockerfile_checks(
    path: &RelPath,
    text: &str,
    file: &Dockerfile,
    around: DockerfileSurroundings<'_>,
    settings: &Settings,
) -> RuleOutput {
    let scripts = &ScriptCache::new(text, file);
    let DockerfileSurroundings { suppressions, context, needs, deployment } = around;
    let view =
        DockerfileView { path, text, file, scripts, settings, needs, suppressions, context, deployment };
    let mut judged = RuleOutput::default();
    let mut verdicts = SubjectOutcomes::new();
    let whole = &Subject::default();
    for (rule, verdict) in verdicts.outcome_slots() {
        for check in rule.checks {
            if let RuleCheck::Dockerfile(check) = check {
                let mut findings = FindingCollector::new(rule, whole);
                check(&view, &mut findings);
                merge_outcome(findings, &mut judged.findings, verdict);
            }
        }
    }
    judged.outcomes.push(verdicts);
    judged.findings.shrink_to_fit();
    judged.subjects = vec![Some(0); judged.findings.len()];
    judged
}

/// The needs of a Dockerfile's program, among its facts.
pub(super) fn program_needs(facts: Option<&FileFacts>) -> &[ProgramNeed] {
    match facts {
        Some(FileFacts::Dockerfile(facts)) => &facts.program_needs,
        _ => &[],
    }
}

/// The documents of a manifest that are to be audited.
pub(super) struct ManifestPart<'a> {
    path: &'a RelPath,
    text: &'a str,
    manifest: &'a ManifestFile,
    /// Each document with its index in the file.
    pub documents: Vec<(usize, &'a ManifestDocument)>,
    settings: &'a Settings,
}

impl<'a> ManifestPart<'a> {
    /// All documents of a manifest.
    pub(super) fn of_all_documents(
        path: &'a RelPath,
        text: &'a str,
        manifest: &'a ManifestFile,
        settings: &'a Settings,
    ) -> Self {
        Self { path, text, manifest, documents: manifest.documents.iter().enumerate().collect(), settings }
    }

    /// Documents of a file that were read without the others, each with its index in the file.
    pub(super) fn of_documents(
        path: &'a RelPath,
        text: &'a str,
        manifest: &'a ManifestFile,
        places: &[usize],
        settings: &'a Settings,
    ) -> Self {
        let documents = places.iter().copied().zip(&manifest.documents).collect();
        Self { path, text, manifest, documents, settings }
    }

    /// Each document that holds a kind that the rule declares, with its surroundings.
    fn document_views(&self, rule: &'static Rule) -> impl Iterator<Item = DocumentView<'a>> {
        let Self { path, text, manifest, settings, .. } = *self;
        let view = move |(index, document)| DocumentView { path, text, manifest, document, index, settings };
        self.documents.iter().copied().filter(|(_, document)| rule.kinds.are_in_document(document)).map(view)
    }
}

/// Runs the rules that a document alone decides on a manifest.
pub(super) fn run_file_checks(
    part: &ManifestPart<'_>,
    exceptions: &[InlineSuppression],
    index: &RepositoryIndex,
) -> RuleOutput {
    let ManifestPart { path, text, manifest, .. } = *part;
    let mut judged = RuleOutput::default();
    let file = ManifestView { path, text, manifest, suppressions: exceptions };
    judged.run_document_checks(|rule, check, findings| match check {
        RuleCheck::Manifest(check) => check(&file, findings),
        RuleCheck::Document(check) => part.document_views(rule).for_each(|view| check(&view, findings)),
        _ => {}
    });
    judged.run_on_pods(part, index, run_pod_checks);
    judged
}

/// Runs the rules that the whole repository decides on a manifest.
pub(super) fn run_repo_checks(part: &ManifestPart<'_>, repository: RepositoryView<'_>) -> RuleOutput {
    let own_needs = PodNeedsMemo::default();
    let repository = repository.keeping_needs_in(&own_needs);
    let mut judged = RuleOutput::default();
    judged.run_document_checks(|rule, check, findings| {
        if let RuleCheck::RepoDocument(check) = check {
            part.document_views(rule).for_each(|view| check(&view, &repository, findings));
        }
    });
    judged.run_on_pods(part, repository.index(), |rule, view, about, found, verdict| {
        for check in rule.checks {
            match check {
                RuleCheck::RepoPod(check) => {
                    let mut findings = FindingCollector::new(rule, &about.pod_subject);
                    check(&view, &repository, &mut findings);
                    merge_outcome(findings, found, verdict);
                }
                RuleCheck::RepoContainer(look) | RuleCheck::LinkedContainer(look) => {
                    for container in view.containers() {
                        let mut findings = FindingCollector::new(rule, about.container_subject(container));
                        look(&container, &repository, &mut findings);
                        if matches!(check, RuleCheck::LinkedContainer(_))
                            && repository.link_of_key(&container.key()).is_none()
                        {
                            findings.mark_not_applicable();
                        }
                        merge_outcome(findings, found, verdict);
                    }
                }
                _ => {}
            }
        }
    });
    judged
}

fn run_pod_checks(
    rule: &'static Rule,
    view: PodView<'_>,
    about: &PodSubjects,
    found: &mut Vec<Arc<Finding>>,
    verdict: &mut Option<RuleOutcome>,
) {
    for check in rule.checks {
        match check {
            RuleCheck::Pod(check) => {
                let mut findings = FindingCollector::new(rule, &about.pod_subject);
                check(&view, &mut findings);
                merge_outcome(findings, found, verdict);
            }
            RuleCheck::Container(check) => {
                for container in view.containers() {
                    let mut findings = FindingCollector::new(rule, about.container_subject(container));
                    check(&container, &mut findings);
                    merge_outcome(findings, found, verdict);
                }
            }
            _ => {}
        }
    }
}

impl RuleOutput {
    /// Runs each check on the documents that are no pod and do not count in the score.
    fn run_document_checks(&mut self, judge: impl Fn(&'static Rule, &RuleCheck, &mut FindingCollector<'_>)) {
        let whole = &Subject::default();
        for rule in ALL_RULES {
            let mut findings = FindingCollector::new(rule, whole);
            rule.checks.iter().for_each(|check| judge(rule, check, &mut findings));
            self.findings.extend(findings.into_outcome().0);
        }
        self.subjects.resize(self.findings.len(), None);
    }

    /// Drops the findings for which `stays` is false.
    pub(super) fn retain_findings(&mut self, stays: impl Fn(&Finding) -> bool) {
        let stays: Vec<bool> = self.findings.iter().map(|finding| stays(finding)).collect();
        let mut flags = stays.iter();
        self.findings.retain(|_| flags.next().is_none_or(|stays| *stays));
        let mut flags = stays.iter();
        self.subjects.retain(|_| flags.next().is_none_or(|stays| *stays));
    }

    /// The most severe open finding about each subject, as a factor. A fault of the file itself holds no score down.
    pub(super) fn score_factors(&self) -> Vec<ScoreFactor> {
        let mut factors = self.outside_factors.clone();
        factors.resize(self.outcomes.len(), ScoreFactor::Whole);
        let quiet = self.is_suppressed.iter().copied().chain(std::iter::repeat(false));
        for ((finding, subject), is_quiet) in self.findings.iter().zip(&self.subjects).zip(quiet) {
            let Some(factor) = subject.and_then(|subject| factors.get_mut(subject)) else { continue };
            let about_file =
                || rules::find_rule(finding.rule).is_some_and(|rule| rule.theme == RuleTheme::File);
            let own = ScoreFactor::from_severity(finding.severity);
            if !is_quiet && own > *factor && !about_file() {
                *factor = own;
            }
        }
        factors
    }

    /// Runs each rule on each pod, and keeps one finding per rule, object and container.
    fn run_on_pods(
        &mut self,
        part: &ManifestPart<'_>,
        index: &RepositoryIndex,
        judge: impl Fn(&'static Rule, PodView<'_>, &PodSubjects, &mut Vec<Arc<Finding>>, &mut Option<RuleOutcome>),
    ) {
        let ManifestPart { path, settings, .. } = *part;
        for place in part.documents.iter().copied() {
            for view in PodView::of_document(path, place, index, settings) {
                let about = PodSubjects::from_pod(view);
                let mut found = Vec::new();
                let mut verdicts = SubjectOutcomes::new();
                for (rule, verdict) in verdicts.outcome_slots() {
                    judge(rule, view, &about, &mut found, verdict);
                }
                dedupe_findings(&mut found);
                self.findings.extend(found);
                self.subjects.resize(self.findings.len(), Some(self.outcomes.len()));
                self.outcomes.push(verdicts);
            }
        }
        self.findings.shrink_to_fit();
        self.subjects.shrink_to_fit();
        self.outcomes.shrink_to_fit();
    }
}

/// Keeps the first finding of each rule about each subject; findings of one rule stand together.
fn dedupe_findings(found: &mut Vec<Arc<Finding>>) {
    let (mut rule, mut seen) = ("", SmallSet::default());
    found.retain(|finding| {
        if finding.rule != rule {
            rule = finding.rule;
            seen.clear();
        }
        seen.insert(finding.subject.clone())
    });
}

/// The subjects of findings about a pod and its containers, written once for all rules.
struct PodSubjects {
    pod_subject: Subject,
    container_subjects: Vec<Subject>,
}

impl PodSubjects {
    fn from_pod(view: PodView<'_>) -> Self {
        let pod = Subject { object: Some(view.object.label().into()), container: None };
        let names = view.pod.containers.iter().map(|container| container.name.as_deref().map(Arc::from));
        let containers = names.map(|container| Subject { container, ..pod.clone() }).collect();
        Self { pod_subject: pod, container_subjects: containers }
    }

    fn container_subject(&self, view: ContainerView<'_>) -> &Subject {
        self.container_subjects.get(view.index).unwrap_or(&self.pod_subject)
    }
}

/// Keeps the worst of all outcomes of one rule for the subject.
fn merge_outcome(
    findings: FindingCollector<'_>,
    found: &mut Vec<Arc<Finding>>,
    verdict: &mut Option<RuleOutcome>,
) {
    let (list, now) = findings.into_outcome();
    found.extend(list);
    *verdict = Some(verdict.map_or(now, |worst| worst.max(now)));
}
