//! Checks credentials: the pod's for the Kubernetes API and its rights, and secrets that are written out.

pub(super) mod default_service_account;
pub(super) mod secret_in_env;
pub(super) mod service_account_token_mounted;
pub(super) mod token_needed;
