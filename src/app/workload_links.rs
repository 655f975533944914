//! Links workloads to their Dockerfiles and to the objects that belong to them, both ways, for the lists.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::audit::WorkloadReport;
use crate::project::AppMember;
use crate::repo::RelPath;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WorkloadLinks {
    /// The links by manifest, in the order of its workloads.
    by_manifest: HashMap<RelPath, Vec<WorkloadLink>>,
    /// The links by Dockerfile: the manifests, and the link's place in each.
    by_dockerfile: HashMap<RelPath, BTreeSet<(RelPath, usize)>>,
    /// The apps of objects without a pod, by their file and name.
    by_member: HashMap<RelPath, HashMap<Arc<str>, WorkloadKey>>,
    /// The other files that an app may have something in: linked Dockerfiles, and those of what belongs to it.
    by_app: HashMap<WorkloadKey, BTreeSet<RelPath>>,
}

/// The workload of an app: its file, and its `Kind/name`.
type WorkloadKey = (RelPath, Arc<str>);

#[derive(Clone, Debug, PartialEq)]
struct WorkloadLink {
    object: Arc<str>,
    dockerfile: RelPath,
    evidence: String,
}

impl WorkloadLinks {
    /// Updates the links of one file's workloads.
    pub(super) fn set_workloads(&mut self, path: &RelPath, workloads: &[WorkloadReport]) {
        for (at, old) in self.by_manifest.remove(path).into_iter().flatten().enumerate() {
            self.remove_app_file(&(path.clone(), old.object), &old.dockerfile);
            if let Some(users) = self.by_dockerfile.get_mut(&old.dockerfile) {
                users.remove(&(path.clone(), at));
                if users.is_empty() {
                    self.by_dockerfile.remove(&old.dockerfile);
                }
            }
        }
        let links = workloads.iter().filter_map(|workload| {
            let (dockerfile, evidence) = workload.dockerfile.clone()?;
            Some(WorkloadLink { object: Arc::clone(&workload.object), dockerfile, evidence })
        });
        let links: Vec<WorkloadLink> = links.collect();
        for (at, link) in links.iter().enumerate() {
            let app = (path.clone(), Arc::clone(&link.object));
            self.by_app.entry(app).or_default().insert(link.dockerfile.clone());
            self.by_dockerfile.entry(link.dockerfile.clone()).or_default().insert((path.clone(), at));
        }
        if !links.is_empty() {
            self.by_manifest.insert(path.clone(), links);
        }
    }

    /// Updates which objects of one file belong to apps.
    pub(super) fn set_members(&mut self, path: &RelPath, members: &[AppMember]) {
        for (_, app) in self.by_member.remove(path).into_iter().flatten() {
            self.remove_app_file(&app, path);
        }
        for member in members {
            self.by_app.entry(member.workload.clone()).or_default().insert(path.clone());
            let own = self.by_member.entry(path.clone()).or_default();
            own.insert(Arc::clone(&member.object), member.workload.clone());
        }
    }

    /// The workload of the app to which an object of a file belongs that is none itself.
    pub(super) fn workload_of_member(
        &self,
        path: &RelPath,
        object: &Arc<str>,
    ) -> Option<(&RelPath, &Arc<str>)> {
        let (file, workload) = self.by_member.get(path)?.get(object)?;
        Some((file, workload))
    }

    fn remove_app_file(&mut self, app: &WorkloadKey, path: &RelPath) {
        if let Some(files) = self.by_app.get_mut(app) {
            files.remove(path);
            if files.is_empty() {
                self.by_app.remove(app);
            }
        }
    }

    /// The files beside a workload's own in which something may belong to its app.
    pub(super) fn other_app_files(
        &self,
        path: &RelPath,
        object: &Arc<str>,
    ) -> impl Iterator<Item = &RelPath> {
        self.by_app.get(&(path.clone(), Arc::clone(object))).into_iter().flatten()
    }

    /// The Dockerfiles to which a manifest's workloads are linked.
    pub(super) fn dockerfiles_of(&self, path: &RelPath) -> impl Iterator<Item = &RelPath> {
        self.by_manifest.get(path).into_iter().flatten().map(|link| &link.dockerfile)
    }

    /// The one workload that uses a Dockerfile; one that several use stands for itself.
    pub(super) fn owning_workload(&self, dockerfile: &RelPath) -> Option<(&RelPath, &Arc<str>)> {
        let users = self.by_dockerfile.get(dockerfile).filter(|users| users.len() == 1)?;
        let (path, at) = users.first()?;
        Some((path, &self.by_manifest.get(path)?.get(*at)?.object))
    }

    /// The first of the workloads that use a Dockerfile.
    pub(super) fn first_workload(&self, dockerfile: &RelPath) -> Option<(RelPath, Arc<str>)> {
        let (path, at) = self.by_dockerfile.get(dockerfile)?.first()?;
        Some((path.clone(), self.by_manifest.get(path)?.get(*at)?.object.clone()))
    }

    /// The objects of a manifest that use a Dockerfile.
    pub(super) fn objects_that_run<'a>(
        &'a self,
        dockerfile: &'a RelPath,
        manifest: &RelPath,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        let links = self.by_manifest.get(manifest).into_iter().flatten();
        links.filter(move |link| link.dockerfile == *dockerfile).map(|link| &link.object)
    }

    /// All objects that use a Dockerfile.
    pub(super) fn objects_of(&self, dockerfile: &RelPath) -> impl Iterator<Item = &Arc<str>> {
        let users = self.by_dockerfile.get(dockerfile).into_iter().flatten();
        users.filter_map(|(path, at)| Some(&self.by_manifest.get(path)?.get(*at)?.object))
    }

    /// The file that belongs to this one, as one of its objects sees it, with the reason. Without an object the first
    /// counts; an object without a link has that of the others where all of these have the same.
    pub(super) fn linked_file(&self, path: &RelPath, object: Option<&Arc<str>>) -> Option<(&RelPath, &str)> {
        if let Some(links) = self.by_manifest.get(path) {
            let own = links.iter().find(|link| Some(&link.object) == object);
            let is_shared = || links.iter().all(|link| link.dockerfile == links[0].dockerfile);
            let any = links.first().filter(|_| object.is_none() || is_shared());
            return own.or(any).map(|link| (&link.dockerfile, link.evidence.as_str()));
        }
        let (manifest, at) = self.by_dockerfile.get(path)?.first()?;
        Some((manifest, self.by_manifest.get(manifest)?.get(*at)?.evidence.as_str()))
    }
}
