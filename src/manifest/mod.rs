//! Kubernetes manifests: documents, pods, the values in effect, and where and how to edit them.

mod path;
pub mod tree;

pub use path::{Path, Step, display};
