//! Compares two runs of an app: only their difference is evidence.

use super::run_record::{PodRun, RunEnd};

/// True where the app lives in the second run as it did in the first: it runs on or ends as well, listens on the same ports,
/// is as ready, and no process of it was ended for want of memory.
#[must_use]
pub(super) fn lives_like(as_is: &PodRun, other: &PodRun) -> bool {
    if !other.is_alive() || other.containers.len() != as_is.containers.len() {
        return false;
    }
    as_is.containers.iter().all(|before| {
        let Some(now) = other.container(&before.name) else { return false };
        let ends_alike = before.end == now.end || now.end == RunEnd::Running;
        ends_alike && before.ports.is_subset(&now.ports) && (before.lacked_memory || !now.lacked_memory)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::run_record::ContainerRun;

    fn run(end: RunEnd, ports: &[u16]) -> PodRun {
        let own = ContainerRun {
            name: "web".to_owned(),
            end,
            ports: ports.iter().copied().collect(),
            ..ContainerRun::default()
        };
        PodRun { containers: vec![own], ..PodRun::default() }
    }

    #[test]
    fn a_program_that_runs_and_does_not_listen_any_more_does_not_live() {
        let as_is = run(RunEnd::Running, &[8080]);
        assert!(lives_like(&as_is, &run(RunEnd::Running, &[8080, 9090])));
        assert!(!lives_like(&as_is, &run(RunEnd::Running, &[])));
        assert!(!lives_like(&as_is, &run(RunEnd::Exited(0), &[8080])), "it ran on before");
        let job = run(RunEnd::Exited(0), &[]);
        assert!(lives_like(&job, &job) && !lives_like(&job, &run(RunEnd::Exited(1), &[])));
    }
}
