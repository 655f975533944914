//! Matches suppressions in the settings, the only kind that JSON can have, for the audit.

use super::{PathPatterns, Settings};

/// Findings of some rules, at some paths or about some object, that are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsSuppression {
    pub rules: Vec<String>,
    /// Everywhere, where none is given.
    pub paths: PathPatterns,
    /// `Kind/name`, such as `Deployment/api`; a `*` at its end stands for anything.
    pub object: Option<String>,
    pub container: Option<String>,
    pub reason: String,
}

impl Settings {
    /// The suppression of a finding of that rule in a file, about that object and container.
    #[must_use]
    pub fn find_suppression(
        &self,
        rule: &str,
        path: &str,
        object: Option<&str>,
        container: Option<&str>,
    ) -> Option<&SettingsSuppression> {
        if self.suppressions.is_empty() {
            return None;
        }
        let path = self.path_in_repository(path);
        self.suppressions.iter().find(|allowed| {
            allowed.rules.iter().any(|named| named == rule)
                && (allowed.paths.patterns().is_empty() || allowed.paths.matches_path(&path))
                && matches_name(allowed.object.as_deref(), object)
                && matches_name(allowed.container.as_deref(), container)
        })
    }
}

/// True when a name is the one given, if one is.
fn matches_name(asked: Option<&str>, name: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    name.is_some_and(|name| match asked.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == asked,
    })
}
