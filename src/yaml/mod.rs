//! Reads and edits YAML with the place of every byte, for rooms that know what its keys mean: this room knows no key.

mod builder;
mod deserialize;
mod document_pairs;
pub mod edit;
pub(crate) mod events;
mod lenient;
pub(crate) mod lines;
pub(crate) mod load_tree;
mod scalar_places;
pub(crate) mod scalar_typing;
pub(crate) mod split_documents;
mod tree_value;
pub(crate) mod yaml_document;
mod yaml_path;
mod yaml_problem;
pub mod yaml_tree;

pub use crate::path;
pub use document_pairs::{DocumentPair, pair_documents};
pub use lenient::{Lenient, LenientList, LenientMap};
pub(crate) use load_tree::load_single_document;
pub use load_tree::parse_with_both;
pub use scalar_typing::ScalarTyping;
pub use split_documents::MAX_YAML_BYTES;
pub use tree_value::value_of;
pub use yaml_document::{YamlDocument, YamlFile};
pub use yaml_path::{PathStep, YamlPath, display_path};
pub use yaml_problem::{ReadOnlyReason, YamlProblem, YamlProblemKind};
