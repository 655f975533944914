//! Does the work behind the app, and behind an editor: scans, plans, writes, registries, walks.

mod git_changes;
pub(crate) mod registry_worker;
mod request_queue;
mod scanning;
mod service_worker;
pub(crate) mod settings_plan;
mod trial_worker;
mod user_config_file;
mod view_state;
mod walk_export;
mod walk_state;
pub(crate) mod workspace;

pub use request_queue::ServiceHandle;
pub(crate) use request_queue::start_service;
pub(crate) use service_worker::ServiceWorker;
pub use user_config_file::{config_path, read_config};
