//! What a user has decided: the effective settings and where each comes from.

mod allowed;
mod chosen;
mod keys;
mod paths;
mod read;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::finding::Severity;
use crate::repo::{PathBase, RelPath};

pub use allowed::Allowed;
pub use chosen::{Chosen, Pin};
pub use keys::{KEYS, Key};
pub use paths::Paths;
pub use read::{Fault, read};

/// The file that settings are read from, at a repository's root.
pub const FILE: &str = "seaworthy.toml";

/// The settings in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From which severity on `check` fails; none for never.
    pub fail_on: Option<Severity>,
    /// What is not audited.
    pub exclude: Paths,
    /// From which uids are derived; the article's own range.
    pub uids: RangeInclusive<u32>,
    pub resources: Resources,
    /// Rules that are off, or have another severity, by id.
    pub rules: BTreeMap<String, Level>,
    /// What an image's program writes, by the image without tag and digest.
    pub writable_paths: BTreeMap<String, Vec<String>>,
    pub allow: Vec<Allowed>,
    /// Of each key that is set: the line that sets it.
    pub lines: BTreeMap<String, usize>,
    /// From the settings' folder, which is the repository's root, to the audit's root, with a slash at its end; empty
    /// where they are one.
    pub below: String,
    /// What a person has chosen since.
    pub chosen: Chosen,
}

/// What is decided about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Off,
    Severity(Severity),
}

/// The bounds that a container is given where it has none; `None` turns the bound's rule off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    pub cpu_limit: Option<String>,
    pub memory_limit: Option<String>,
    pub cpu_request: Option<String>,
    pub memory_request: Option<String>,
}

impl Settings {
    /// The bounds for the containers of a workload, by its file and `Kind/name`.
    #[must_use]
    pub fn resources_of(&self, path: &RelPath, object: &str) -> &Resources {
        self.chosen.resources.get(&(path.clone(), object.to_owned())).unwrap_or(&self.resources)
    }

    /// What is said about a path of the audit, or of a folder in it: whether it is left out.
    #[must_use]
    pub fn leaves_out(&self, path: &str) -> bool {
        self.exclude.hold(&self.path_below(path))
    }

    /// Whether a rule is off.
    #[must_use]
    pub fn is_off(&self, rule: &str) -> bool {
        self.rules.get(rule) == Some(&Level::Off)
    }

    /// The severity that a rule has instead of its own.
    #[must_use]
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        match self.rules.get(rule)? {
            Level::Off => None,
            Level::Severity(severity) => Some(*severity),
        }
    }

    /// What the program of an image writes, as far as it is set.
    #[must_use]
    pub fn writes(&self, image: &str) -> &[String] {
        let names = |name: &str| {
            image.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
        };
        let set = self.writable_paths.iter().find(|(name, _)| names(name));
        set.map(|(_, paths)| paths.as_slice()).unwrap_or_default()
    }

    /// A path of the audit as the settings name it.
    pub(crate) fn path_below(&self, path: &str) -> String {
        PathBase::new(&self.below).text_in_repository(path)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fail_on: Some(Severity::Medium),
            exclude: Paths::default(),
            uids: 40_000..=60_000,
            resources: Resources::default(),
            rules: BTreeMap::new(),
            writable_paths: BTreeMap::new(),
            allow: Vec::new(),
            lines: BTreeMap::new(),
            below: String::new(),
            chosen: Chosen::default(),
        }
    }
}

impl Default for Resources {
    /// The article's numbers.
    fn default() -> Self {
        Self {
            cpu_limit: Some("500m".to_owned()),
            memory_limit: Some("128Mi".to_owned()),
            cpu_request: Some("100m".to_owned()),
            memory_request: Some("64Mi".to_owned()),
        }
    }
}
