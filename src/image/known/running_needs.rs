//! Holds what an image needs of the volumes, ports, memory and cluster around it, for those who change these.

use serde::{Deserialize, Deserializer};

use super::row::FactEvidence;

/// A path that is written at the start or in normal use. It is absolute, or below the home of the process with `~/`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "PathRecord")]
pub struct WrittenPath {
    pub path: &'static str,
    /// The occasion, or the harm where it cannot be written.
    pub text: Option<String>,
    /// Stated where every start writes there, and ends where it cannot.
    pub evidence: FactEvidence,
}

/// A path that holds files of the image: an empty volume hides them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "PathRecord")]
pub struct FilledPath {
    pub path: &'static str,
    /// It is filled again at the start, so an empty volume does no harm.
    pub refilled: bool,
    /// The files that are hidden.
    pub text: Option<String>,
    pub evidence: FactEvidence,
}

/// A path that must belong to the uid of the process, or be writable for it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "PathRecord")]
pub struct OwnedPath {
    pub path: &'static str,
    pub text: Option<String>,
    pub evidence: FactEvidence,
}

/// A path alone, or with what is to be said of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum PathRecord {
    Bare(&'static str),
    Full(FullPathRecord),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullPathRecord {
    path: &'static str,
    #[serde(default)]
    refilled: bool,
    #[serde(default)]
    text: Option<String>,
    evidence: Option<FactEvidence>,
}

impl From<PathRecord> for FullPathRecord {
    fn from(record: PathRecord) -> Self {
        match record {
            PathRecord::Bare(path) => Self { path, refilled: false, text: None, evidence: None },
            PathRecord::Full(full) => full,
        }
    }
}

impl From<PathRecord> for WrittenPath {
    fn from(record: PathRecord) -> Self {
        let FullPathRecord { path, text, evidence, .. } = record.into();
        Self { path, text, evidence: evidence.unwrap_or(FactEvidence::Known) }
    }
}

impl From<PathRecord> for FilledPath {
    fn from(record: PathRecord) -> Self {
        let FullPathRecord { path, refilled, text, evidence } = record.into();
        Self { path, refilled, text, evidence: evidence.unwrap_or(FactEvidence::Known) }
    }
}

impl From<PathRecord> for OwnedPath {
    fn from(record: PathRecord) -> Self {
        let FullPathRecord { path, text, evidence, .. } = record.into();
        Self { path, text, evidence: evidence.unwrap_or_default() }
    }
}

/// A port that the program listens on by default: a number, or `"443/udp"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenPort {
    pub number: u16,
    pub udp: bool,
}

impl<'de> Deserialize<'de> for ListenPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum PortRecord {
            Tcp(u16),
            Udp(String),
        }
        match PortRecord::deserialize(deserializer)? {
            PortRecord::Tcp(number) => Ok(Self { number, udp: false }),
            PortRecord::Udp(text) => {
                let number = text.strip_suffix("/udp").and_then(|number| number.parse().ok());
                let number = number.ok_or_else(|| serde::de::Error::custom("a port is 80 or \"53/udp\""))?;
                Ok(Self { number, udp: true })
            }
        }
    }
}

/// The memory that an image needs, in MiB.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MemoryNeed {
    /// The least limit under which it starts and does its ordinary work.
    pub floor: Option<u32>,
    /// A limit under which it is known or likely to be ended.
    pub too_low: Option<u32>,
    /// The request of its project's own manifest.
    pub request: Option<u32>,
    /// The limit of its project's own manifest.
    pub limit: Option<u32>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default = "FactEvidence::derived")]
    pub evidence: FactEvidence,
}

/// The need of its service account's token, which an image has that asks the Kubernetes API.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TokenNeed {
    #[serde(default)]
    pub need: TokenUse,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default = "FactEvidence::known")]
    pub evidence: FactEvidence,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenUse {
    #[default]
    No,
    /// With some settings, or some of the images that the row speaks of.
    Sometimes,
    /// A token for somebody else than the API, in a volume of its own.
    Projected,
    Yes,
}

impl Default for TokenNeed {
    fn default() -> Self {
        Self { need: TokenUse::No, text: None, evidence: FactEvidence::Known }
    }
}

/// The part that an image plays on the node itself, by design.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HostNeed {
    #[serde(default)]
    pub role: HostRole,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default = "FactEvidence::known")]
    pub evidence: FactEvidence,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostRole {
    #[default]
    None,
    /// A setting of the node, which an init container makes.
    Setting,
    /// Some of the images that the row speaks of are agents, or it is one in some uses.
    Sometimes,
    /// An agent of the node: it reads or changes the node's files, network or processes.
    Agent,
    /// It is no agent, and runs privileged.
    Privileged,
}

impl Default for HostNeed {
    fn default() -> Self {
        Self { role: HostRole::None, text: None, evidence: FactEvidence::Known }
    }
}

/// A number that others rely on: volumes that an earlier run filled, or rules of the network. It must not be changed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AgreedId {
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    /// With whom it is agreed.
    pub text: String,
}
