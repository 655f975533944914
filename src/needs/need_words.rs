//! Gives needs their words: those by which files keep them, and those in which people read them.

use super::NeedKind;

impl NeedKind {
    /// The word by which a file keeps a need that a trial can see, and what it is about: a path, a port, a capability, a
    /// number of bytes; empty where the word says all. None for a kind that no trial sees.
    #[must_use]
    pub fn to_words(&self) -> Option<(&'static str, String)> {
        Some(match self {
            Self::RootStart => ("root-start", String::new()),
            Self::Capability(name) => ("capability", name.clone()),
            Self::LowPort(port) => ("low-port", port.to_string()),
            Self::FilledPath(path) => ("filled-path", path.clone()),
            Self::OccupiedPath(path) => ("occupied-path", path.clone()),
            Self::WrittenPath(path) => ("written-path", path.clone()),
            Self::RootOnlyPath(path) => ("root-only-path", path.clone()),
            Self::RootFolder(path) => ("root-folder", path.clone()),
            Self::KeptVolume { path, .. } => ("volume", path.clone()),
            Self::Memory(bytes) => ("memory", bytes.to_string()),
            Self::ApiToken => ("api-token", String::new()),
            Self::SetUserId => ("set-user-id", String::new()),
            Self::AgreedUid(uid) => ("uid", uid.to_string()),
            Self::GroupZero => ("own-group", String::new()),
            _ => return None,
        })
    }

    /// The need of such words; none where they are not known.
    #[must_use]
    pub fn from_words(word: &str, about: &str) -> Option<Self> {
        let path = || about.to_owned();
        Some(match word {
            "root-start" => Self::RootStart,
            "capability" => Self::Capability(about.to_owned()),
            "low-port" => Self::LowPort(about.parse().ok()?),
            "filled-path" => Self::FilledPath(path()),
            "occupied-path" => Self::OccupiedPath(path()),
            "written-path" => Self::WrittenPath(path()),
            "root-only-path" => Self::RootOnlyPath(path()),
            "root-folder" => Self::RootFolder(path()),
            "volume" => Self::KeptVolume { path: path(), takes_fs_group: true },
            "memory" => Self::Memory(about.parse().ok()?),
            "api-token" => Self::ApiToken,
            "set-user-id" => Self::SetUserId,
            "uid" => Self::AgreedUid(about.parse().ok().filter(|uid| *uid > 0)?),
            "own-group" => Self::GroupZero,
            _ => return None,
        })
    }
}

/// A need in a few words, which stand behind "needs".
#[must_use]
pub fn describe_need(kind: &NeedKind) -> String {
    match kind {
        NeedKind::RootStart => "to start as root".to_owned(),
        NeedKind::Capability(name) => format!("the capability {name}"),
        NeedKind::LowPort(port) => format!("to listen on port {port}"),
        NeedKind::FilledPath(path) => format!("the files that the image has at {}", shown_path(path)),
        NeedKind::OccupiedPath(path) => format!("to write {}, where the image has files", shown_path(path)),
        NeedKind::WrittenPath(path) => format!("to write {}", shown_path(path)),
        NeedKind::RootOnlyPath(path) => format!("to use {}, which only root may", shown_path(path)),
        NeedKind::RootFolder(path) => format!("a volume at {}, which only root may write", shown_path(path)),
        NeedKind::KeptVolume { path, .. } => format!("to write the volume at {}", shown_path(path)),
        NeedKind::Memory(bytes) => format!("{} of memory", describe_memory(*bytes)),
        NeedKind::ApiToken => "the token of the API".to_owned(),
        NeedKind::AgreedUid(uid) => format!("to run as uid {uid}"),
        NeedKind::GroupZero => "its own group".to_owned(),
        NeedKind::UserNamespaces => "to make user namespaces".to_owned(),
        NeedKind::SetUserId => "to gain privileges by a set-user-id program".to_owned(),
        other => format!("{other:?}"),
    }
}

/// An amount of memory in words.
#[must_use]
pub fn describe_memory(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}

/// A path as people write it: the root's is empty in itself.
const fn shown_path(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}
