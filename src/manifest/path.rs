//! The way from a document's root to one of its values.

/// One step down: to a mapping's key, or to a sequence's item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// The steps from the root down.
pub type Path = Vec<Step>;

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A path as people write it: `spec.containers[0].image`.
#[must_use]
pub fn display(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Key(key) if out.is_empty() => out.push_str(key),
            Step::Key(key) => {
                out.push('.');
                out.push_str(key);
            }
            Step::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

/// A [`Path`] of keys and indices: `path!["spec", "containers", 0]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => {
        ::std::vec![$($crate::manifest::Step::from($step)),*]
    };
}
