//! Finds the apps of a repository, for the walkthrough: a workload with its Dockerfile, or either alone.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::audit::{AuditEngine, PodSecurity};
use crate::repo::{FileKind, RelPath};

/// The identity of an app: stays the same while its files are edited.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppId {
    /// The manifest and the object in it, as `Kind/name`.
    pub workload: Option<(RelPath, Arc<str>)>,
    /// The Dockerfile, of an app that is nothing else.
    pub dockerfile: Option<RelPath>,
}

/// An app as it is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkApp {
    pub id: AppId,
    /// Its files, the manifest first.
    pub files: Vec<RelPath>,
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.workload, &self.dockerfile) {
            (Some((path, object)), _) => write!(f, "{object} in {path}"),
            (None, Some(path)) => write!(f, "{path}"),
            (None, None) => Ok(()),
        }
    }
}

/// Every app, workloads first. A kustomization's patch is no app: it holds only a part of one. Nor is what a chart renders:
/// its chapters would have to write values, and are not made for that.
pub(super) fn list_apps(engine: &AuditEngine) -> Vec<WalkApp> {
    let mut linked = BTreeSet::new();
    let mut apps = Vec::new();
    for report in engine.workload_reports() {
        if report.pod_security.is_none() || engine.chart_of(&report.path).is_some() {
            continue;
        }
        let mut files = vec![report.path.clone()];
        if let Some((dockerfile, _)) = &report.dockerfile {
            linked.insert(dockerfile.clone());
            files.push(dockerfile.clone());
        }
        apps.push(WalkApp {
            score: engine.app_score(&report.path, &report.object, &files),
            id: AppId { workload: Some((report.path, report.object)), dockerfile: None },
            files,
            level: report.pod_security,
        });
    }
    for path in engine.audited_paths_of_kind(FileKind::Dockerfile).filter(|path| !linked.contains(*path)) {
        let files = vec![path.clone()];
        let score = engine.app_score(path, "", &files);
        apps.push(WalkApp {
            id: AppId { workload: None, dockerfile: Some(path.clone()) },
            files,
            score,
            level: None,
        });
    }
    apps
}
