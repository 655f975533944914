//! Reports the workloads with their scores, and the repository's score, for the engine.

use std::collections::HashMap;
use std::sync::Arc;

use super::file_record::{FileRecord, ParsedFile};
use super::runner::RuleOutput;
use super::score::ScoreTally;
use super::subject_outcomes::SubjectOutcomes;
use super::workload_row::WorkloadRow;
use super::{AuditEngine, ContainerLink, PodSecurity, TemplateRender, WorkloadReport, pod_security};
use crate::kubernetes::{ContainerRole, ManifestDocument, ManifestFile, Pod};
use crate::project::{AppMember, ImageLink, RepositoryView};
use crate::repo::RelPath;
use crate::rules::{ContainerView, PodView};
use crate::settings::Settings;

/// The part of an audited Dockerfile in the score; nothing for any other file.
pub(super) fn tally_dockerfile(entry: &FileRecord, settings: &Settings) -> ScoreTally {
    let mut tally = ScoreTally::default();
    if matches!(entry.content, ParsedFile::Dockerfile(_)) {
        entry.file_output.outcomes.iter().for_each(|verdicts| tally.add_outcomes(verdicts, settings));
        entry.file_output.score_factors().into_iter().for_each(|factor| tally.apply_factor(factor));
    }
    tally
}

/// The workloads of an audited file whose suppressions have been applied.
pub(super) fn workload_rows(
    entry: &FileRecord,
    repository: RepositoryView<'_>,
    settings: &Settings,
) -> Vec<WorkloadRow> {
    let ParsedFile::Manifest(manifest) = &entry.content else { return Vec::new() };
    JudgedManifest::of_file(entry, manifest).workload_rows(&entry.path, repository, settings)
}

/// The workloads of a chart's template, as its first value set that renders any makes them.
pub(super) fn chart_workload_rows(
    entry: &FileRecord,
    repository: RepositoryView<'_>,
    settings: &Settings,
) -> Vec<WorkloadRow> {
    let Some(first) = entry.renders.first() else { return Vec::new() };
    let of_first_set = entry.renders.iter().filter(|render| render.unit == first.unit);
    let rows = of_first_set.flat_map(|render| {
        JudgedManifest::of_render(render).workload_rows(&entry.path, repository, settings)
    });
    rows.collect()
}

/// Gives the workloads of a file the lowest Pod Security level that they have in any build.
pub(super) fn set_built_levels(rows: &mut [WorkloadRow], entry: &FileRecord) {
    let mut lowest: HashMap<&Arc<str>, (PodSecurity, &Pod)> = HashMap::new();
    for render in &entry.renders {
        let pods = render.manifest.documents.iter().flat_map(|d| d.pods.iter().map(move |pod| (d, pod)));
        for (document, pod) in pods {
            let Some(name) = render.first_name_at(document.span.start) else { continue };
            let level = pod_security::pod_security_level(pod);
            let known = lowest.entry(name).or_insert((level, pod));
            if level < known.0 {
                *known = (level, pod);
            }
        }
    }
    for report in rows.iter_mut().map(|row| &mut row.report) {
        if let Some((level, pod)) = lowest.get(&report.object).filter(|_| report.pod_security.is_some()) {
            report.pod_security = Some(*level);
            report.failed_controls = failed_names(pod);
        }
    }
}

/// A manifest with the results of the rules.
struct JudgedManifest<'a> {
    manifest: &'a ManifestFile,
    /// The path by which the index knows it.
    index_path: &'a RelPath,
    own: &'a RuleOutput,
    wide: &'a RuleOutput,
}

impl<'a> JudgedManifest<'a> {
    const fn of_file(entry: &'a FileRecord, manifest: &'a ManifestFile) -> Self {
        Self { manifest, index_path: &entry.path, own: &entry.file_output, wide: &entry.repo_output }
    }

    fn of_render(render: &'a TemplateRender) -> Self {
        Self {
            manifest: &render.manifest,
            index_path: &render.index_path,
            own: &render.file_output,
            wide: &render.repo_output,
        }
    }

    fn workload_rows(
        &self,
        path: &RelPath,
        repository: RepositoryView<'_>,
        settings: &Settings,
    ) -> Vec<WorkloadRow> {
        let verdicts = self.own.outcomes.iter().zip(&self.wide.outcomes);
        let factors = self.own.score_factors().into_iter().zip(self.wide.score_factors());
        let documents = self.manifest.documents.iter().enumerate();
        let views = documents
            .flat_map(|place| PodView::of_document(self.index_path, place, repository.index(), settings));
        let mut rows = Vec::new();
        for (view, ((own, wide), factors)) in views.zip(verdicts.zip(factors)) {
            let (pod, patch) = (view.pod, view.is_patch);
            let links = container_links(&view, repository);
            let built = view.containers().filter_map(|container| repository.link_of_key(&container.key()));
            let dockerfiles = built.map(|link| link.dockerfile.clone()).collect();
            let mut tally = ScoreTally::default();
            tally.add_outcomes(own, settings);
            tally.add_outcomes(wide, settings);
            tally.apply_factor(factors.0.max(factors.1));
            let report = WorkloadReport {
                path: path.clone(),
                object: view.object.label().into(),
                namespace: view.object.namespace.as_deref().map(Arc::from),
                pod_security: (!patch).then(|| pod_security::pod_security_level(pod)),
                failed_controls: if patch { Vec::new() } else { failed_names(pod) },
                score: tally.score(),
                dockerfile: own_link(&view, repository)
                    .map(|link| (link.dockerfile.clone(), link.evidence_text())),
                links,
            };
            rows.push(WorkloadRow { report, tally, dockerfiles });
        }
        rows.shrink_to_fit();
        rows
    }
}

