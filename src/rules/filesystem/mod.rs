//! What the program may write.

pub(super) mod writable_root_filesystem;
