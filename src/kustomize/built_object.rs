//! Holds one object while it is built: its tree, the names that it had, and what is still to be done to its name.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, SourcePart};
use super::object_id::ObjectId;
use super::source_library::SourceId;

#[derive(Clone, Debug)]
pub struct BuiltObject {
    pub root: BuiltNode,
    /// The identities that it had before, the first one first.
    pub(super) previous_ids: Vec<ObjectId>,
    pub(super) prefixes: Vec<String>,
    pub(super) suffixes: Vec<String>,
    /// True for a generated map whose name ends in a hash of its content.
    pub(super) needs_hash: bool,
    /// JSON pointers below which nothing is known; the empty one for all of it.
    pub unknown: Vec<String>,
}

impl BuiltObject {
    /// An object of a document.
    ///
    /// # Errors
    /// When it has no kind or no name, which kustomize refuses.
    pub(super) fn from_node(root: BuiltNode) -> Result<Self, BuildFault> {
        let id = ObjectId::of_object(&root);
        if id.kind.is_empty() {
            return Err(BuildFault::new("an object has no `kind`"));
        }
        if id.name.is_empty() {
            return Err(BuildFault::new(format!("a {} has no `metadata.name`", id.kind)));
        }
        Ok(Self {
            root,
            previous_ids: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            needs_hash: false,
            unknown: Vec::new(),
        })
    }

    #[must_use]
    pub fn id(&self) -> ObjectId {
        ObjectId::of_object(&self.root)
    }

    /// False for definitions of resources: no rule reads them, and they are large.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.kind() != "CustomResourceDefinition"
    }

    /// The file in which it began.
    #[must_use]
    pub fn first_file(&self) -> Option<SourceId> {
        self.root.first_part().map(|part| part.file)
    }

    /// The identity that it began with.
    #[must_use]
    pub fn first_id(&self) -> ObjectId {
        self.previous_ids.first().cloned().unwrap_or_else(|| self.id())
    }

    pub(super) fn keep_id(&mut self) {
        self.previous_ids.push(self.id());
    }

    pub(super) fn has_had(&self, matches: impl Fn(&ObjectId) -> bool) -> bool {
        self.previous_ids.iter().any(&matches) || matches(&self.id())
    }

    /// False where it has another name, and had no such name before.
    pub(super) fn may_have_had_name(&self, name: &str) -> bool {
        let own = self.root.text_at(&["metadata", "name"]);
        own.is_none_or(|own| own == name) || self.previous_ids.iter().any(|id| id.name == name)
    }

    /// The names that it had and has.
    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.previous_ids.iter().map(|id| id.name.clone()).chain([self.name()])
    }

    pub(super) fn kind(&self) -> &str {
        self.root.text_at(&["kind"]).unwrap_or_default()
    }

    /// The kind, whatever is written for it.
    pub(super) fn kind_text(&self) -> String {
        self.root.get("kind").and_then(BuiltNode::scalar_text).unwrap_or_default()
    }

    pub(super) fn name(&self) -> String {
        self.root.at(&["metadata", "name"]).and_then(BuiltNode::scalar_text).unwrap_or_default()
    }

    pub(super) fn name_parts(&self) -> Vec<SourcePart> {
        self.root.at(&["metadata", "name"]).map(|node| node.parts.clone()).unwrap_or_default()
    }

    /// Puts a text before or after the name.
    pub(super) fn extend_name(&mut self, text: &str, parts: &[SourcePart], is_prefix: bool) {
        let (own, own_parts) = (self.name(), self.name_parts());
        let (name, parts) = if is_prefix {
            (format!("{text}{own}"), [parts, &own_parts].concat())
        } else {
            (format!("{own}{text}"), [&own_parts, parts].concat())
        };
        if let Some(metadata) = self.root.map_at("metadata") {
            metadata.set("name", BuiltNode::text_of(name, parts));
        }
    }

    /// The value of a label or an annotation.
    pub(super) fn metadata_text(&self, map: &str, key: &str) -> Option<&str> {
        self.root.text_at(&["metadata", map, key])
    }

    /// True for an object that is only there for other tools.
    pub(super) fn is_local_config(&self) -> bool {
        self.metadata_text("annotations", "config.kubernetes.io/local-config").is_some_and(|it| it != "false")
    }
}

/// The objects of a file's documents: those of lists one by one, empty documents left out.
pub(super) fn objects_of(documents: Vec<BuiltNode>) -> Result<Vec<BuiltObject>, BuildFault> {
    let mut objects = Vec::new();
    let mut open: Vec<BuiltNode> = documents.into_iter().rev().collect();
    while let Some(mut document) = open.pop() {
        match &document.value {
            BuiltValue::Null => continue,
            BuiltValue::Map(entries) if entries.is_empty() => continue,
            BuiltValue::Map(_) => {}
            _ => return Err(BuildFault::new("a document is no object")),
        }
        let is_list = document.text_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
        if is_list && document.get("items").is_some() {
            let items = document.remove("items").map(|entry| entry.node.value);
            if let Some(BuiltValue::List(items)) = items {
                open.extend(items.into_iter().rev());
            }
            continue;
        }
        objects.push(BuiltObject::from_node(document)?);
    }
    Ok(objects)
}
