//! The rules: one file each, in rooms that are also the themes on screen.

mod catalogue;
pub mod exceptions;
mod file;
mod filesystem;
mod findings;
pub(crate) mod identity;
mod image;
mod link;
mod page;
mod privileges;
mod repository;
mod resources;
mod rule;
mod secrets;
mod token;
mod view;
pub mod writable;

mod build;

pub use catalogue::{ALL_RULES, find_rule, nearest_rule_id};
pub(crate) use file::unaudited_file::unaudited_finding;
pub(crate) use file::unused_suppression::{UnknownRule, unused_finding};
pub(crate) use identity::LOWEST_UID;
pub(crate) use image::{ImageSite, container_image_site, dockerfile_image_sites};
pub(crate) use resources::resource_name;

pub use findings::{FindingCollector, RuleOutcome};
pub use page::{PageSection, RulePage};
pub use repository::{
    ContainerFacts, ContainerKey, DockerfileFacts, FileFacts, ImageLink, ImageUser, ManifestFacts, PodFacts,
    PolicyFacts, RepositoryIndex, RepositoryView, RunAs, UidSource,
};
pub(crate) use repository::{INDEXED_KINDS, accounts, resolve_within};
pub use rule::{Rule, RuleCheck, RuleKinds, RuleTheme};
pub use secrets::is_secret_name;
pub use view::{ContainerView, DockerfileView, DocumentView, ManifestView, PodView};
