//! Checks what shows only when a Dockerfile and the workload that runs its image are read together.

pub(super) mod port_mismatch;
pub(super) mod privileged_port;
pub(super) mod uid_mismatch;
pub(super) mod unmounted_writable_path;
pub(super) mod unstartable_non_root;
