//! Holds the needs of a well-known image, what it must have to start and to run on, for those who change how it runs.

use serde::Deserialize;

use super::row::FactEvidence;
use super::running_needs::{
    AgreedId, FilledPath, HostNeed, ListenPort, MemoryNeed, OwnedPath, TokenNeed, WrittenPath,
};
use super::start_needs::{
    ArgumentHandling, CapabilityNeeds, FileCapability, GroupZero, OtherUidStart, RootStart,
};
use super::tags::TagSelector;
use crate::base::at_or_below;

/// Ports below this one are not everybody's to listen on.
const FIRST_ORDINARY_PORT: u16 = 1024;

/// The needs of an image, for a family of its tags: `[[image.needs]]` in `assets/images`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImageNeeds {
    #[serde(default)]
    pub tags: TagSelector,
    /// None where it is not meant to start as root.
    pub as_root: Option<RootStart>,
    pub other_uid: OtherUidStart,
    #[serde(default, rename = "group-0")]
    pub group_zero: GroupZero,
    #[serde(default)]
    pub capabilities: CapabilityNeeds,
    #[serde(default)]
    pub file_capabilities: Vec<FileCapability>,
    /// The reason for which `allowPrivilegeEscalation` must stay true.
    #[serde(default)]
    pub escalation: Option<String>,
    /// What it makes user namespaces for, which the runtime's own filter of system calls refuses.
    pub user_namespaces: Option<String>,
    pub arguments: ArgumentHandling,
    /// By default. Those that the image does not EXPOSE are generally known.
    #[serde(default)]
    pub ports: Vec<ListenPort>,
    /// Those that it moves to by itself once privilege escalation is off, or NET_BIND_SERVICE is dropped.
    #[serde(default)]
    pub hardened_ports: Vec<ListenPort>,
    #[serde(default)]
    pub writes: Vec<WrittenPath>,
    #[serde(default)]
    pub filled: Vec<FilledPath>,
    #[serde(default)]
    pub owned: Vec<OwnedPath>,
    pub memory: Option<MemoryNeed>,
    #[serde(default)]
    pub api_token: TokenNeed,
    #[serde(default)]
    pub host: HostNeed,
    #[serde(default)]
    pub agreed_ids: Vec<AgreedId>,
    /// Anything else that a person should know before changing how it runs.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The row's own; none of its facts is surer.
    #[serde(default)]
    pub evidence: FactEvidence,
    /// The commit and the day of what was read.
    pub snapshot: Option<&'static str>,
    /// The files in which the facts were read: `owner/repository:path`.
    #[serde(borrow)]
    pub sources: Vec<&'static str>,
}

impl ImageNeeds {
    /// True where the entrypoint, started as root, prepares the start of this command and gives root up for it.
    #[must_use]
    pub fn prepares(&self, first_word: &str) -> bool {
        self.as_root.as_ref().is_some_and(|start| {
            start.commands.is_empty()
                || start.commands.iter().any(|command| match command.strip_suffix('*') {
                    Some(prefix) => first_word.starts_with(prefix),
                    None => first_word == *command,
                })
        })
    }

    /// The ports that only root, or a process with NET_BIND_SERVICE, may listen on where the node has no other rule.
    pub fn low_ports(&self) -> impl Iterator<Item = ListenPort> {
        self.ports.iter().copied().filter(|port| port.number < FIRST_ORDINARY_PORT)
    }

    /// The image's files that an empty volume at this path would hide for good.
    pub fn hidden_by<'a>(&'a self, mount: &'a str) -> impl Iterator<Item = &'a FilledPath> {
        self.filled.iter().filter(move |filled| !filled.refilled && is_below(filled.path, mount))
    }

    /// None of the facts is surer than the row.
    pub(super) fn weaken(mut self) -> Self {
        let row = self.evidence;
        let weaken = |evidence: &mut FactEvidence| *evidence = row.max(*evidence);
        if let Some(start) = &mut self.as_root {
            weaken(&mut start.evidence);
        }
        if let Some(memory) = &mut self.memory {
            weaken(&mut memory.evidence);
        }
        weaken(&mut self.other_uid.evidence);
        weaken(&mut self.capabilities.evidence);
        weaken(&mut self.arguments.evidence);
        weaken(&mut self.api_token.evidence);
        weaken(&mut self.host.evidence);
        self.file_capabilities.iter_mut().for_each(|file| weaken(&mut file.evidence));
        self.filled.iter_mut().for_each(|filled| weaken(&mut filled.evidence));
        self.owned.iter_mut().for_each(|owned| weaken(&mut owned.evidence));
        self
    }
}

/// True for this folder and all paths below it.
fn is_below(path: &str, folder: &str) -> bool {
    at_or_below(path, folder.trim_end_matches('/'))
}
