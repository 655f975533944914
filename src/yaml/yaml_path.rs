//! Describes and reads the path from a document's root to one of its values.

/// One step down: to a mapping's key, or to a sequence's item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathStep {
    Key(String),
    Index(usize),
}

/// The steps from the root down.
pub type YamlPath = Vec<PathStep>;

impl From<&str> for PathStep {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for PathStep {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A path as people write it: `spec.containers[0].image`.
#[must_use]
pub fn display_path(path: &[PathStep]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            PathStep::Key(key) if out.is_empty() => out.push_str(key),
            PathStep::Key(key) => {
                out.push('.');
                out.push_str(key);
            }
            PathStep::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

/// A [`YamlPath`] of keys and indices: `path!["spec", "containers", 0]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => {
        ::std::vec![$($crate::yaml::PathStep::from($step)),*]
    };
}
