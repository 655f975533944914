//! Which Dockerfile a workload runs, and which workloads run a Dockerfile, as the lists need it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::audit::WorkloadReport;
use crate::repo::RelPath;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Links {
    /// By the manifest, in the order of its workloads.
    from: HashMap<RelPath, Vec<Link>>,
    /// By the Dockerfile: the manifests, and the link's place in each.
    to: HashMap<RelPath, BTreeSet<(RelPath, usize)>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Link {
    object: Arc<str>,
    dockerfile: RelPath,
    evidence: String,
}

impl Links {
    /// Takes in the workloads of one file.
    pub(super) fn set(&mut self, path: &RelPath, workloads: &[WorkloadReport]) {
        for (at, old) in self.from.remove(path).into_iter().flatten().enumerate() {
            if let Some(users) = self.to.get_mut(&old.dockerfile) {
                users.remove(&(path.clone(), at));
                if users.is_empty() {
                    self.to.remove(&old.dockerfile);
                }
            }
        }
        let links = workloads.iter().filter_map(|workload| {
            let (dockerfile, evidence) = workload.dockerfile.clone()?;
            Some(Link { object: Arc::clone(&workload.object), dockerfile, evidence })
        });
        let links: Vec<Link> = links.collect();
        for (at, link) in links.iter().enumerate() {
            self.to.entry(link.dockerfile.clone()).or_default().insert((path.clone(), at));
        }
        if !links.is_empty() {
            self.from.insert(path.clone(), links);
        }
    }

    /// The Dockerfiles to which a manifest's workloads are linked.
    pub(super) fn from(&self, path: &RelPath) -> impl Iterator<Item = &RelPath> {
        self.from.get(path).into_iter().flatten().map(|link| &link.dockerfile)
    }

    /// The one workload that uses a Dockerfile; one that several use stands for itself.
    pub(super) fn owner(&self, dockerfile: &RelPath) -> Option<(&RelPath, &Arc<str>)> {
        let users = self.to.get(dockerfile).filter(|users| users.len() == 1)?;
        let (path, at) = users.first()?;
        Some((path, &self.from.get(path)?.get(*at)?.object))
    }

    /// The file that belongs to this one, as one of its objects sees it, and what says so. Of several the first counts.
    pub(super) fn linked(&self, path: &RelPath, object: Option<&Arc<str>>) -> Option<(&RelPath, &str)> {
        if let Some(links) = self.from.get(path) {
            let own = links.iter().find(|link| Some(&link.object) == object);
            return own.or(links.first()).map(|link| (&link.dockerfile, link.evidence.as_str()));
        }
        let (manifest, at) = self.to.get(path)?.first()?;
        Some((manifest, self.from.get(manifest)?.get(*at)?.evidence.as_str()))
    }
}
