//! The pod's credentials for the Kubernetes API.

pub(super) mod service_account_token_mounted;
