//! The strictest Pod Security Standard that a pod meets, from its spec alone (Kubernetes 1.37).
//!
//! Each control asks what the API server's check of the same name asks, of every init, main and ephemeral container.
//! A value that is no valid one fails its control: the API server would refuse the pod.

mod ask;
mod baseline;
mod restricted;

use super::PodSecurity;
use crate::manifest::Pod;

/// One demand of the standards.
pub struct Control {
    /// The API server's own name of the check, such as `hostNamespaces`.
    pub id: &'static str,
    /// As the standard heads it, such as `Host Namespaces`.
    pub name: &'static str,
    /// The lowest level that demands it.
    pub level: PodSecurity,
    fails: fn(&Pod) -> bool,
}

/// Every control that the pod fails, those of baseline first.
pub fn failed(pod: &Pod) -> impl Iterator<Item = &'static Control> {
    let controls = baseline::CONTROLS.iter().chain(restricted::CONTROLS);
    controls.filter(|control| (control.fails)(pod))
}

/// The level of a pod.
#[must_use]
pub fn level(pod: &Pod) -> PodSecurity {
    match failed(pod).map(|control| control.level).min() {
        Some(PodSecurity::Baseline) => PodSecurity::Privileged,
        Some(_) => PodSecurity::Baseline,
        None => PodSecurity::Restricted,
    }
}

/// What stands between a pod and the next level: the controls of that level which it fails. None at the highest.
#[must_use]
pub fn obstacles(pod: &Pod) -> Vec<&'static Control> {
    let next = failed(pod).map(|control| control.level).min();
    failed(pod).filter(|control| Some(control.level) == next).collect()
}
