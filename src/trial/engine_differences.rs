//! Names what an engine does otherwise than a cluster, whatever it is told, for whoever reads the result.

use std::collections::BTreeSet;

use super::container_engine::ContainerEngine;
use super::pod_launch::PodLaunch;

/// What holds of every run in it.
pub(super) fn engine_differences(engine: &ContainerEngine) -> BTreeSet<String> {
    let mut differences = BTreeSet::new();
    if !engine.bounds_memory {
        let engine = engine.short_name();
        differences.insert(format!("{engine} bounds no memory here (it is rootless): no limit was tried"));
    }
    differences
}

/// What holds of a hardened pod: podman gives a number that has no account one, and containers that are made and started
/// apart cannot be told otherwise.
///
/// Source: podman-run(1), `--passwd`; measured with podman 4.3.
pub(super) fn account_difference(engine: &ContainerEngine, pod: &PodLaunch) -> Option<String> {
    let number = pod.containers.iter().find_map(|own| own.uid.filter(|uid| *uid != 0))?;
    engine.is_podman().then(|| {
        format!(
            "podman gives the number {number} an account where the image has none: whether a program asks for \
             it, as whoami and ssh do, was not tried"
        )
    })
}
