//! Says which bounds an engine holds its containers to: a rootless one may hold some of them only, or none.

/// The bounds that hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    pub memory: bool,
    pub cpu: bool,
    /// Of the number of processes.
    pub pids: bool,
}

impl EngineLimits {
    pub(super) const ALL: Self = Self { memory: true, cpu: true, pids: true };

    /// Those that docker names, in the order of [`Self::DOCKER_FORMAT`].
    #[must_use]
    pub(super) fn parse_docker(text: &str) -> Self {
        let mut parts = text.split('|').map(|part| part.trim() != "false");
        let mut next = || parts.next().unwrap_or(true);
        Self { memory: next(), cpu: next(), pids: next() }
    }

    /// What docker is asked for them.
    pub(super) const DOCKER_FORMAT: &'static str = "{{.MemoryLimit}}|{{.CPUCfsQuota}}|{{.PidsLimit}}";

    /// Those of the controllers that podman lists.
    #[must_use]
    pub(super) fn parse_podman(controllers: &str) -> Self {
        let words: Vec<&str> = controllers.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let has = |name| words.contains(&name);
        Self { memory: has("memory"), cpu: has("cpu"), pids: has("pids") }
    }

    /// What podman is asked for them.
    pub(super) const PODMAN_FORMAT: &'static str = "{{.Host.CgroupControllers}}";

    /// True where the bound that a rule asks for is one that is held.
    #[must_use]
    pub(super) fn hold_for(self, rule: &str) -> bool {
        if rule.contains("cpu") { self.cpu } else { self.memory }
    }

    /// The bounds that are not held, as people call them.
    pub(super) fn missing(self) -> impl Iterator<Item = &'static str> {
        let named =
            [(self.memory, "memory"), (self.cpu, "processor time"), (self.pids, "number of processes")];
        named.into_iter().filter(|(holds, _)| !holds).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_told_by_itself() {
        let docker = EngineLimits::parse_docker("true|false|true");
        assert_eq!(docker, EngineLimits { memory: true, cpu: false, pids: true });
        assert_eq!(EngineLimits::parse_docker(""), EngineLimits::ALL, "what is not said holds");
        let podman = EngineLimits::parse_podman("[memory pids]");
        assert_eq!(podman, EngineLimits { memory: true, cpu: false, pids: true });
        assert!(!EngineLimits::parse_podman("[cpuset]").cpu);
        assert!(podman.hold_for("missing-memory-limit") && !podman.hold_for("missing-cpu-limit"));
        assert_eq!(podman.missing().collect::<Vec<_>>(), ["processor time"]);
    }
}
