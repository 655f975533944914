//! Names what an engine does otherwise than a cluster, whatever it is told, and what a run left open, for whoever reads the
//! result.

use std::collections::BTreeSet;

use super::container_engine::ContainerEngine;
use super::pod_launch::PodLaunch;
use super::run_record::PodRun;

/// What holds of every run in it.
pub(super) fn engine_differences(engine: &ContainerEngine) -> BTreeSet<String> {
    let name = engine.short_name();
    let differences = engine
        .limits
        .missing()
        .map(|bound| format!("{name} bounds no {bound} here (it is rootless): no limit of it was tried"));
    differences.collect()
}

/// What holds of a hardened pod in it.
pub(super) fn pod_differences(engine: &ContainerEngine, pod: &PodLaunch) -> BTreeSet<String> {
    let mut differences = BTreeSet::new();
    if !engine.is_podman() {
        return differences;
    }
    differences.extend(account_difference(pod));
    for own in pod.containers.iter().filter(|own| !own.is_root && !own.added.is_empty()) {
        differences.insert(format!(
            "`{}` is not root: what is added ({}) reaches only programs whose files carry it, which podman cannot mirror",
            own.name,
            own.added.iter().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    differences
}

/// podman gives a number that has no account one, and containers that are made and started apart cannot be told otherwise.
///
/// Source: podman-run(1), `--passwd`; measured with podman 4.3.
fn account_difference(pod: &PodLaunch) -> Option<String> {
    let number = pod.containers.iter().find_map(|own| own.uid.filter(|uid| *uid != 0))?;
    Some(format!(
        "podman gives the number {number} an account where the image has none: whether a program asks for \
         it, as whoami and ssh do, was not tried"
    ))
}

/// What a run did otherwise than one in a cluster.
pub(super) fn run_differences(run: &PodRun) -> BTreeSet<String> {
    let in_memory = run
        .volumes_in_memory
        .then(|| "emptyDirs lie in memory here, and count against the limit of the containers".to_owned());
    in_memory.into_iter().collect()
}

/// What is not known of what a pod wrote.
pub(super) fn unknown_writes(run: &PodRun) -> BTreeSet<String> {
    let unknown = run.containers.iter().filter_map(|own| {
        let reason = own.unseen_writes.as_ref()?;
        Some(format!("what `{}` writes ({reason})", own.name))
    });
    unknown.collect()
}
