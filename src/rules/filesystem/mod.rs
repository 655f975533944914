//! Checks what the program may read and write beyond its own.

pub(super) mod container_socket_mount;
pub(super) mod host_path;
pub(super) mod unsafe_volume_type;
pub(super) mod writable_root_filesystem;
