//! Copies values from one object to others, as `replacements:` says.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::built_object::BuiltObject;
use super::field_path::FieldPath;
use super::folder_reading::FolderReading;
use super::node_loader::{WordReading, load_file, object_value};
use super::object_selector::ObjectSelector;
use super::object_set::ObjectSet;

/// How far an object may grow by copies of values.
const MAX_TEXT: usize = 1024 * 1024;
const MAX_VALUES: usize = 200_000;
const MAX_DEPTH: usize = 250;

/// How a value is a part of a text.
#[derive(Default)]
struct PartOptions {
    delimiter: Option<String>,
    index: i64,
    creates: bool,
}

pub(super) fn replace_values(set: &mut ObjectSet, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
    replace_entries(set, reading.file.items("replacements"), reading)
}

/// Applies entries of `replacements:`: each is a replacement, or the path of a file of some.
pub(super) fn replace_entries(
    set: &mut ObjectSet,
    entries: &[BuiltNode],
    reading: &FolderReading<'_>,
) -> Result<(), BuildFault> {
    for entry in entries {
        let Some(path) = entry.text_at(&["path"]).filter(|path| !path.is_empty()) else {
            replace_value(set, entry)?;
            continue;
        };
        let resolved = reading.resolve_file(path)?;
        let (id, text) = reading.library.read_text(&resolved)?;
        for document in load_file(&text, id, WordReading::Object, PartOrigin::Replacement)? {
            let whole = [document];
            let entries = if whole[0].items().is_empty() { &whole } else { whole[0].items() };
            entries.iter().try_for_each(|entry| replace_value(set, entry))?;
        }
    }
    Ok(())
}

fn replace_value(set: &mut ObjectSet, entry: &BuiltNode) -> Result<(), BuildFault> {
    let (Some(source), Some(targets)) = (entry.get("source"), entry.get("targets")) else {
        return Err(BuildFault::new("a replacement has no source, or no targets"));
    };
    let value = source_value(set, source)?.brought_by(PartOrigin::Replacement);
    for target in targets.items() {
        let select = target.get("select").ok_or_else(|| BuildFault::new("a replacement selects nothing"))?;
        let select = TargetSelector::from_node(select)?;
        let rejects = target.get("reject").map(BuiltNode::items).unwrap_or_default();
        let rejects: Vec<TargetSelector<'_>> =
            rejects.iter().map(TargetSelector::from_node).collect::<Result<_, _>>()?;
        let options = PartOptions::of(target.get("options"));
        let paths = target.get("fieldPaths").map(BuiltNode::items).unwrap_or_default();
        let default = [BuiltNode::text_of("metadata.name".to_owned(), Vec::new())];
        let paths = if paths.is_empty() { &default } else { paths };
        for object in &mut set.objects {
            if !select.selects(object) || rejects.iter().any(|reject| reject.rejects(object)) {
                continue;
            }
            for path in paths.iter().filter_map(BuiltNode::as_text) {
                set_value(object, path, &value, &options)?;
            }
        }
    }
    Ok(())
}

fn set_value(
    object: &mut BuiltObject,
    path: &str,
    value: &BuiltNode,
    options: &PartOptions,
) -> Result<(), BuildFault> {
    if path.starts_with("metadata.name") && path.len() <= "metadata.namespace".len() {
        object.keep_id();
    }
    let (mut is_long, mut misfits) = (false, false);
    let found = FieldPath::parse(path).visit(&mut object.root, options.creates, &mut |node| {
        match options.put(node, value) {
            Some(put) => *node = put,
            None => misfits = true,
        }
        is_long |= node.as_text().is_some_and(|text| text.len() > MAX_TEXT);
    });
    let (count, depth) = object.root.extent();
    if is_long || count > MAX_VALUES || depth > MAX_DEPTH {
        return Err(BuildFault::new("a replacement makes an object too large"));
    }
    if misfits {
        let id = object.id();
        return Err(BuildFault::new(format!(
            "a replacement has another type of value than `{path}` of {}",
            id.display()
        )));
    }
    if found == 0 {
        let id = object.id();
        return Err(BuildFault::new(format!("a replacement finds no `{path}` in {}", id.display())));
    }
    Ok(())
}

/// What a replacement selects or rejects: by whole words, not by patterns.
struct TargetSelector<'a> {
    identity: &'a BuiltNode,
    notes: ObjectSelector,
}

impl<'a> TargetSelector<'a> {
    fn from_node(identity: &'a BuiltNode) -> Result<Self, BuildFault> {
        Ok(Self { identity, notes: ObjectSelector::of_notes(identity)? })
    }

    fn selects(&self, object: &BuiltObject) -> bool {
        self.notes.matches(object) && has_identity(object, self.identity)
    }

