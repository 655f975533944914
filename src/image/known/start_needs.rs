//! Holds what an image makes of the user, the capabilities and the arguments that it is started with, for those who
//! change them.

use serde::Deserialize;

use super::row::{FactEvidence, RootDrop};

/// The start as root: what the entrypoint does, or the program behind it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RootStart {
    /// The steps before the program is the image's own user's.
    #[serde(default)]
    pub does: Vec<RootStep>,
    #[serde(default)]
    pub drops: RootDrop,
    /// The first words of the commands for which it does so, all where there are none; a last `*` stands for any end.
    /// Another command stays root, and nothing is prepared for it.
    #[serde(default, rename = "for", borrow)]
    pub commands: Vec<&'static str>,
    /// The test of the uid is missing: it tries the same under another user, and ends there.
    #[serde(default)]
    pub unguarded: bool,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub evidence: FactEvidence,
}

/// A step that only root can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootStep {
    /// Gives files away.
    Chown,
    Chmod,
    /// Makes folders where only root can.
    MakeFolders,
    /// Fills a folder with what the image keeps elsewhere.
    CopyFiles,
    /// Writes settings where only root can.
    WriteConfig,
    /// Changes `/etc/passwd` or `/etc/group`.
    EditAccounts,
    /// Gives a program file capabilities.
    SetFileCapabilities,
    /// Mounts, loads modules or sets up the network.
    SetUpHost,
}

/// The start under a uid that is neither root nor the image's own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OtherUidStart {
    pub starts: UidFreedom,
    /// The uids that it starts under, where these are all.
    #[serde(default)]
    pub only: Vec<u32>,
    /// The folders that it must be able to write, and that root alone may in the image.
    #[serde(default, borrow)]
    pub folders: Vec<&'static str>,
    /// The condition, or the reason why not.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub evidence: FactEvidence,
}

/// The freedom in the choice of the uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UidFreedom {
    Any,
    /// Any, in group 0.
    #[serde(rename = "in-group-0")]
    InGroupZero,
    /// Any, once something else holds too: a folder that it owns, a higher port.
    OnCondition,
    /// Those that are listed.
    Only,
    Fails,
    Unknown,
}

impl OtherUidStart {
    /// True where it starts under this uid and gid; None where that hangs on more than the numbers.
    #[must_use]
    pub fn allows(&self, uid: u32, gid: u32) -> Option<bool> {
        match self.starts {
            UidFreedom::Any => Some(true),
            UidFreedom::InGroupZero => Some(gid == 0),
            UidFreedom::Only => Some(self.only.contains(&uid)),
            UidFreedom::Fails => Some(false),
            UidFreedom::OnCondition | UidFreedom::Unknown => None,
        }
    }
}

/// The use of group 0: files belong to it, so that any uid in it may write them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GroupZero {
    #[serde(default)]
    pub design: GroupZeroDesign,
    #[serde(default)]
    pub text: Option<String>,
}

/// The share of an image that rests on group 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupZeroDesign {
    #[default]
    No,
    /// Some of its folders.
    Parts,
    /// The image: with a `runAsGroup` other than 0 an arbitrary uid cannot write.
    Whole,
    /// It refuses to start in another group.
    Required,
}

/// The capabilities that an image needs, by Kubernetes' names.
///
/// They follow from the commands of its entrypoint, and were not tried: a fix is held back by them, and never thought safe.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CapabilityNeeds {
    /// At the start, as the image's default user.
    #[serde(default, borrow)]
    pub start: Vec<&'static str>,
    /// And once its folders belong to its user, from the second start on.
    #[serde(default, borrow)]
    pub restart: Vec<&'static str>,
    /// It starts without them, and misses something.
    #[serde(default, borrow)]
    pub optional: Vec<&'static str>,
    /// As the user that it should run as. What is added reaches such a process by the file capabilities alone.
    #[serde(default, borrow)]
    pub non_root: Vec<&'static str>,
    /// As that user, for something that is not always used.
    #[serde(default, borrow)]
    pub non_root_optional: Vec<&'static str>,
    /// `privileged: true` is its design.
    #[serde(default)]
    pub privileged: bool,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default = "FactEvidence::derived")]
    pub evidence: FactEvidence,
}

/// Capabilities that stand on files of programs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileCapability {
    #[serde(borrow)]
    pub programs: Vec<&'static str>,
    #[serde(borrow)]
    pub capabilities: Vec<&'static str>,
    /// The entrypoint sets them, at every start.
    #[serde(default)]
    pub set_at_start: bool,
    /// Without them in the bounding set the program cannot be started, not even by root, as the effective bit stands on its
    /// file; false where the entrypoint then goes another way.
    #[serde(default = "default_true")]
    pub refuses: bool,
    #[serde(default)]
    pub evidence: FactEvidence,
}

const fn default_true() -> bool {
    true
}

/// The fate of `args`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArgumentHandling {
    #[serde(rename = "use")]
    pub handling: ArgumentUse,
    /// The image's CMD holds arguments that the program cannot do without: `args` takes their place.
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub evidence: FactEvidence,
}

/// The way in which an image's entrypoint takes arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArgumentUse {
    /// They are arguments of the program, which is the entrypoint.
    Appended,
    /// The entrypoint hands them on as they are.
    HandedOn,
    /// The entrypoint looks at the first: whether it is an option, or a program that it knows.
    Inspected,
    /// There is no entrypoint: they are the program.
    Program,
    Ignored,
    Unknown,
}
