//! Makes the config maps and secrets that a kustomization generates.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::built_object::BuiltObject;
use super::folder_reading::FolderReading;
use super::label_steps::check_added_key;
use super::object_id::ObjectId;
use super::object_set::ObjectSet;
use crate::text::Span;

/// Makes all that a kustomization generates, and adds it to what is there.
pub(super) fn generate_maps(set: &mut ObjectSet, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
    let mut names = GeneratedNames::read(set);
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for entry in reading.file.items(field) {
            let object = generate_map(entry, kind, reading)?;
            let behavior = entry.text_at(&["behavior"]).unwrap_or_default();
            absorb((set, &mut names), object, behavior)?;
        }
    }
    Ok(())
}

fn generate_map(
    entry: &BuiltNode,
    kind: &str,
    reading: &FolderReading<'_>,
) -> Result<BuiltObject, BuildFault> {
    let by_default = |text: &str| BuiltNode::text_of(text.to_owned(), Vec::new());
    let generated = |node: &BuiltNode| node.clone().brought_by(PartOrigin::Generator);
    let mut root = BuiltNode::empty_map();
    root.set("apiVersion", by_default("v1"));
    root.set("kind", by_default(kind));
    let mut metadata = BuiltNode::empty_map();
    if let Some(name) = entry.get("name") {
        metadata.set("name", generated(name));
    }
    if let Some(namespace) =
        entry.get("namespace").filter(|node| node.as_text().is_some_and(|it| !it.is_empty()))
    {
        metadata.set("namespace", generated(namespace));
    }
    let options = [reading.file.field("generatorOptions"), entry.get("options")];
    for key in ["labels", "annotations"] {
        let pairs =
            options.iter().flatten().filter_map(|options| options.get(key)).flat_map(BuiltNode::entries);
        for pair in pairs {
            if let Some(map) = metadata.map_at(key) {
                check_added_key(&pair.key)?;
                map.set(&pair.key, generated(&pair.node));
            }
        }
    }
    root.set("metadata", metadata);
    let is_on = |key: &str| {
        let on = |node: &BuiltNode| matches!(node.value, BuiltValue::Bool(true));
        options.iter().flatten().any(|options| options.get(key).is_some_and(on))
    };
    if kind == "Secret" {
        let given = entry.get("type").filter(|node| node.as_text().is_some_and(|it| !it.is_empty()));
        root.set("type", given.map_or_else(|| by_default("Opaque"), generated));
    }
    if kind == "Secret" {
        // It has data even where it has none, and the hash of its name with it.
        root.set("data", BuiltNode::empty_map());
    }
    let mut data = GeneratedData { is_secret: kind == "Secret", known: HashSet::new(), root: &mut root };
    data.add_sources(entry, reading)?;
    if is_on("immutable") {
        root.set("immutable", BuiltNode::new(BuiltValue::Bool(true), Vec::new()));
    }
    let mut object = BuiltObject::from_node(root)?;
    object.needs_hash = !is_on("disableNameSuffixHash");
    Ok(object)
}

/// The data of a map that is made.
struct GeneratedData<'a> {
    is_secret: bool,
    /// The keys that are there, with their fields.
    known: HashSet<(&'static str, String)>,
    root: &'a mut BuiltNode,
}

