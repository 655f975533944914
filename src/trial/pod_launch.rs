//! Describes how a pod is started, as far as a container engine can do it, apart from any engine's own words.

use std::collections::BTreeSet;

use super::probes::LaunchProbe;

/// A pod as it is to be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodLaunch {
    /// The host name.
    pub name: String,
    /// Init containers first, in their order, then the others.
    pub containers: Vec<ContainerLaunch>,
    pub volumes: Vec<LaunchVolume>,
    /// Names and values.
    pub sysctls: Vec<(String, String)>,
    pub shares_processes: bool,
    /// What an engine cannot do as a cluster does, or what is left empty, each in a sentence.
    pub differences: BTreeSet<String>,
}

/// A container as it is to be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerLaunch {
    pub name: String,
    /// True where it must end well before the others start.
    pub is_init: bool,
    pub image: String,
    /// The words in the place of the image's entrypoint and CMD; empty where the image's are run.
    pub command: Vec<String>,
    /// The words in the place of the image's CMD.
    pub args: Vec<String>,
    pub workdir: Option<String>,
    pub env: Vec<(String, String)>,
    pub mounts: Vec<LaunchMount>,
    /// The home, where neither the manifest nor the image says one.
    pub home: Option<String>,
    /// None for the image's own.
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub groups: Vec<u32>,
    /// True where it certainly starts as root, by its uid or its image's.
    pub is_root: bool,
    pub read_only_root: bool,
    pub drops_all: bool,
    pub dropped: BTreeSet<String>,
    pub added: BTreeSet<String>,
    pub no_new_privileges: bool,
    /// False where the pod leaves system calls unfiltered, as a cluster does by default.
    pub filters_calls: bool,
    /// In bytes.
    pub memory: Option<u64>,
    /// In thousandths of a processor.
    pub cpu: Option<u64>,
    /// The manifest's own, the startup probe first.
    pub probes: Vec<LaunchProbe>,
    /// The command that is run in it as soon as it has started.
    pub start_hook: Option<Vec<String>>,
}

/// A volume that is mounted in a container.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaunchMount {
    /// The name of the pod's volume.
    pub volume: String,
    pub path: String,
    pub is_read_only: bool,
}

/// A volume of the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchVolume {
    pub name: String,
    pub kind: LaunchVolumeKind,
    /// The group that its files are given.
    pub group: Option<u32>,
    /// What lies in it from the beginning.
    pub files: Vec<VolumeFile>,
}

/// A file of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeFile {
    /// From the volume's own folder.
    pub path: String,
    pub text: String,
    pub mode: u32,
}

/// The sort of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchVolumeKind {
    /// Empty, and writable by all.
    EmptyDir,
    /// The same, in memory, which counts against the limit of the containers.
    Memory,
    /// Root's, as a claim's is at first.
    Claim,
    /// What the cluster fills: empty here.
    Filled,
    /// What the cluster fills and nobody may write: a ConfigMap, a Secret, facts of the pod.
    Config,
    /// The token of the API: a fake one.
    Token,
}

impl PodLaunch {
    /// The containers that run on, the first of which has the network that all share.
    pub fn main_containers(&self) -> impl Iterator<Item = &ContainerLaunch> {
        self.containers.iter().filter(|container| !container.is_init)
    }

    #[must_use]
    pub fn container(&self, name: &str) -> Option<&ContainerLaunch> {
        self.containers.iter().find(|container| container.name == name)
    }

    #[must_use]
    pub fn volume(&self, name: &str) -> Option<&LaunchVolume> {
        self.volumes.iter().find(|volume| volume.name == name)
    }
}

impl ContainerLaunch {
    /// The mount that holds a path: at the path, or nearest above it.
    #[must_use]
    pub fn mount_of(&self, path: &str) -> Option<&LaunchMount> {
        let above = self.mounts.iter().filter(|mount| crate::base::at_or_below(path, &mount.path));
        above.max_by_key(|mount| mount.path.len())
    }
}
