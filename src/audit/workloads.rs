//! The workloads with their scores, and the repository's score.

use super::entry::{Entry, Parsed};
use super::score::Tally;
use super::verdicts::Verdicts;
use super::workload_row::Row;
use super::{Engine, WorkloadReport, pod_security};
use crate::manifest::{Document, Pod};
use crate::project::RepositoryView;
use crate::repo::RelPath;
use crate::rules::PodView;
use crate::settings::Settings;

/// What a Dockerfile that has been judged is worth in the score; nothing of any other file.
pub(super) fn tally_of_build(entry: &Entry, settings: &Settings) -> Tally {
    let mut tally = Tally::default();
    if matches!(entry.parsed, Parsed::Build(_)) {
        entry.own.verdicts.iter().for_each(|verdicts| tally.add(verdicts, settings));
        entry.own.factors().into_iter().for_each(|factor| tally.hold(factor));
    }
    tally
}

/// The workloads of a file that has been judged, and of which it is known what is open.
pub(super) fn rows(
    entry: &Entry,
    repository: RepositoryView<'_>,
    is_patch: impl Fn(usize) -> bool,
    settings: &Settings,
) -> Vec<Row> {
    let Parsed::Manifest(manifest) = &entry.parsed else { return Vec::new() };
    let verdicts = entry.own.verdicts.iter().zip(&entry.wide.verdicts);
    let factors = entry.own.factors().into_iter().zip(entry.wide.factors());
    let documents = manifest.documents.iter().enumerate();
    let pods = documents.flat_map(|(at, document)| {
        document.pods.iter().enumerate().map(move |(nth, pod)| (document, (at, nth), pod))
    });
    let mut rows = Vec::new();
    for ((document, at, pod), ((own, wide), factors)) in pods.zip(verdicts.zip(factors)) {
        let Some(object) = document.objects.get(pod.object) else { continue };
        let patch = is_patch(at.0);
        let view =
            PodView { path: &entry.path, document, position: at, object, pod, is_patch: patch, settings };
        let links: Vec<_> =
            view.containers().filter_map(|container| repository.link_of_key(&container.key())).collect();
        let mut tally = Tally::default();
        tally.add(own, settings);
        tally.add(wide, settings);
        tally.hold(factors.0.max(factors.1));
        let report = WorkloadReport {
            path: entry.path.clone(),
            object: object.label().into(),
            pod_security: (!patch).then(|| pod_security::level(pod)),
            obstacles: if patch { Vec::new() } else { obstacles(pod) },
            score: tally.score(),
            dockerfile: links.first().map(|link| (link.dockerfile.clone(), link.evidence.to_owned())),
        };
        let dockerfiles = links.iter().map(|link| link.dockerfile.clone()).collect();
        rows.push(Row { report, tally, dockerfiles });
    }
    rows
}

fn obstacles(pod: &Pod) -> Vec<&'static str> {
    pod_security::obstacles(pod).into_iter().map(|control| control.name).collect()
}

impl Engine {
    /// Every workload, in the order of the files.
    #[must_use]
    pub fn workloads(&self) -> Vec<WorkloadReport> {
        self.files.values().flat_map(|entry| entry.workloads()).collect()
    }

    /// Whether one of these rules could not tell: of a Dockerfile, or of a workload by its file and `Kind/name`.
    #[must_use]
    pub fn cannot_tell(&self, path: &RelPath, object: Option<&str>, rules: &[&str]) -> bool {
        let Some(entry) = self.files.get(path).map(|entry| entry.standing()) else { return true };
        let unknown = |verdicts: &Verdicts| verdicts.are_unknown(rules);
        match &entry.parsed {
            Parsed::Nothing => true,
            Parsed::Build(_) => entry.own.verdicts.iter().any(unknown),
            Parsed::Manifest(manifest) => {
                let pods = manifest.documents.iter().flat_map(|d| d.pods.iter().map(move |pod| (d, pod)));
                let label = |(document, pod): (&Document, &Pod)| {
                    document.objects.get(pod.object).is_some_and(|o| Some(o.label().as_str()) == object)
                };
                let verdicts = entry.own.verdicts.iter().zip(&entry.wide.verdicts);
                pods.zip(verdicts).any(|(pod, (own, wide))| label(pod) && (unknown(own) || unknown(wide)))
            }
        }
    }

    /// The score of one app: a workload, by its file and `Kind/name`, together with those of these files that are
    /// Dockerfiles. None where nothing about it could be decided.
    #[must_use]
    pub fn score_of(&self, manifest: &RelPath, object: &str, files: &[RelPath]) -> Option<u8> {
        let standing = |path| self.files.get(path).map(|entry| entry.standing());
        let rows = standing(manifest).into_iter().flat_map(|entry| &entry.rows);
        let own = rows.filter(|row| &*row.report.object == object).map(|row| row.tally);
        let builds =
            files.iter().filter_map(standing).filter(|entry| matches!(entry.parsed, Parsed::Build(_)));
        own.chain(builds.map(|entry| entry.tally)).fold(Tally::default(), Tally::plus).score()
    }
}
