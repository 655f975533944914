//! Finds what lies between workloads and the restricted level of Pod Security, for the first screen: the root causes
//! about all of a repository that bring the most of them there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::CauseId;
use super::cause_ranking::CauseRow;
use crate::audit::{AuditEngine, ListedFinding, PodSecurity, WorkloadReport};
use crate::kubernetes::pod_security_standards::RESTRICTED_CAPABILITY;
use crate::needs::NeedKind;
use crate::repo::RelPath;
use crate::rules::PodView;

/// The rules whose findings close each control, by the control's name at the API server.
const CONTROL_RULES: [(&str, &[&str]); 19] = [
    ("appArmorProfile", &["unconfined-apparmor"]),
    ("capabilities_baseline", &["added-capabilities"]),
    ("hostNamespaces", &["host-network", "host-pid", "host-ipc"]),
    ("hostPathVolumes", &["host-path", "container-socket-mount"]),
    ("hostPorts", &["host-port"]),
    ("hostProbesAndHostLifecycle", &["probe-host"]),
    ("privileged", &["privileged-container"]),
    ("procMount", &["unmasked-proc"]),
    ("seccompProfile_baseline", &["unconfined-seccomp"]),
    ("seLinuxOptions", &["custom-selinux"]),
    ("sysctls", &["unsafe-sysctl"]),
    ("windowsHostProcess", &["windows-host-process"]),
    ("allowPrivilegeEscalation", &["privilege-escalation"]),
    ("capabilities_restricted", &["capabilities-not-dropped", "added-capabilities"]),
    ("procMount_restricted", &["unmasked-proc"]),
    ("restrictedVolumes", &["unsafe-volume-type", "host-path", "container-socket-mount"]),
    ("runAsNonRoot", &["may-run-as-root"]),
    ("runAsUser", &["root-user"]),
    ("seccompProfile_restricted", &["missing-seccomp", "unconfined-seccomp"]),
];

/// The causes that bring the most workloads to the restricted level, and how many are there then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestrictedPath {
    pub causes: BTreeSet<CauseId>,
    /// The workloads at the level once these causes are mended, with those that are there already.
    pub restricted: usize,
}

/// The path for a ranking's rows; none where no workload would reach the level by those that are about more than one
/// object. What somebody wrote for one is a decision of its own, and often what the program exists for.
pub(super) fn find_restricted_path<'a>(
    engine: &'a AuditEngine,
    rows: &[CauseRow],
    open: &[Arc<ListedFinding>],
    workloads: impl Iterator<Item = &'a WorkloadReport>,
) -> Option<RestrictedPath> {
    let rows_of_findings = RowsByFinding::new(rows, open);
    let mut keepers = CapabilityKeepers::new(engine);
    let mut reached = 0;
    let mut needs: BTreeMap<BTreeSet<usize>, usize> = BTreeMap::new();
    for workload in workloads {
        match workload.pod_security {
            Some(PodSecurity::Restricted) => reached += 1,
            Some(_) => {
                if let Some(rows) = rows_of_findings.rows_before_restricted(workload)
                    && !keepers.holds(workload)
                {
                    *needs.entry(rows).or_default() += 1;
                }
            }
            None => {}
        }
    }
    let gain = |rows: &BTreeSet<usize>| {
        needs.iter().filter(|(other, _)| other.is_subset(rows)).map(|(_, count)| count).sum::<usize>()
    };
    let is_wide = |at: &usize| rows[*at].causes.iter().all(|cause| cause.id.about.is_none());
    let wide = needs.keys().filter(|chosen| chosen.iter().all(is_wide));
    // Of those that bring as many, the fewest, and of these the first.
    let best =
        wide.max_by_key(|chosen| (gain(chosen), std::cmp::Reverse((chosen.len(), (*chosen).clone()))))?;
    let causes = best.iter().flat_map(|at| &rows[*at].causes).map(|cause| cause.id.clone());
    Some(RestrictedPath { causes: causes.collect(), restricted: reached + gain(best) })
}

/// The pods with a container that starts as root and needs capabilities which the level forbids: where all are dropped,
/// these are given back.
struct CapabilityKeepers<'a> {
    engine: &'a AuditEngine,
    /// By file, as far as files were asked about.
    known: HashMap<&'a RelPath, HashSet<String>>,
}

