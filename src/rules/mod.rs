//! Holds the rules for the audit: one file each, in rooms that are also the themes on screen.

mod catalogue;
mod dockerfile;
mod file;
mod filesystem;
mod finding_collector;
pub(crate) mod identity;
mod image;
mod link;
mod network;
mod possible_secret;
mod privileges;
mod rbac;
mod resources;
mod rule_decision;
mod rule_definition;
pub(crate) mod rule_ids;
mod rule_page;
mod secret_detection;
mod secret_forms;
mod secret_names;
mod subject_views;
mod token;
pub mod writable_paths;

pub use catalogue::{ALL_RULES, find_rule, nearest_rule_id};
pub(crate) use file::unaudited_file::unaudited_finding;
pub(crate) use file::unused_suppression::{UnknownRule, unused_finding};
pub use finding_collector::{FindingCollector, RuleOutcome};
pub(crate) use image::{ImageSite, container_image_site, dockerfile_image_sites};
pub(crate) use resources::{BOUND_RULES, resource_name, rules_without_bound};
pub use rule_decision::RuleDecision;
pub use rule_definition::{Rule, RuleCheck, RuleKinds, RuleTheme};
pub(crate) use rule_ids::is_secret_rule;
pub use rule_page::{PageSection, RulePage};
pub use secret_names::is_secret_name;
pub use subject_views::{ContainerView, DockerfileView, DocumentView, ManifestView, PodView};
