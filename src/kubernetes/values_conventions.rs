//! Gives the conventions of charts' values to the edits of their YAML: what they hand to manifests is written as there.

use std::sync::Arc;

use super::MANIFEST_CONVENTIONS;
use crate::yaml::edit::{EditConventions, KeyOrder};
use crate::yaml::load_tree::load_tree;
use crate::yaml::split_documents::split_documents;
use crate::yaml::{YamlDocument, YamlFile};

/// The conventions of values.
pub const VALUES_CONVENTIONS: EditConventions =
    EditConventions { key_order, read_file: read_values_file, ..MANIFEST_CONVENTIONS };

/// The end of the names under which charts keep security contexts.
const CONTEXT_SUFFIX: &str = "ecurityContext";

const FIELD_KEYS: [&str; 5] = ["resources", "limits", "requests", "seccompProfile", "appArmorProfile"];

fn key_order(key: Option<&str>) -> KeyOrder {
    let written_as = MANIFEST_CONVENTIONS.key_order;
    match key {
        Some(key) if key.ends_with(CONTEXT_SUFFIX) => written_as(Some("securityContext")),
        Some(key) if FIELD_KEYS.contains(&key) => written_as(Some(key)),
        _ => &[],
    }
}

/// The documents of any YAML: values name no object.
fn read_values_file(text: &str) -> YamlFile {
    let shared: Arc<str> = text.into();
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for span in split_documents(text) {
        let Ok(tree) = load_tree(&shared, span) else { continue };
        match YamlDocument::new(&shared, span, tree) {
            Ok((document, found)) => {
                documents.push(document);
                problems.extend(found);
            }
            Err(problem) => problems.push(problem),
        }
    }
    YamlFile { documents, problems }
}
