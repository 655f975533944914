//! Finds the strictest Pod Security Standard that a pod meets, from its spec alone (Kubernetes 1.37).
//!
//! Each control asks what the API server's check of the same name asks, of every init, main and ephemeral container.
//! A value that is no valid one fails its control: the API server would refuse the pod.

mod baseline_controls;
mod pod_predicates;
mod restricted_controls;

use super::PodSecurity;
use crate::kubernetes::Pod;

/// One demand of the standards.
pub struct PodSecurityControl {
    /// The API server's own name of the check, such as `hostNamespaces`.
    pub id: &'static str,
    /// The control's heading in the standard, such as `Host Namespaces`.
    pub name: &'static str,
    /// The reason in the API server's warning, such as `host namespaces`
    /// (k8s.io/pod-security-admission, `ForbiddenReason` of each check).
    pub reason: &'static str,
    /// The check of the restricted level in whose place it is asked at the levels below.
    pub replaced_by: Option<&'static str>,
    /// The lowest level that demands it.
    pub level: PodSecurity,
    fails: fn(&Pod) -> bool,
}

/// Every control, those of baseline first.
pub fn all_controls() -> impl Iterator<Item = &'static PodSecurityControl> {
    baseline_controls::BASELINE_CONTROLS.iter().chain(restricted_controls::RESTRICTED_CONTROLS)
}

/// Every control that the pod fails, those of baseline first.
pub fn failed_controls(pod: &Pod) -> impl Iterator<Item = &'static PodSecurityControl> {
    all_controls().filter(|control| (control.fails)(pod))
}

/// What the API server warns of where the restricted level is asked for: one reason for each check that fails, of those
/// that ask for more the stricter alone.
pub fn warned_controls(pod: &Pod) -> Vec<&'static PodSecurityControl> {
    let failed: Vec<&'static PodSecurityControl> = failed_controls(pod).collect();
    let is_failed = |id: &str| failed.iter().any(|control| control.id == id);
    let is_named = |control: &&&PodSecurityControl| !control.replaced_by.is_some_and(is_failed);
    failed.iter().filter(is_named).copied().collect()
}

/// The level of a pod.
#[must_use]
pub fn pod_security_level(pod: &Pod) -> PodSecurity {
    match failed_controls(pod).map(|control| control.level).min() {
        Some(PodSecurity::Baseline) => PodSecurity::Privileged,
        Some(_) => PodSecurity::Baseline,
        None => PodSecurity::Restricted,
    }
}

/// The obstacles between a pod and the next level: the controls of that level which it fails. None at the highest.
#[must_use]
pub fn next_level_obstacles(pod: &Pod) -> Vec<&'static PodSecurityControl> {
    let failed: Vec<&str> = failed_controls(pod).map(|control| control.id).collect();
    obstacles_among(&failed)
}

/// Those among the failed controls, by their names at the API server, that the next level demands.
#[must_use]
pub fn obstacles_among(failed: &[&str]) -> Vec<&'static PodSecurityControl> {
    let mut controls: Vec<_> = all_controls().filter(|control| failed.contains(&control.id)).collect();
    let next = controls.iter().map(|control| control.level).min();
    controls.retain(|control| Some(control.level) == next);
    controls
}