/// Containers that a service mesh puts into the pods of others, by their names.
///
/// Source: the injection templates of Istio, Linkerd, Consul, Dapr and Kuma, 2026-10.
const INJECTED_CONTAINERS: [&str; 6] =
    ["istio-proxy", "linkerd-proxy", "consul-dataplane", "envoy-sidecar", "daprd", "kuma-sidecar"];

fn container_links(view: &PodView<'_>, repository: RepositoryView<'_>) -> Vec<ContainerLink> {
    let links = view.containers().filter_map(|container| {
        let answer = repository.link_answer(&container.key())?.clone();
        let model = &container.container.model;
        let text = |value: Option<&String>| Arc::from(value.map_or("", String::as_str));
        Some(ContainerLink { container: text(model.name.get()), image: text(model.image.get()), answer })
    });
    links.collect()
}

/// The link of the workload's own program: of the first container that stays and that nobody puts into the pods of
/// others. One that only prepares is none.
fn own_link<'r>(view: &PodView<'_>, repository: RepositoryView<'r>) -> Option<&'r ImageLink> {
    let stays = |container: &ContainerView<'_>| container.container.role == ContainerRole::Main;
    let main: Vec<ContainerView<'_>> = view.containers().filter(stays).collect();
    let is_own = |container: &&ContainerView<'_>| {
        let name = container.container.model.name.get();
        main.len() == 1 || !name.is_some_and(|name| INJECTED_CONTAINERS.contains(&name.as_str()))
    };
    main.iter().filter(is_own).find_map(|container| repository.link_answer(&container.key())?.link())
}

/// Every control that a pod fails, as the API server names it.
fn failed_names(pod: &Pod) -> Vec<&'static str> {
    pod_security::failed_controls(pod).map(|control| control.id).collect()
}

impl AuditEngine {
    /// Every workload, in the order of the files.
    #[must_use]
    pub fn workload_reports(&self) -> Vec<WorkloadReport> {
        self.files.values().flat_map(|entry| entry.workload_reports()).collect()
    }

    /// The objects in a file that belong to an app of what is audited; in a chart's template, as the first value set that
    /// renders any makes them.
    pub(super) fn app_members(&self, entry: &FileRecord) -> Vec<AppMember> {
        let made = if entry.is_chart_made { entry.current_record().renders.as_slice() } else { &[] };
        let first = made.first().map(|render| &render.unit);
        let renders = made.iter().filter(|render| Some(&render.unit) == first);
        let own = (!entry.is_chart_made).then_some(&entry.path);
        let paths = own.into_iter().chain(renders.map(|render| &render.index_path));
        let members = paths.flat_map(|path| self.index.app_members_in(path));
        let placed = members.map(|AppMember { object, workload: (path, workload) }| AppMember {
            object,
            workload: (self.record_path(&path), workload),
        });
        placed
            .filter(|member| self.files.get(&member.workload.0).is_some_and(|entry| !entry.is_context))
            .collect()
    }

    /// The objects that belong to apps, by their files.
    pub fn app_members_by_file(&self) -> impl Iterator<Item = (&RelPath, Vec<AppMember>)> {
        let audited = self.files.values().filter(|entry| !entry.is_context);
        audited.map(|entry| (&entry.path, self.app_members(entry))).filter(|(_, members)| !members.is_empty())
    }

    /// True where one of these rules has an unknown outcome: for a Dockerfile, or for a workload by its file and
    /// `Kind/name`.
    #[must_use]
    pub fn is_undecided(&self, path: &RelPath, object: Option<&str>, rules: &[&str]) -> bool {
        let Some(entry) = self.files.get(path).map(|entry| entry.current_record()) else { return true };
        let unknown = |verdicts: &SubjectOutcomes| verdicts.any_unknown(rules);
        let any_unknown = |judged: JudgedManifest<'_>| {
            let pods = judged.manifest.documents.iter().flat_map(|d| d.pods.iter().map(move |pod| (d, pod)));
            let label = |(document, pod): (&ManifestDocument, &Pod)| {
                document.objects.get(pod.object_index).is_some_and(|o| Some(o.label().as_str()) == object)
            };
            let verdicts = judged.own.outcomes.iter().zip(&judged.wide.outcomes);
            pods.zip(verdicts).any(|(pod, (own, wide))| label(pod) && (unknown(own) || unknown(wide)))
        };
        match &entry.content {
            ParsedFile::Empty if entry.renders.is_empty() => true,
            ParsedFile::Empty => {
                entry.renders.iter().any(|render| any_unknown(JudgedManifest::of_render(render)))
            }
            ParsedFile::Dockerfile(_) => entry.file_output.outcomes.iter().any(unknown),
            ParsedFile::Manifest(manifest) => any_unknown(JudgedManifest::of_file(entry, manifest)),
        }
    }

    /// The score of one app: a workload, by its file and `Kind/name`, together with the Dockerfiles among these files.
    /// None where nothing about it could be decided.
    #[must_use]
    pub fn app_score(&self, manifest: &RelPath, object: &str, files: &[RelPath]) -> Option<u8> {
        let standing = |path| self.files.get(path).map(|entry| entry.current_record());
        let rows = standing(manifest).into_iter().flat_map(|entry| &entry.workload_rows);
        let own = rows.filter(|row| &*row.report.object == object).map(|row| row.tally);
        let builds = files
            .iter()
            .filter_map(standing)
            .filter(|entry| matches!(entry.content, ParsedFile::Dockerfile(_)));
        own.chain(builds.map(|entry| entry.tally)).fold(ScoreTally::default(), ScoreTally::plus).score()
    }
}
