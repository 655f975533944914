//! Writes builds in the form of `seaworthy render`: each root's objects, with the bytes that each leaf comes from.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::built_object::BuiltObject;
use super::source_library::{SourceId, SourceLibrary};
use crate::text::SourceText;

/// Writes the parts of builds; files are split into lines once.
pub struct BuildWriter<'a> {
    library: &'a SourceLibrary<'a>,
    /// How a path of the repository is shown.
    show: &'a dyn Fn(&str) -> String,
    files: HashMap<SourceId, (String, SourceText)>,
}

impl<'a> BuildWriter<'a> {
    #[must_use]
    pub fn new(library: &'a SourceLibrary<'a>, show: &'a dyn Fn(&str) -> String) -> Self {
        Self { library, show, files: HashMap::new() }
    }

    /// One root as JSON.
    pub fn root_json<'b>(
        &mut self,
        folder: &str,
        used_by: impl Iterator<Item = &'b str>,
        built: &Result<Vec<BuiltObject>, BuildFault>,
    ) -> Value {
        let (status, reason) = match built {
            Ok(_) => ("built", Value::Null),
            Err(fault) => ("unbuilt", json!(fault.reason())),
        };
        let objects = built.as_deref().unwrap_or_default();
        let objects: Vec<Value> = objects.iter().map(|object| self.object_json(object)).collect();
        json!({
            "path": (self.show)(folder),
            "status": status,
            "reason": reason,
            "used_by": used_by.map(self.show).collect::<Vec<_>>(),
            "objects": objects,
        })
    }

    fn object_json(&mut self, object: &BuiltObject) -> Value {
        let mut fields = Vec::new();
        self.add_fields(&object.root, &mut String::new(), &mut fields);
        json!({ "object": object.root.to_json(), "unknown": object.unknown, "fields": fields })
    }

    fn add_fields(&mut self, node: &BuiltNode, at: &mut String, fields: &mut Vec<Value>) {
        let length = at.len();
        match &node.value {
            BuiltValue::Map(entries) if !entries.is_empty() => {
                for entry in entries {
                    at.push('/');
                    at.push_str(&entry.key.replace('~', "~0").replace('/', "~1"));
                    self.add_fields(&entry.node, at, fields);
                    at.truncate(length);
                }
            }
            BuiltValue::List(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    at.push_str(&format!("/{index}"));
                    self.add_fields(item, at, fields);
                    at.truncate(length);
                }
            }
            _ => {
                let parts: Vec<Value> = node.parts.iter().map(|part| self.part_json(*part)).collect();
                fields.push(json!({ "at": at, "parts": parts, "by": origin_name(node) }));
            }
        }
    }

    fn part_json(&mut self, part: SourcePart) -> Value {
        let (path, text) = self.files.entry(part.file).or_insert_with(|| {
            let data = self.library.bytes_of(part.file);
            let path = (self.show)(&self.library.path_of(part.file));
            (path, SourceText::new(String::from_utf8_lossy(&data).into_owned()))
        });
        let place = |offset: usize| {
            let position = text.position_of(offset);
            json!({ "line": position.line, "column": position.column, "offset": offset })
        };
        let span = part.span();
        json!({ "path": path, "start": place(span.start), "end": place(span.end), "by": part.by.name() })
    }
}

/// The step that brought a value in: the last of its parts to be written over it.
fn origin_name(node: &BuiltNode) -> &'static str {
    node.parts.last().map_or(PartOrigin::Default, |part| part.by).name()
}
