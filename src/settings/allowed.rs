//! An exception in the settings: the only kind that JSON can have.

use super::{Paths, Settings};

/// Findings of some rules, at some paths or about some object, that are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub rules: Vec<String>,
    /// Everywhere, where none is given.
    pub paths: Paths,
    /// `Kind/name`, such as `Deployment/api`; a `*` at its end stands for anything.
    pub object: Option<String>,
    pub container: Option<String>,
    pub reason: String,
}

impl Settings {
    /// The exception for a finding of that rule in a file, about that object and container.
    #[must_use]
    pub fn allowed(
        &self,
        rule: &str,
        path: &str,
        object: Option<&str>,
        container: Option<&str>,
    ) -> Option<&Allowed> {
        if self.allow.is_empty() {
            return None;
        }
        let path = self.path_below(path);
        self.allow.iter().find(|allowed| {
            allowed.rules.iter().any(|named| named == rule)
                && (allowed.paths.patterns().is_empty() || allowed.paths.hold(&path))
                && is_meant(allowed.object.as_deref(), object)
                && is_meant(allowed.container.as_deref(), container)
        })
    }
}

/// Whether a name is the one that is asked for, if one is.
fn is_meant(asked: Option<&str>, name: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    name.is_some_and(|name| match asked.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == asked,
    })
}
