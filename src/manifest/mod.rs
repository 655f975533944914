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
pub use document::{
    MAX_YAML_BYTES, ManifestDocument, ManifestFile, parse_documents, parse_manifest, parse_relevant,
    parse_relevant_borrowed,
};
pub use effect::{EffectiveValue, SettingLevel};
pub use glance::{DocumentHeader, DocumentInterest};
pub use kustomize::{ImageOverride, Kustomization, is_kustomization_file, read_kustomization};
pub use object::ManifestObject;
pub use pairs::{DocumentPair, pair_documents};
pub use path::{PathStep, YamlPath, display_path};
pub use plant::parse_with_both;
pub use pod::{Container, ContainerRole, Pod};
pub use problem::{ReadOnlyReason, YamlProblem, YamlProblemKind};
pub use scalar::ScalarTyping;
pub use template::UnrenderedTemplate;
pub use value::value_of;
pub use yaml_document::{YamlDocument, YamlFile};

pub use crate::path;