    /// Each half of it rejects by itself.
    fn rejects(&self, object: &BuiltObject) -> bool {
        let names_one = IDENTITY_KEYS.iter().any(|key| word_of(self.identity, key).is_some());
        (self.notes.has_notes() && self.notes.matches(object))
            || (names_one && has_identity(object, self.identity))
    }
}

const IDENTITY_KEYS: [&str; 5] = ["group", "version", "kind", "name", "namespace"];

fn word_of<'a>(node: &'a BuiltNode, key: &str) -> Option<&'a str> {
    node.text_at(&[key]).filter(|word| !word.is_empty())
}

/// True where an object has, or had, an identity of these words. One without a namespace is in that called `default`, those
/// of the whole cluster as well.
fn has_identity(object: &BuiltObject, words: &BuiltNode) -> bool {
    object.has_had(|id| {
        let namespace = if id.namespace.is_empty() { "default" } else { &id.namespace };
        let own = [id.group.as_str(), &id.version, &id.kind, &id.name, namespace];
        IDENTITY_KEYS.iter().zip(own).all(|(key, own)| word_of(words, key).is_none_or(|word| word == own))
    })
}

fn source_value(set: &ObjectSet, source: &BuiltNode) -> Result<BuiltNode, BuildFault> {
    let found = set.objects.iter().filter(|object| has_identity(object, source)).collect::<Vec<_>>();
    let object = match found.as_slice() {
        [object] => object,
        [] => return Err(BuildFault::new("a replacement's source is not there")),
        _ => return Err(BuildFault::new("a replacement's source is several objects")),
    };
    let path = source.text_at(&["fieldPath"]).filter(|path| !path.is_empty()).unwrap_or("metadata.name");
    let node = FieldPath::parse(path)
        .find(&object.root)
        .ok_or_else(|| BuildFault::new(format!("a replacement's source has no `{path}`")))?;
    let options = PartOptions::of(source.get("options"));
    let Some(delimiter) = &options.delimiter else { return Ok(node.clone()) };
    let text = node.scalar_text().unwrap_or_default();
    let piece = usize::try_from(options.index).ok().and_then(|at| text.split(delimiter.as_str()).nth(at));
    let piece =
        piece.ok_or_else(|| BuildFault::new(format!("a replacement's source `{path}` has no such part")))?;
    Ok(BuiltNode::text_of(piece.to_owned(), node.parts.clone()))
}

impl PartOptions {
    fn of(node: Option<&BuiltNode>) -> Self {
        let Some(node) = node else { return Self::default() };
        Self {
            delimiter: node.text_at(&["delimiter"]).filter(|it| !it.is_empty()).map(str::to_owned),
            index: node
                .get("index")
                .and_then(BuiltNode::scalar_text)
                .and_then(|it| it.parse().ok())
                .unwrap_or(0),
            creates: matches!(node.get("create").map(|it| &it.value), Some(BuiltValue::Bool(true))),
        }
    }

    /// The field as it is with the value in it; none where that has not the type that a scalar keeps.
    fn put(&self, node: &BuiltNode, value: &BuiltNode) -> Option<BuiltNode> {
        let mut parts = value.parts.clone();
        let text = match &self.delimiter {
            Some(delimiter) => {
                let own = node.scalar_text()?;
                parts = [&*node.parts, &parts].concat();
                let text = value.scalar_text().unwrap_or_default();
                let mut pieces: Vec<&str> = own.split(delimiter.as_str()).collect();
                match usize::try_from(self.index) {
                    Err(_) => pieces.insert(0, &text),
                    Ok(at) if at >= pieces.len() => pieces.push(&text),
                    Ok(at) => pieces[at] = &text,
                }
                Some(pieces.join(delimiter))
            }
            None => value.scalar_text(),
        };
        let is_made = node.parts.is_empty();
        let typed = match (&node.value, text) {
            (BuiltValue::Text(_), text) => BuiltValue::Text(text.unwrap_or_default()),
            // What is made has no type of its own, and what is put there is read anew.
            (BuiltValue::Null, Some(text)) if is_made => object_value(&text),
            (BuiltValue::Null | BuiltValue::Number(_) | BuiltValue::Bool(_), Some(text)) if !is_made => {
                Some(object_value(&text)).filter(|read| is_same_type(&node.value, read))?
            }
            _ => return Some(value.clone()),
        };
        Some(BuiltNode::new(typed, parts))
    }
}

fn is_same_type(own: &BuiltValue, other: &BuiltValue) -> bool {
    match (own, other) {
        (BuiltValue::Number(own), BuiltValue::Number(other)) => own.is_f64() || !other.is_f64(),
        (BuiltValue::Null, BuiltValue::Null) | (BuiltValue::Bool(_), BuiltValue::Bool(_)) => true,
        _ => false,
    }
}