impl<'a> CapabilityKeepers<'a> {
    fn new(engine: &'a AuditEngine) -> Self {
        Self { engine, known: HashMap::new() }
    }

    fn holds(&mut self, workload: &'a WorkloadReport) -> bool {
        let engine = self.engine;
        let names = self.known.entry(&workload.path).or_insert_with(|| {
            let keepers = engine.deployed_pods(&workload.path).filter(|pod| keeps_capabilities(engine, *pod));
            keepers.map(|pod| pod.object.label()).collect()
        });
        names.contains(&*workload.object)
    }
}

/// True where a container is given capabilities back that the level forbids, once all are dropped.
fn keeps_capabilities(engine: &AuditEngine, view: PodView<'_>) -> bool {
    let needs = engine.repository().pod_needs(view.place());
    view.containers().any(|own| {
        let is_other = view.pod.run_as_user(own.container).get().is_some_and(|uid| *uid > 0)
            || view.pod.run_as_non_root(own.container).get() == Some(&true);
        needs.of_container(own.index).any(|need| match &need.kind {
            NeedKind::FileCapability(name) => name != RESTRICTED_CAPABILITY,
            NeedKind::Capability(name) => !is_other && name != RESTRICTED_CAPABILITY,
            _ => false,
        })
    })
}

/// The file and the name of an object.
type NamedObject<'a> = (&'a RelPath, &'a Arc<str>);

/// The rows in which the findings of an object stand, with their rules.
struct RowsByFinding<'a> {
    rows: HashMap<NamedObject<'a>, Vec<(&'static str, usize)>>,
    /// What is open and stands in no row.
    hidden: HashMap<NamedObject<'a>, Vec<&'static str>>,
}

impl<'a> RowsByFinding<'a> {
    fn new(rows: &'a [CauseRow], open: &'a [Arc<ListedFinding>]) -> Self {
        let shown: HashSet<_> = rows.iter().flat_map(CauseRow::keys).collect();
        let mut hidden: HashMap<_, Vec<_>> = HashMap::new();
        for key in open.iter().map(|listed| &listed.key).filter(|key| !shown.contains(key)) {
            if let Some(object) = &key.subject.object {
                hidden.entry((&key.path, object)).or_default().push(key.rule);
            }
        }
        let mut by_object: HashMap<_, Vec<_>> = HashMap::new();
        for (at, key) in rows.iter().enumerate().flat_map(|(at, row)| row.keys().map(move |key| (at, key))) {
            if let Some(object) = &key.subject.object {
                by_object.entry((&key.path, object)).or_default().push((key.rule, at));
            }
        }
        Self { rows: by_object, hidden }
    }

    /// The rows that hold what keeps a workload from the level; none where something does that stands in no row.
    fn rows_before_restricted(&self, workload: &'a WorkloadReport) -> Option<BTreeSet<usize>> {
        let object = (&workload.path, &workload.object);
        let own = self.rows.get(&object)?;
        let hidden = self.hidden.get(&object).map(Vec::as_slice).unwrap_or_default();
        let mut all = BTreeSet::new();
        for control in &workload.failed_controls {
            let (_, rules) = CONTROL_RULES.iter().find(|(name, _)| name == control)?;
            let found: BTreeSet<usize> =
                own.iter().filter(|(rule, _)| rules.contains(rule)).map(|(_, at)| *at).collect();
            if found.is_empty() || hidden.iter().any(|rule| rules.contains(rule)) {
                return None;
            }
            all.extend(found);
        }
        (!all.is_empty()).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::CONTROL_RULES;
    use crate::audit::pod_security::all_controls;
    use crate::rules::find_rule;

    #[test]
    fn every_control_has_its_rules_and_every_rule_is_one() {
        let controls: Vec<&str> = all_controls().map(|control| control.id).collect();
        let known: Vec<&str> = CONTROL_RULES.iter().map(|(name, _)| *name).collect();
        assert!(controls.iter().all(|name| known.contains(name)), "{controls:?}");
        assert_eq!(controls.len(), known.len());
        for rule in CONTROL_RULES.iter().flat_map(|(_, rules)| *rules) {
            assert!(find_rule(rule).is_some(), "{rule}");
        }
    }
}
