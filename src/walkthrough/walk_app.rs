//! Finds the apps of a repository, for the walkthrough: a workload with its Dockerfile and what else is for it alone, or a
//! Dockerfile alone.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use crate::audit::{AuditEngine, DeployedObjects, PodSecurity, WorkloadReport};
use crate::causes::{CauseWeight, FindingWeights};
use crate::finding::{FindingKey, FindingPlacement};
use crate::project::AppMember;
use crate::repo::{FileKind, RelPath};
use crate::unit::UnitKind;

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
    /// The objects beside the workload that belong to it, each with its file.
    pub members: ObjectsInFiles,
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    /// The same for workloads of one name whose pods are copies of one another; none of a Dockerfile.
    pub likeness: Option<u64>,
}

/// The likeness of a workload's pod, and the workload's `Kind/name`.
pub type CopyKey = (u64, Arc<str>);

impl WalkApp {
    /// What copies of one app have in common: what hardens one hardens each, in its own file. None where it is no workload.
    #[must_use]
    pub fn copy_key(&self) -> Option<CopyKey> {
        self.likeness.zip(self.id.workload.as_ref().map(|(_, object)| Arc::clone(object)))
    }

    /// True for a finding of one of its files about it, or about what belongs to it; of a chart's files, for one about what
    /// its template renders.
    #[must_use]
    pub fn holds_finding(&self, key: &FindingKey, placements: Option<&[FindingPlacement]>) -> bool {
        let object = self.id.workload.as_ref().map(|(_, object)| object);
        let is_member = |object: &Arc<str>| self.members.contains(&(key.path.clone(), Arc::clone(object)));
        if !self.members.is_empty() && key.subject.object.as_ref().is_some_and(is_member) {
            return true;
        }
        let Some(placements) = placements.and_then(chart_placements) else {
            let is_own =
                object.is_none() || key.subject.object.is_none() || key.subject.object.as_ref() == object;
            return is_own && self.files.contains(&key.path);
        };
        self.id.workload.as_ref().is_some_and(|(path, object)| {
            let is_own = |placed: &FindingPlacement| {
                let folder = placed.unit.path.as_str();
                placed.object.as_ref() == Some(object) && path.as_str().starts_with(folder)
            };
            placements.iter().any(is_own)
        })
    }
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

/// Every app, the worst first. A kustomization's patch is no app: it holds only a part of one. Nor is a chart's test, which
/// runs when a person asks for it.
pub(super) fn list_apps(engine: &AuditEngine) -> Vec<WalkApp> {
    let members = members_by_app(engine);
    let objects = DeployedObjects::of_engine(engine, &BTreeSet::new());
    let mut linked = BTreeSet::new();
    let mut apps = Vec::new();
    for report in engine.workload_reports() {
        if report.pod_security.is_none() || is_chart_test(engine, &report) {
            continue;
        }
        let mut files = vec![report.path.clone()];
        if let Some((dockerfile, _)) = &report.dockerfile {
            linked.insert(dockerfile.clone());
            files.push(dockerfile.clone());
        }
        let app = (report.path.clone(), report.object.clone());
        apps.push(WalkApp {
            score: engine.app_score(&report.path, &report.object, &files),
            members: members.get(&app).map(|parts| parts.objects.clone()).unwrap_or_default(),
            likeness: objects.in_file(&report.path, &report.object).map(|object| object.fingerprint),
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
            members: BTreeSet::new(),
            score,
            level: None,
            likeness: None,
        });
    }
    let weights = FindingWeights::of_engine(engine);
    apps.sort_by_cached_key(|app| Reverse(app_weight(engine, app, &members, &weights)));
    apps
}

/// Objects beside workloads, each with its file.
type ObjectsInFiles = BTreeSet<(RelPath, Arc<str>)>;

/// What belongs to an app beside its workload and its Dockerfile, with the open findings about it.
#[derive(Default)]
struct AppParts {
    objects: ObjectsInFiles,
    findings: Vec<FindingKey>,
}

/// What belongs to each app, by its workload.
type PartsByApp = HashMap<(RelPath, Arc<str>), AppParts>;

fn members_by_app(engine: &AuditEngine) -> PartsByApp {
    let mut parts = PartsByApp::new();
    for (path, members) in engine.app_members_by_file() {
        let mut apps = HashMap::new();
        for AppMember { object, workload } in members {
            parts.entry(workload.clone()).or_default().objects.insert((path.clone(), object.clone()));
            apps.insert(object, workload);
        }
        for (key, _) in engine.open_findings(path) {
            let app = key.subject.object.as_ref().and_then(|object| apps.get(object));
            if let Some(parts) = app.and_then(|app| parts.get_mut(app)) {
                parts.findings.push(key);
            }
        }
    }
    parts
}

/// The placements of what a chart renders. Of what kustomizations build the file itself says whose it is.
pub(super) fn chart_placements(placements: &[FindingPlacement]) -> Option<&[FindingPlacement]> {
    let is_overlay = |placed: &FindingPlacement| placed.unit.kind == UnitKind::Kustomization;
    (!placements.iter().all(is_overlay)).then_some(placements)
}

/// What an app weighs on the first screen's scale.
fn app_weight(
    engine: &AuditEngine,
    app: &WalkApp,
    members: &PartsByApp,
    weights: &FindingWeights,
) -> CauseWeight {
    let findings = app.files.iter().flat_map(|path| engine.open_findings(path));
    let own = findings.filter(|(key, finding)| app.holds_finding(key, finding.placements.as_deref()));
    let keys: Vec<FindingKey> = own.map(|(key, _)| key).collect();
    let parts = app.id.workload.as_ref().and_then(|workload| members.get(workload));
    let all = keys.iter().chain(parts.into_iter().flat_map(|parts| &parts.findings));
    weights.total(all, app.id.workload.as_ref().map(|(_, object)| &**object))
}

fn is_chart_test(engine: &AuditEngine, report: &WorkloadReport) -> bool {
    if engine.chart_of(&report.path).is_none() {
        return false;
    }
    let mut pods = engine.deployed_pods(&report.path);
    let own = pods.find(|view| view.object.label() == *report.object);
    own.is_some_and(|view| view.object.is_chart_test())
}
