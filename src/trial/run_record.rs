//! Holds what was seen of a pod while it ran.

use std::collections::BTreeSet;
use std::time::Duration;

/// What was seen of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodRun {
    /// Those that ran, in their order.
    pub containers: Vec<ContainerRun>,
    /// How long it was watched.
    pub watched: Duration,
    /// True where volumes lay in memory that lie on a node's disk in a cluster.
    pub volumes_in_memory: bool,
}

/// What was seen of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerRun {
    pub name: String,
    pub is_init: bool,
    pub end: RunEnd,
    /// The time until it ended, or the whole time.
    pub lasted: Duration,
    /// Each process as it was seen, the first once more where its ids changed.
    pub processes: Vec<SeenProcess>,
    /// The ports on which anything in the pod's network listens.
    pub ports: BTreeSet<u16>,
    /// The time after which its first port was seen, or all its probes were met.
    pub ready_after: Option<Duration>,
    /// True where all of the manifest's probes were met in the end; none where it has none.
    pub is_ready: Option<bool>,
    /// What each of them saw.
    pub probes: Vec<SeenProbe>,
    pub written: Vec<WrittenFolder>,
    /// Why it is not known what it wrote in its own files, where that is so.
    pub unseen_writes: Option<String>,
    /// What it printed, the errors apart.
    pub lines: Vec<String>,
    pub error_lines: Vec<String>,
    /// The most memory that it had, in bytes, where that can be read.
    pub memory: Option<u64>,
    /// True where the system ended a process of it for want of memory.
    pub lacked_memory: bool,
    /// True where it could start no more processes.
    pub met_process_limit: bool,
    /// True where the token was read, as far as that can be told.
    pub read_token: bool,
}

/// The state at the end of the watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RunEnd {
    /// It still ran.
    #[default]
    Running,
    /// It ended by itself, with this status.
    Exited(i32),
    /// The engine could not start it.
    NotStarted { status: i32, reason: String },
    /// The trial ended it before its time, for this reason.
    Stopped(String),
}

/// A probe as it was answered in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenProbe {
    pub is_met: bool,
    /// The whole in a sentence, with how it was asked where that is less than a kubelet does.
    pub text: String,
    /// What was asked, and the answer.
    pub answer: String,
}

/// A process as the engine's `top` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenProcess {
    /// On the host.
    pub pid: String,
    /// In the container.
    pub uid: String,
    /// On the host.
    pub host_uid: String,
    pub gid: String,
    /// The capabilities that it has; empty for none, or where the engine does not say.
    pub capabilities: String,
    pub command: String,
}

/// A folder that was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenFolder {
    /// The folder at which a volume would take what is written.
    pub folder: String,
    /// An example: the path that was written.
    pub example: String,
    /// True where the image has files there, which an empty volume would hide.
    pub is_filled: bool,
    /// True where a volume is mounted there already.
    pub is_mounted: bool,
}

impl PodRun {
    #[must_use]
    pub fn container(&self, name: &str) -> Option<&ContainerRun> {
        self.containers.iter().find(|container| container.name == name)
    }

    /// True where all that must end well did so, and all that must run on did so until the end, or ended well.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.containers.is_empty() && self.containers.iter().all(ContainerRun::is_well)
    }

    /// True where a container ended otherwise than well, or could not be started.
    #[must_use]
    pub fn has_ended_badly(&self) -> bool {
        self.containers.iter().any(|container| match container.end {
            RunEnd::Exited(status) => status != 0,
            RunEnd::NotStarted { .. } => true,
            RunEnd::Running | RunEnd::Stopped(_) => false,
        })
    }

    /// True where one that is not well could start no more processes.
    #[must_use]
    pub fn met_process_limit(&self) -> bool {
        self.containers.iter().any(|container| container.met_process_limit && !container.is_well())
    }

    /// The first container that is not well.
    #[must_use]
    pub fn first_failure(&self) -> Option<&ContainerRun> {
        self.containers.iter().find(|container| !container.is_well())
    }
}

impl ContainerRun {
    /// True where it ran on, or ended well; where it has probes, they were met.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let has_run = match self.end {
            RunEnd::Running => !self.is_init,
            RunEnd::Exited(status) => status == 0,
            RunEnd::NotStarted { .. } | RunEnd::Stopped(_) => false,
        };
        has_run && (self.is_ready != Some(false) || self.end == RunEnd::Exited(0))
    }

    /// Its lines from the last back, the errors first.
    pub fn lines_from_last(&self) -> impl Iterator<Item = &str> {
        self.error_lines.iter().rev().chain(self.lines.iter().rev()).map(String::as_str)
    }

    /// The end in words.
    #[must_use]
    pub fn end_text(&self) -> String {
        let after = format!("after {}", seconds_text(self.lasted));
        match &self.end {
            RunEnd::Running if self.is_ready == Some(false) => {
                let unmet = self.probes.iter().find(|probe| !probe.is_met);
                let answer = unmet.map(|probe| format!(" ({})", probe.answer)).unwrap_or_default();
                format!("runs, but is not ready {after}{answer}")
            }
            RunEnd::Running => format!("runs {after}"),
            RunEnd::Exited(0) => format!("ended well {after}"),
            RunEnd::Exited(status) => format!("ended with {status} {after}"),
            RunEnd::NotStarted { reason, .. } => format!("could not be started: {reason}"),
            RunEnd::Stopped(reason) => format!("was ended {after}: {reason}"),
        }
    }
}

/// A time in words: `30 s`, `0.3 s`.
#[must_use]
pub(super) fn seconds_text(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    if tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{} s", tenths / 10)
    } else {
        format!("{}.{} s", tenths / 10, tenths % 10)
    }
}
