//! The workloads with their scores, and the repository's score.

use super::file_record::{FileRecord, ParsedFile};
use super::score::ScoreTally;
use super::subject_outcomes::SubjectOutcomes;
use super::workload_row::WorkloadRow;
use super::{AuditEngine, WorkloadReport, pod_security};
use crate::kubernetes::{ManifestDocument, Pod};
use crate::project::RepositoryView;
use crate::repo::RelPath;
use crate::rules::PodView;
use crate::settings::Settings;

/// What a Dockerfile that has been judged is worth in the score; nothing of any other file.
pub(super) fn tally_dockerfile(entry: &FileRecord, settings: &Settings) -> ScoreTally {
    let mut tally = ScoreTally::default();
    if matches!(entry.content, ParsedFile::Dockerfile(_)) {
        entry.file_output.outcomes.iter().for_each(|verdicts| tally.add_outcomes(verdicts, settings));
        entry.file_output.score_factors().into_iter().for_each(|factor| tally.apply_factor(factor));
    }
    tally
}

/// The workloads of a file that has been judged, and of which it is known what is open.
pub(super) fn workload_rows(
    entry: &FileRecord,
    repository: RepositoryView<'_>,
    is_patch: impl Fn(usize) -> bool,
    settings: &Settings,
) -> Vec<WorkloadRow> {
    let ParsedFile::Manifest(manifest) = &entry.content else { return Vec::new() };
    let verdicts = entry.file_output.outcomes.iter().zip(&entry.repo_output.outcomes);
    let factors = entry.file_output.score_factors().into_iter().zip(entry.repo_output.score_factors());
    let documents = manifest.documents.iter().enumerate();
    let pods = documents.flat_map(|(at, document)| {
        document.pods.iter().enumerate().map(move |(nth, pod)| (document, (at, nth), pod))
    });
    let mut rows = Vec::new();
    for ((document, at, pod), ((own, wide), factors)) in pods.zip(verdicts.zip(factors)) {
        let Some(object) = document.objects.get(pod.object_index) else { continue };
        let patch = is_patch(at.0);
        let view =
            PodView { path: &entry.path, document, position: at, object, pod, is_patch: patch, settings };
        let links: Vec<_> =
            view.containers().filter_map(|container| repository.link_of_key(&container.key())).collect();
        let mut tally = ScoreTally::default();
        tally.add_outcomes(own, settings);
        tally.add_outcomes(wide, settings);
        tally.apply_factor(factors.0.max(factors.1));
        let report = WorkloadReport {
            path: entry.path.clone(),
            object: object.label().into(),
            pod_security: (!patch).then(|| pod_security::pod_security_level(pod)),
            obstacles: if patch { Vec::new() } else { obstacle_names(pod) },
            score: tally.score(),
            dockerfile: links.first().map(|link| (link.dockerfile.clone(), link.evidence.to_owned())),
        };
        let dockerfiles = links.iter().map(|link| link.dockerfile.clone()).collect();
        rows.push(WorkloadRow { report, tally, dockerfiles });
    }
    rows
}

fn obstacle_names(pod: &Pod) -> Vec<&'static str> {
    pod_security::next_level_obstacles(pod).into_iter().map(|control| control.name).collect()
}

impl AuditEngine {
    /// Every workload, in the order of the files.
    #[must_use]
    pub fn workload_reports(&self) -> Vec<WorkloadReport> {
        self.files.values().flat_map(|entry| entry.workload_reports()).collect()
    }

    /// Whether one of these rules could not tell: of a Dockerfile, or of a workload by its file and `Kind/name`.
    #[must_use]
    pub fn is_undecided(&self, path: &RelPath, object: Option<&str>, rules: &[&str]) -> bool {
        let Some(entry) = self.files.get(path).map(|entry| entry.current_record()) else { return true };
        let unknown = |verdicts: &SubjectOutcomes| verdicts.any_unknown(rules);
        match &entry.content {
            ParsedFile::Empty => true,
            ParsedFile::Dockerfile(_) => entry.file_output.outcomes.iter().any(unknown),
            ParsedFile::Manifest(manifest) => {
                let pods = manifest.documents.iter().flat_map(|d| d.pods.iter().map(move |pod| (d, pod)));
                let label = |(document, pod): (&ManifestDocument, &Pod)| {
                    document.objects.get(pod.object_index).is_some_and(|o| Some(o.label().as_str()) == object)
                };
                let verdicts = entry.file_output.outcomes.iter().zip(&entry.repo_output.outcomes);
                pods.zip(verdicts).any(|(pod, (own, wide))| label(pod) && (unknown(own) || unknown(wide)))
            }
        }
    }

    /// The score of one app: a workload, by its file and `Kind/name`, together with those of these files that are
    /// Dockerfiles. None where nothing about it could be decided.
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
