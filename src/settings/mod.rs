//! Reads a user's settings for every room: the effective values and where each comes from.

mod app_setting;
mod chosen_values;
mod edit_app;
mod edit_link;
mod edit_settings;
mod link_setting;
mod parse_settings;
mod path_patterns;
mod setting_keys;
mod setting_reader;
mod settings_change;
mod settings_suppression;
mod value_environment;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::finding::Severity;
use crate::image::Reference;
use crate::repo::{PathBase, RelPath};

pub use app_setting::{AppNeed, AppSetting};
pub use chosen_values::{ChosenValues, ImagePin, ValueChoice};
pub use edit_app::set_app;
pub use edit_link::set_link;
pub use edit_settings::{SettingValue, set_values};
pub use link_setting::LinkSetting;
pub use parse_settings::{SettingsError, parse_settings};
pub use path_patterns::PathPatterns;
pub use setting_keys::{SETTING_KEYS, SettingKey};
pub(crate) use setting_keys::{format_ids, format_list, quote_toml};
pub use settings_change::SettingsChange;
pub use settings_suppression::SettingsSuppression;
pub use value_environment::ValueEnvironment;

/// The file that settings are read from, at a repository's root.
pub const SETTINGS_FILE: &str = "seaworthy.toml";

/// The settings in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The least severity for which `check` fails; none for never.
    pub fail_on: Option<Severity>,
    /// The paths that are not audited.
    pub exclude: PathPatterns,
    /// The range that uids are derived from; the article's own by default.
    pub uid_range: RangeInclusive<u32>,
    pub resource_defaults: ResourceDefaults,
    /// Rules that are off, or have another severity, by id.
    pub rule_levels: BTreeMap<String, RuleLevel>,
    /// The paths that an image's program writes, by the image without tag and digest.
    pub writable_paths: BTreeMap<String, Vec<String>>,
    /// What apps' programs need, as somebody's trial saw it.
    pub apps: Vec<AppSetting>,
    /// The uid and gid of images, by the path of the Dockerfile in the repository, else by the image's name.
    pub users: BTreeMap<String, (u32, u32)>,
    /// What references to images become, by the reference as the files have it.
    pub images: BTreeMap<String, ImagePin>,
    pub suppressions: Vec<SettingsSuppression>,
    /// What charts are rendered with besides what lies beside their own values.
    pub environments: Vec<ValueEnvironment>,
    /// What builds images, where a person says so.
    pub links: Vec<LinkSetting>,
    /// The version of Kubernetes that charts are rendered for; none for the renderer's own.
    pub kube_version: Option<String>,
    /// The API versions that charts find there, besides Kubernetes' own.
    pub api_versions: Vec<String>,
    /// The line that sets each key that is set.
    pub key_lines: BTreeMap<String, usize>,
    /// The path from the settings' folder, which is the repository's root, to the audit's root, with a slash at its
    /// end; empty where they are one.
    pub root_prefix: String,
    /// The container engine of trials: docker or podman; none for whichever answers.
    pub engine: Option<String>,
    /// The time that each run of a trial is watched, in seconds; none for the trials' own.
    pub trial_seconds: Option<u64>,
    /// The values that a person has chosen since.
    pub chosen_values: ChosenValues,
}

/// The level that the settings give a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    Off,
    Severity(Severity),
}

/// The bounds that a container is given where it has none; `None` turns the bound's rule off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDefaults {
    pub cpu_limit: Option<String>,
    pub memory_limit: Option<String>,
    pub cpu_request: Option<String>,
    pub memory_request: Option<String>,
}

