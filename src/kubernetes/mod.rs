//! Reads Kubernetes manifests for rules and fixes: documents, objects, pods and the values in effect.

mod container_role;
mod effective_value;
mod kinds;
mod kustomization;
mod manifest_conventions;
mod manifest_file;
mod manifest_object;
pub mod model;
mod object_signs;
mod pod;
pub mod pod_security_standards;
mod prefilter;
mod process_rights;
mod runtime_defaults;
mod template_detection;
mod unjudged_parts;
mod values_conventions;

pub use container_role::ContainerRole;
pub use effective_value::{EffectiveValue, SettingLevel};
pub use kinds::{PodCompleteness, holds_containers_by_kind};
pub use kustomization::{ImageOverride, Kustomization, read_any_kustomization, read_kustomization};
pub use manifest_conventions::MANIFEST_CONVENTIONS;
pub use manifest_file::{
    ManifestDocument, ManifestFile, parse_documents, parse_manifest, parse_relevant, parse_relevant_borrowed,
};
pub use manifest_object::ManifestObject;
pub use object_signs::names_objects;
pub use pod::{Container, Pod};
pub use prefilter::{DocumentHeader, DocumentInterest};
pub use process_rights::ProcessRights;
pub use runtime_defaults::DEFAULT_CAPABILITIES;
pub use template_detection::UnrenderedTemplate;
pub use unjudged_parts::ENCRYPTED_VALUE;
pub use values_conventions::VALUES_CONVENTIONS;
