//! Finds what lies between workloads and the restricted level of Pod Security, for the first screen: the root causes
//! about all of a repository that bring the most of them there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::CauseId;
use super::cause_ranking::CauseRow;
use crate::audit::{PodSecurity, WorkloadReport};
use crate::repo::RelPath;

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
    rows: &[CauseRow],
    workloads: impl Iterator<Item = &'a WorkloadReport>,
) -> Option<RestrictedPath> {
    let rows_of_findings = RowsByFinding::new(rows);
    let mut reached = 0;
    let mut needs: BTreeMap<BTreeSet<usize>, usize> = BTreeMap::new();
    for workload in workloads {
        match workload.pod_security {
            Some(PodSecurity::Restricted) => reached += 1,
            Some(_) => {
                if let Some(rows) = rows_of_findings.rows_before_restricted(workload) {
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

/// The file and the name of an object.
type NamedObject<'a> = (&'a RelPath, &'a Arc<str>);

/// The rows in which the findings of an object stand, with their rules.
struct RowsByFinding<'a> {
    rows: HashMap<NamedObject<'a>, Vec<(&'static str, usize)>>,
}

impl<'a> RowsByFinding<'a> {
    fn new(rows: &'a [CauseRow]) -> Self {
        let mut by_object: HashMap<_, Vec<_>> = HashMap::new();
        for (at, key) in rows.iter().enumerate().flat_map(|(at, row)| row.keys().map(move |key| (at, key))) {
            if let Some(object) = &key.subject.object {
                by_object.entry((&key.path, object)).or_default().push((key.rule, at));
            }
        }
        Self { rows: by_object }
    }

    /// The rows that hold what keeps a workload from the level; none where something does that stands in no row.
    fn rows_before_restricted(&self, workload: &'a WorkloadReport) -> Option<BTreeSet<usize>> {
        let own = self.rows.get(&(&workload.path, &workload.object))?;
        let mut all = BTreeSet::new();
        for control in &workload.failed_controls {
            let (_, rules) = CONTROL_RULES.iter().find(|(name, _)| name == control)?;
            let found: BTreeSet<usize> =
                own.iter().filter(|(rule, _)| rules.contains(rule)).map(|(_, at)| *at).collect();
            if found.is_empty() {
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
