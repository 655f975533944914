//! The workloads with their scores, and the repository's score.

use std::collections::{BTreeSet, HashMap};

use super::entry::Parsed;
use super::judge::Verdicts;
use super::score::{self, Tally};
use super::{Engine, WorkloadReport, pod_security};
use crate::manifest::{Document, Pod};
use crate::repo::RelPath;
use crate::rules::{PodView, Verdict};

/// Every workload in the order of the files, and the mean score of all apps: a workload with its linked Dockerfile, or
/// either alone.
pub(super) fn workloads(engine: &Engine) -> (Vec<WorkloadReport>, Option<u8>) {
    let builds = builds(engine);
    let mut linked = BTreeSet::new();
    let mut reports = Vec::new();
    let mut apps = Vec::new();
    for (path, entry) in &engine.files {
        let Parsed::Manifest(manifest) = &entry.parsed else { continue };
        let verdicts = entry.own.verdicts.iter().zip(&entry.wide.verdicts);
        let documents = manifest.documents.iter().enumerate();
        let pods = documents.flat_map(|(at, document)| {
            document.pods.iter().enumerate().map(move |(nth, pod)| (document, (at, nth), pod))
        });
        for ((document, at, pod), (own, wide)) in pods.zip(verdicts) {
            let Some(object) = document.objects.get(pod.object) else { continue };
            let patch = engine.index.is_patch(path, at.0);
            let view = PodView { path, document, at, object, pod, patch, settings: engine.settings() };
            let links: Vec<_> =
                view.containers().filter_map(|container| engine.repository().link(container)).collect();
            let mut tally = Tally::default();
            tally.add(own);
            tally.add(wide);
            let dockerfiles: BTreeSet<&RelPath> = links.iter().map(|link| &link.dockerfile).collect();
            let app = dockerfiles
                .iter()
                .filter_map(|path| builds.get(*path))
                .fold(tally, |sum, build| sum.plus(*build));
            linked.extend(dockerfiles.into_iter().cloned());
            apps.extend(app.score());
            reports.push(WorkloadReport {
                path: path.clone(),
                object: object.label().into(),
                pod_security: (!patch).then(|| pod_security::level(pod)),
                obstacles: if patch { Vec::new() } else { obstacles(pod) },
                score: tally.score(),
                dockerfile: links.first().map(|link| (link.dockerfile.clone(), link.evidence.to_owned())),
            });
        }
    }
    apps.extend(
        builds.iter().filter(|(path, _)| !linked.contains(*path)).filter_map(|(_, tally)| tally.score()),
    );
    (reports, score::mean(&apps))
}

fn obstacles(pod: &Pod) -> Vec<&'static str> {
    pod_security::obstacles(pod).into_iter().map(|control| control.name).collect()
}

fn builds(engine: &Engine) -> HashMap<RelPath, Tally> {
    let builds = engine.files.iter().filter(|(_, entry)| matches!(entry.parsed, Parsed::Build(_)));
    builds
        .map(|(path, entry)| {
            let mut tally = Tally::default();
            entry.own.verdicts.iter().for_each(|verdicts| tally.add(verdicts));
            (path.clone(), tally)
        })
        .collect()
}

impl Engine {
    /// Every workload, in the order of the files.
    #[must_use]
    pub fn workloads(&self) -> Vec<WorkloadReport> {
        workloads(self).0
    }

    /// Whether one of these rules could not tell: of a Dockerfile, or of a workload by its file and `Kind/name`.
    #[must_use]
    pub fn cannot_tell(&self, path: &RelPath, object: Option<&str>, rules: &[&str]) -> bool {
        let Some(entry) = self.files.get(path) else { return true };
        let unknown = |verdicts: &Verdicts| {
            rules.iter().any(|rule| verdicts.get(rule).is_some_and(|verdict| *verdict == Verdict::Unknown))
        };
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
        let mut tally = Tally::default();
        if let Some((entry, Parsed::Manifest(manifest))) =
            self.files.get(manifest).map(|entry| (entry, &entry.parsed))
        {
            let verdicts = entry.own.verdicts.iter().zip(&entry.wide.verdicts);
            let pods = manifest.documents.iter().flat_map(|d| d.pods.iter().map(move |pod| (d, pod)));
            for ((document, pod), (own, wide)) in pods.zip(verdicts) {
                if document.objects.get(pod.object).is_some_and(|o| o.label() == object) {
                    tally.add(own);
                    tally.add(wide);
                }
            }
        }
        for entry in files.iter().filter_map(|path| self.files.get(path)) {
            if matches!(entry.parsed, Parsed::Build(_)) {
                entry.own.verdicts.iter().for_each(|verdicts| tally.add(verdicts));
            }
        }
        tally.score()
    }
}
