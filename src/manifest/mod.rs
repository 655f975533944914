//! Kubernetes manifests: documents, pods, the values in effect, and where and how to edit them.

mod build;
mod conventions;
mod document;
pub mod edit;
mod effect;
mod find;
mod glance;
mod grow;
mod kustomize;
mod lines;
pub mod model;
mod object;
mod pairs;
mod path;
mod plant;
mod pod;
mod problem;
mod reader;
mod scalar;
mod split;
pub mod standards;
mod template;
pub mod tree;
mod value;
mod yaml_document;

pub use conventions::MANIFEST_CONVENTIONS;
pub use document::{Document, MAX_BYTES, Manifest, parse, parse_documents, parse_lent, parse_where};
pub use effect::{InEffect, SettingLevel};
pub use glance::{Asked, Heading};
pub use kustomize::{ImageOverride, Kustomization, is_kustomization_file, read_kustomization};
pub use object::Object;
pub use pairs::{DocumentPair, pair_documents};
pub use path::{Path, Step, display};
pub use plant::both_ways;
pub use pod::{Container, Pod, Role};
pub use problem::{Problem, ProblemKind, ReadOnly};
pub use scalar::Typing;
pub use template::Template;
pub use value::value_of;
pub use yaml_document::{YamlDocument, YamlFile};

pub use crate::path;
