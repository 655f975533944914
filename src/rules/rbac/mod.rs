//! Checks what roles and bindings let accounts do in the cluster.

pub(super) mod cluster_admin_binding;
pub(super) mod rbac_wildcard;
