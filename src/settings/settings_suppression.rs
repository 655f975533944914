//! Matches suppressions in the settings, the only kind that JSON can have, for the audit.

use super::setting_reader::{SettingReader, ValueError};
use super::{PathPatterns, Settings};

/// The most exceptions: each is compared with each file that has a finding of its rule.
const MAX_SUPPRESSIONS: usize = 1_000;

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

/// Reads the suppressions.
pub(super) fn read_suppressions(value: &SettingReader<'_>) -> Result<Vec<SettingsSuppression>, ValueError> {
    let tables = value.read_items("[[allow]]")?;
    if tables.len() > MAX_SUPPRESSIONS {
        return Err(value.key_error(format!(
            "more than {MAX_SUPPRESSIONS} exceptions are not read: allow rules by folder, not file by file"
        )));
    }
    tables.iter().map(read_suppression).collect()
}

fn read_suppression(item: &SettingReader<'_>) -> Result<SettingsSuppression, ValueError> {
    const NAMES: [&str; 5] = ["rules", "paths", "object", "container", "reason"];
    let mut allowed = SettingsSuppression {
        rules: Vec::new(),
        paths: PathPatterns::default(),
        object: None,
        container: None,
        reason: String::new(),
    };
    for value in item.read_entries()? {
        match value.key {
            "rules" => {
                let ids = value.read_texts()?.into_iter().map(|id| value.check_rule_id(&id));
                allowed.rules = ids.collect::<Result<_, _>>().map_err(|message| ValueError {
                    message,
                    range: value.value_range,
                    shows_value: false,
                })?;
            }
            "paths" => allowed.paths = value.read_patterns()?,
            "object" => allowed.object = Some(value.read_text()?.to_owned()),
            "container" => allowed.container = Some(value.read_text()?.to_owned()),
            "reason" => allowed.reason = value.read_text()?.trim().to_owned(),
            _ => return Err(value.unknown_entry("an exception", &NAMES)),
        }
    }
    let everywhere = allowed.paths.patterns().is_empty() && allowed.object.is_none();
    let lack = [
        (allowed.rules.is_empty(), "an exception lacks its `rules`"),
        (
            everywhere,
            "an exception lacks its `paths` or `object`: to allow a rule everywhere, turn it off in [rules]",
        ),
        (allowed.reason.is_empty(), "an exception lacks its `reason`"),
    ];
    match lack.into_iter().find(|(lacks, _)| *lacks) {
        Some((_, message)) => Err(item.key_error(message.to_owned())),
        None => Ok(allowed),
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
