//! Copies values from one object to others, as `replacements:` says.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin};
use super::built_object::BuiltObject;
use super::field_path::FieldPath;
use super::folder_reading::FolderReading;
use super::node_loader::{WordReading, load_file};
use super::object_id::ObjectId;
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
        let select = ObjectSelector::from_node(select)?;
        let rejects: Vec<ObjectSelector> = target
            .get("reject")
            .map(BuiltNode::items)
            .unwrap_or_default()
            .iter()
            .map(ObjectSelector::from_node)
            .collect::<Result<_, _>>()?;
        let options = PartOptions::of(target.get("options"));
        let paths = target.get("fieldPaths").map(BuiltNode::items).unwrap_or_default();
        let default = [BuiltNode::text_of("metadata.name".to_owned(), Vec::new())];
        let paths = if paths.is_empty() { &default } else { paths };
        for object in &mut set.objects {
            if !select.matches(object) || rejects.iter().any(|reject| reject.matches(object)) {
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
    // The values of annotations and labels are texts, whatever is copied there.
    let is_note = path.starts_with("metadata.annotations.") || path.starts_with("metadata.labels.");
    let mut is_long = false;
    let found = FieldPath::parse(path).visit(&mut object.root, options.creates, &mut |node| {
        *node = options.put(node, value);
        if let Some(text) = node.scalar_text().filter(|_| is_note) {
            node.value = BuiltValue::Text(text);
        }
        is_long |= node.as_text().is_some_and(|text| text.len() > MAX_TEXT);
    });
    let (count, depth) = object.root.extent();
    if is_long || count > MAX_VALUES || depth > MAX_DEPTH {
        return Err(BuildFault::new("a replacement makes an object too large"));
    }
    if found == 0 {
        let id = object.id();
        return Err(BuildFault::new(format!("a replacement finds no `{path}` in {}", id.display())));
    }
    Ok(())
}

fn source_value(set: &ObjectSet, source: &BuiltNode) -> Result<BuiltNode, BuildFault> {
    let fits = |key: &str, text: &str| {
        source.text_at(&[key]).filter(|own| !own.is_empty()).is_none_or(|own| own == text)
    };
    let is_meant = |id: &ObjectId| {
        fits("group", &id.group)
            && fits("version", &id.version)
            && fits("kind", &id.kind)
            && fits("name", &id.name)
            && (fits("namespace", &id.namespace) || fits("namespace", id.effective_namespace()))
    };
    let at = match set.positions(is_meant).as_slice() {
        [at] => *at,
        [] => return Err(BuildFault::new("a replacement's source is not there")),
        _ => return Err(BuildFault::new("a replacement's source is several objects")),
    };
    let path = source.text_at(&["fieldPath"]).filter(|path| !path.is_empty()).unwrap_or("metadata.name");
    let node = FieldPath::parse(path)
        .find(&set.objects[at].root)
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

    /// The field as it is with the value in it; a scalar keeps its type.
    fn put(&self, node: &BuiltNode, value: &BuiltNode) -> BuiltNode {
        if let (Some(delimiter), Some(own)) = (&self.delimiter, node.scalar_text()) {
            let text = value.scalar_text().unwrap_or_default();
            let mut pieces: Vec<&str> = own.split(delimiter.as_str()).collect();
            match usize::try_from(self.index) {
                Err(_) => pieces.insert(0, &text),
                Ok(at) if at >= pieces.len() => pieces.push(&text),
                Ok(at) => pieces[at] = &text,
            }
            return BuiltNode::text_of(pieces.join(delimiter), [&*node.parts, &value.parts].concat());
        }
        match (&node.value, value.scalar_text()) {
            (BuiltValue::Text(_), Some(text)) => BuiltNode::text_of(text, value.parts.clone()),
            (BuiltValue::Number(_), Some(text)) => match text.parse::<i64>() {
                Ok(number) => BuiltNode::new(BuiltValue::Number(number.into()), value.parts.clone()),
                Err(_) => value.clone(),
            },
            _ => value.clone(),
        }
    }
}
