//! What a user has decided: the effective settings and where each comes from.

mod chosen;

use std::ops::RangeInclusive;

pub use chosen::Chosen;

use crate::repo::RelPath;

/// The settings in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub resources: Resources,
    /// From which uids are derived; the article's own range.
    pub uids: RangeInclusive<u32>,
    /// What a person has chosen since.
    pub chosen: Chosen,
}

impl Settings {
    /// The bounds for the containers of a workload, by its file and `Kind/name`.
    #[must_use]
    pub fn resources_of(&self, path: &RelPath, object: &str) -> &Resources {
        self.chosen.resources.get(&(path.clone(), object.to_owned())).unwrap_or(&self.resources)
    }
}

/// The bounds that a container is given where it has none; `None` turns the bound's rule off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    pub cpu_limit: Option<String>,
    pub memory_limit: Option<String>,
    pub cpu_request: Option<String>,
    pub memory_request: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { resources: Resources::default(), uids: 40_000..=60_000, chosen: Chosen::default() }
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