impl Settings {
    /// The bounds for a container of a workload, by its file, `Kind/name` and its own name.
    #[must_use]
    pub fn resource_defaults_of(&self, path: &RelPath, object: &str, container: &str) -> ResourceDefaults {
        let defaults = &self.resource_defaults;
        let Some(chosen) = self.chosen_values.resources_of(path, object, container) else {
            return defaults.clone();
        };
        let either = |own: &Option<String>, other: &Option<String>| own.clone().or_else(|| other.clone());
        ResourceDefaults {
            cpu_limit: either(&chosen.cpu_limit, &defaults.cpu_limit),
            memory_limit: either(&chosen.memory_limit, &defaults.memory_limit),
            cpu_request: either(&chosen.cpu_request, &defaults.cpu_request),
            memory_request: either(&chosen.memory_request, &defaults.memory_request),
        }
    }

    /// The user that a person chose for the image that a Dockerfile builds, by its path in the repository: while the
    /// program runs, else in the settings.
    #[must_use]
    pub fn user_of_dockerfile(&self, path: &RelPath) -> Option<(u32, u32)> {
        let shown = PathBase::new(&self.root_prefix).path_for_people(path);
        let chosen = self.chosen_values.users.get(shown.as_str());
        chosen.or_else(|| self.users.get(path.as_str())).copied()
    }

    /// The user that a person chose for an image that no Dockerfile here builds.
    #[must_use]
    pub fn user_of_image(&self, image: &Reference) -> Option<(u32, u32)> {
        let name = image.name();
        let set = || self.users.get(&image.familiar_name()).or_else(|| self.users.get(&name));
        self.chosen_values.users.get(&name).or_else(set).copied()
    }

    /// What a person chose for references to images: while the program runs, over the settings.
    #[must_use]
    pub fn image_pins(&self) -> BTreeMap<String, ImagePin> {
        let mut pins = self.images.clone();
        pins.extend(self.chosen_values.images.clone());
        pins
    }

    /// True when a path of the audit, or a folder in it, is left out.
    #[must_use]
    pub fn is_excluded(&self, path: &str) -> bool {
        self.exclude.matches_path(&self.path_in_repository(path))
    }

    /// True for a rule that is off.
    #[must_use]
    pub fn is_rule_off(&self, rule: &str) -> bool {
        self.rule_levels.get(rule) == Some(&RuleLevel::Off)
    }

    /// The severity that a rule has instead of its own.
    #[must_use]
    pub fn severity_of(&self, rule: &str) -> Option<Severity> {
        match self.rule_levels.get(rule)? {
            RuleLevel::Off => None,
            RuleLevel::Severity(severity) => Some(*severity),
        }
    }

    /// The paths that the program of an image writes, as far as they are set.
    #[must_use]
    pub fn writable_paths_of(&self, image: &str) -> &[String] {
        let names = |name: &str| {
            image.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
        };
        let set = self.writable_paths.iter().find(|(name, _)| names(name));
        set.map(|(_, paths)| paths.as_slice()).unwrap_or_default()
    }

    /// A path of the audit as the settings name it.
    pub(crate) fn path_in_repository(&self, path: &str) -> String {
        PathBase::new(&self.root_prefix).text_in_repository(path)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fail_on: Some(Severity::Medium),
            exclude: PathPatterns::default(),
            uid_range: 40_000..=60_000,
            resource_defaults: ResourceDefaults::default(),
            rule_levels: BTreeMap::new(),
            writable_paths: BTreeMap::new(),
            apps: Vec::new(),
            users: BTreeMap::new(),
            images: BTreeMap::new(),
            suppressions: Vec::new(),
            environments: Vec::new(),
            kube_version: None,
            api_versions: Vec::new(),
            links: Vec::new(),
            key_lines: BTreeMap::new(),
            root_prefix: String::new(),
            engine: None,
            trial_seconds: None,
            chosen_values: ChosenValues::default(),
        }
    }
}

impl ResourceDefaults {
    /// No bound at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { cpu_limit: None, memory_limit: None, cpu_request: None, memory_request: None }
    }
}

impl Default for ResourceDefaults {
    /// The article's values.
    fn default() -> Self {
        Self {
            cpu_limit: Some("500m".to_owned()),
            memory_limit: Some("128Mi".to_owned()),
            cpu_request: Some("100m".to_owned()),
            memory_request: Some("64Mi".to_owned()),
        }
    }
}
