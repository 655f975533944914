//! Kubernetes manifests: documents, pods, the values in effect, and where and how to edit them.

mod build;
mod document;
pub mod edit;
mod path;
mod problem;
mod scalar;
mod split;
mod template;
pub mod tree;
mod value;

pub use document::{Document, MAX_BYTES, Manifest, parse};
pub use path::{Path, Step, display};
pub use problem::{Problem, ProblemKind, ReadOnly};
pub use scalar::Typing;
pub use template::Template;
pub use value::value_of;