impl GeneratedData<'_> {
    fn add_sources(&mut self, entry: &BuiltNode, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
        let texts = |key: &str| entry.get(key).map(BuiltNode::items).unwrap_or_default();
        let one = entry.text_at(&["env"]).filter(|path| !path.is_empty());
        for path in texts("envs").iter().filter_map(BuiltNode::as_text).chain(one) {
            self.add_env_file(path, reading)?;
        }
        for path in texts("files").iter().filter_map(BuiltNode::as_text) {
            self.add_file(path, reading)?;
        }
        for literal in texts("literals") {
            self.add_literal(literal, reading)?;
        }
        Ok(())
    }

    fn add_literal(&mut self, literal: &BuiltNode, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
        let text = literal.as_text().unwrap_or_default();
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(BuildFault::new("a literal has no `=`, or nothing before it"));
        };
        let quoted = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote).filter(|_| value.len() > 1));
        let value = quoted.unwrap_or(value);
        let start = key.len() + 1 + usize::from(quoted.is_some());
        let inline = reading.inline_of(literal);
        let part = inline.map(|it| it.part_of(Span::new(start, start + value.len()), PartOrigin::Generator));
        self.add(key, value.as_bytes(), part.into_iter().collect())
    }

    fn add_file(&mut self, entry: &str, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
        let (key, path) = match entry.split_once('=') {
            Some((key, path)) => (Some(key), path),
            None => (None, entry),
        };
        let resolved = reading.resolve_file(path)?;
        let (id, data) = reading.library.read_bytes(&resolved)?;
        let name = resolved.rsplit('/').next().unwrap_or(&resolved);
        let part = SourcePart::new(id, Span::new(0, data.len()), PartOrigin::Generator);
        self.add(key.unwrap_or(name), &data, vec![part])
    }

    fn add_env_file(&mut self, path: &str, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
        let resolved = reading.resolve_file(path)?;
        let (id, text) = reading.library.read_text(&resolved)?;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let own = line.trim_end_matches(['\n', '\r']);
            let content = own.trim_start().trim_start_matches('\u{feff}');
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let (key, value) = content.split_once('=').unwrap_or((content, ""));
            let end = start + own.len();
            let span = Span::new(end - value.len(), end);
            self.add(key, value.as_bytes(), vec![SourcePart::new(id, span, PartOrigin::Generator)])?;
        }
        Ok(())
    }

    fn add(&mut self, key: &str, value: &[u8], parts: Vec<SourcePart>) -> Result<(), BuildFault> {
        let text = std::str::from_utf8(value).ok();
        let (field, text) = match text {
            Some(text) if !self.is_secret => ("data", text.to_owned()),
            _ if self.is_secret => ("data", STANDARD.encode(value)),
            _ => ("binaryData", STANDARD.encode(value)),
        };
        let Some(data) = self.root.map_at(field) else { return Ok(()) };
        if !self.known.insert((field, key.to_owned())) {
            return Err(BuildFault::new(format!("a generated map has `{key}` twice")));
        }
        data.push_entry(key, BuiltNode::text_of(text, parts));
        Ok(())
    }
}

/// Where objects stand that have or had a name, kept while maps are added: of very many, each is looked for among its own.
struct GeneratedNames(HashMap<String, Vec<usize>>);

impl GeneratedNames {
    fn read(set: &ObjectSet) -> Self {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, object) in set.objects.iter().enumerate() {
            for name in object.names() {
                let places = names.entry(name).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        Self(names)
    }

    /// The places of the objects that have, or had, the identity.
    fn positions(&self, set: &ObjectSet, id: &ObjectId) -> Vec<usize> {
        let places = self.0.get(&id.name).into_iter().flatten().copied();
        places.filter(|at| set.objects[*at].has_had(|other| other.is_same(id))).collect()
    }
}

/// Adds a generated map, or merges it with one that is there, as its behavior says.
fn absorb(
    (set, names): (&mut ObjectSet, &mut GeneratedNames),
    mut object: BuiltObject,
    behavior: &str,
) -> Result<(), BuildFault> {
    let id = object.id();
    let found = names.positions(set, &id);
    let merges = matches!(behavior, "merge" | "replace");
    let at = match (found.as_slice(), merges) {
        ([], false) => {
            names.0.entry(id.name).or_default().push(set.objects.len());
            return set.add_new(object);
        }
        ([], true) => {
            return Err(BuildFault::new(format!("{} is not there to {behavior}", id.display())));
        }
        ([_], false) => {
            return Err(BuildFault::new(format!("{} is there already: `behavior` is missing", id.display())));
        }
        ([at], true) => *at,
        _ => return Err(BuildFault::new(format!("several objects are {}", id.display()))),
    };
    let old = &set.objects[at];
    for map in ["labels", "annotations"] {
        lay_under(&mut object.root, old.root.at(&["metadata", map]), &["metadata", map]);
    }
    if behavior == "merge" {
        for map in ["data", "binaryData"] {
            lay_under(&mut object.root, old.root.get(map), &[map]);
        }
    }
    for key in ["name", "namespace"] {
        let value = old.root.at(&["metadata", key]).cloned();
        if let (Some(value), Some(metadata)) = (value, object.root.map_at("metadata")) {
            metadata.set(key, value);
        }
    }
    // One that says no is enough.
    object.needs_hash &= old.needs_hash;
    object.previous_ids.clone_from(&old.previous_ids);
    object.prefixes.clone_from(&old.prefixes);
    object.suffixes.clone_from(&old.suffixes);
    set.objects[at] = object;
    Ok(())
}

/// Adds what a map lacks and another has.
fn lay_under(root: &mut BuiltNode, under: Option<&BuiltNode>, path: &[&str]) {
    let Some(under) = under.filter(|under| !under.entries().is_empty()) else { return };
    let mut node = root;
    for key in path {
        let Some(next) = node.map_at(key) else { return };
        node = next;
    }
    let known: HashSet<String> = node.entries().iter().map(|entry| entry.key.clone()).collect();
    for entry in under.entries().iter().filter(|entry| !known.contains(&entry.key)) {
        node.push_entry(&entry.key, entry.node.clone());
    }
}
