//! Writes the annotations of built objects as texts, which kustomize makes of whatever stands there.

use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::node_loader::object_value;
use super::object_set::ObjectSet;
use super::source_library::SourceLibrary;

pub(super) fn settle_annotations(set: &mut ObjectSet, library: &SourceLibrary<'_>) {
    for object in &mut set.objects {
        let Some(metadata) = object.root.get_mut("metadata") else { continue };
        let Some(notes) = metadata.get_mut("annotations") else { continue };
        if let BuiltValue::Map(entries) = &mut notes.value {
            entries.retain(|note| !is_internal(&note.key));
            for note in entries.iter_mut().filter(|note| note.node.as_text().is_none() || is_day(&note.node))
            {
                let text = written_text(&note.node, library);
                note.node.value = BuiltValue::Text(text);
            }
        }
        if notes.entries().is_empty() {
            metadata.remove("annotations");
        }
    }
}

/// True for what kustomize notes for itself while it builds, whoever wrote it.
fn is_internal(key: &str) -> bool {
    key.starts_with("internal.config.kubernetes.io/")
        || matches!(key, "config.kubernetes.io/index" | "config.kubernetes.io/path" | "config.k8s.io/id")
}

/// True for what may be the moment that was made of a day.
fn is_day(node: &BuiltNode) -> bool {
    node.as_text().is_some_and(|text| text.ends_with("T00:00:00Z"))
}

/// A value as it is written, where it stands in an object or a patch of one; else as it is read.
fn written_text(node: &BuiltNode, library: &SourceLibrary<'_>) -> String {
    let read = || node.scalar_text().unwrap_or_default();
    let [part] = node.parts[..] else { return read() };
    if node.is_null() && part.by == PartOrigin::JsonPatch {
        return "null".to_owned();
    }
    if !matches!(part.by, PartOrigin::Resource | PartOrigin::Patch) {
        return read();
    }
    let (source, span) = (library.bytes_of(part.file), part.span());
    let written = source.get(span.start..span.end).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let is_it = |text: &&str| BuiltNode::new(object_value(text), Vec::new()).equals(node);
    written.filter(is_it).map_or_else(read, str::to_owned)
}
