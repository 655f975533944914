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

impl SettingsSuppression {
    /// True where it is about that object and container, if about any.
    #[must_use]
    pub fn names_subject(&self, object: Option<&str>, container: Option<&str>) -> bool {
        matches_name(self.object.as_deref(), object) && matches_name(self.container.as_deref(), container)
    }
}

impl Settings {
    /// The suppressions of findings of a rule in a file, in the order of the settings.
    #[must_use]
    pub fn suppressions_for(&self, rule: &str, path: &str) -> Vec<&SettingsSuppression> {
        let mut of_rule =
            self.suppressions.iter().filter(|allowed| allowed.rules.iter().any(|r| r == rule)).peekable();
        if of_rule.peek().is_none() {
            return Vec::new();
        }
        let path = self.path_in_repository(path);
        let reaches = |allowed: &&SettingsSuppression| {
            allowed.paths.patterns().is_empty() || allowed.paths.matches_path(&path)
        };
        of_rule.filter(reaches).collect()
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
