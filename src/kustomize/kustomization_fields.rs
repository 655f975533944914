//! The fields that a kustomization may have, and of what form: kustomize refuses all else, for readers of one.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, NodeEntry};

/// What may stand in a field.
#[derive(Clone, Copy)]
enum FieldForm {
    Any,
    Text,
    Flag,
    Whole,
    Texts,
    /// A mapping of names to texts.
    TextMap,
    FlagMap,
    Entry(Fields),
    Entries(Fields),
}

use FieldForm::{Any, Entries, Entry, Flag, FlagMap, Text, TextMap, Texts, Whole};

/// The fields of a mapping.
type Fields = &'static [(&'static str, FieldForm)];

const KUSTOMIZATION: Fields = &[
    ("apiVersion", Text),
    ("kind", Text),
    (
        "metadata",
        Entry(&[("name", Text), ("namespace", Text), ("labels", TextMap), ("annotations", TextMap)]),
    ),
    ("openapi", TextMap),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", TextMap),
    ("labels", Entries(LABEL)),
    ("commonAnnotations", TextMap),
    ("patchesStrategicMerge", Texts),
    ("patchesJson6902", Entries(PATCH)),
    ("patches", Entries(PATCH)),
    ("images", Entries(IMAGE)),
    ("imageTags", Entries(IMAGE)),
    ("replacements", Entries(&[("path", Text), ("source", Entry(SOURCE)), ("targets", Entries(TARGET))])),
    ("replicas", Entries(&[("name", Text), ("count", Whole)])),
    ("vars", Entries(VARIABLE)),
    ("sortOptions", Entry(&[("order", Text), ("legacySortOptions", Entry(SORT_LISTS))])),
    ("resources", Texts),
    ("components", Texts),
    ("crds", Texts),
    ("bases", Texts),
    ("configMapGenerator", Entries(CONFIG_MAP)),
    ("secretGenerator", Entries(SECRET)),
    ("helmGlobals", Any),
    ("helmCharts", Any),
    ("helmChartInflationGenerator", Any),
    ("generatorOptions", Entry(GENERATOR_OPTIONS)),
    ("configurations", Texts),
    ("generators", Texts),
    ("transformers", Texts),
    ("validators", Texts),
    ("buildMetadata", Texts),
];

const LABEL: Fields =
    &[("pairs", TextMap), ("includeSelectors", Flag), ("includeTemplates", Flag), ("fields", Entries(FIELD))];

const PATCH: Fields = &[("path", Text), ("patch", Text), ("target", Entry(SELECTOR)), ("options", FlagMap)];

const IMAGE: Fields =
    &[("name", Text), ("newName", Text), ("tagSuffix", Text), ("newTag", Text), ("digest", Text)];

const SELECTOR: Fields = &[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("labelSelector", Text),
    ("annotationSelector", Text),
];

const SOURCE: Fields = &[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("fieldPath", Text),
    ("options", Entry(PART_OPTIONS)),
];

const TARGET: Fields = &[
    ("select", Entry(SELECTOR)),
    ("reject", Entries(SELECTOR)),
    ("fieldPaths", Texts),
    ("options", Entry(PART_OPTIONS)),
];

const PART_OPTIONS: Fields = &[("delimiter", Text), ("index", Whole), ("encoding", Text), ("create", Flag)];

const VARIABLE: Fields = &[
    ("name", Text),
    (
        "objref",
        Entry(&[
            ("apiVersion", Text),
            ("group", Text),
            ("version", Text),
            ("kind", Text),
            ("name", Text),
            ("namespace", Text),
        ]),
    ),
    ("fieldref", Entry(&[("fieldpath", Text)])),
];

const SORT_LISTS: Fields = &[("orderFirst", Texts), ("orderLast", Texts)];

const CONFIG_MAP: Fields = &[
    ("name", Text),
    ("namespace", Text),
    ("behavior", Text),
    ("literals", Texts),
    ("files", Texts),
    ("envs", Texts),
    ("env", Text),
    ("options", Entry(GENERATOR_OPTIONS)),
];

const SECRET: Fields = &[
    ("name", Text),
    ("namespace", Text),
    ("behavior", Text),
    ("literals", Texts),
    ("files", Texts),
    ("envs", Texts),
    ("env", Text),
    ("type", Text),
    ("options", Entry(GENERATOR_OPTIONS)),
];

const GENERATOR_OPTIONS: Fields =
    &[("labels", TextMap), ("annotations", TextMap), ("disableNameSuffixHash", Flag), ("immutable", Flag)];

/// What a file of `configurations` may say.
const CONFIGURATION: Fields = &[
    ("namePrefix", Entries(FIELD)),
    ("nameSuffix", Entries(FIELD)),
    ("namespace", Entries(FIELD)),
    ("commonLabels", Entries(FIELD)),
    ("labels", Entries(FIELD)),
    ("templateLabels", Entries(FIELD)),
    ("commonAnnotations", Entries(FIELD)),
    (
        "nameReference",
        Entries(&[("group", Text), ("version", Text), ("kind", Text), ("fieldSpecs", Entries(FIELD))]),
    ),
    ("varReference", Entries(FIELD)),
    ("images", Entries(FIELD)),
    ("replicas", Entries(FIELD)),
];

const FIELD: Fields = &[("group", Text), ("version", Text), ("kind", Text), ("path", Text), ("create", Flag)];

/// Refuses what a file of `configurations` may not say, and writes its fields' names as kustomize has them.
pub(super) fn settle_configuration(root: &mut BuiltNode) -> Result<(), BuildFault> {
    if root.is_null() {
        return Ok(());
    }
    check_form("configurations", root, Entry(CONFIGURATION))?;
    settle_entries(root, CONFIGURATION);
    Ok(())
}

/// Writes the names of fields as kustomize has them, which reads them in capitals or not.
pub(super) fn settle_names(root: &mut BuiltNode) {
    settle_entries(root, KUSTOMIZATION);
}

fn settle_entries(node: &mut BuiltNode, fields: Fields) {
    let BuiltValue::Map(entries) = &mut node.value else { return };
    for entry in entries {
        let Some((name, form)) = field_of(entry, fields) else { continue };
        if entry.key != name {
            name.clone_into(&mut entry.key);
        }
        match (form, &mut entry.node.value) {
            (Entry(inner), _) => settle_entries(&mut entry.node, inner),
            (Entries(inner), BuiltValue::List(items)) => {
                items.iter_mut().for_each(|item| settle_entries(item, inner));
            }
            _ => {}
        }
    }
}

fn field_of(entry: &NodeEntry, fields: Fields) -> Option<(&'static str, FieldForm)> {
    let exact = fields.iter().find(|(name, _)| *name == entry.key);
    exact.or_else(|| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(&entry.key))).copied()
}

/// Refuses fields that a kustomization does not have, and values of another form than theirs.
pub(super) fn check_fields(root: &BuiltNode) -> Result<(), BuildFault> {
    for entry in root.entries() {
        let (name, form) = field_of(entry, KUSTOMIZATION)
            .ok_or_else(|| BuildFault::new(format!("kustomize knows no field `{}`", entry.key)))?;
        check_form(name, &entry.node, form)?;
    }
    Ok(())
}

fn check_form(name: &str, node: &BuiltNode, form: FieldForm) -> Result<(), BuildFault> {
    let fault = |is: &str| Err(BuildFault::new(format!("`{name}` is {is}")));
    match (form, &node.value) {
        (_, BuiltValue::Null) | (Any, _) | (Text, BuiltValue::Text(_)) | (Flag, BuiltValue::Bool(_)) => {
            Ok(())
        }
        (Whole, BuiltValue::Number(number)) if number.is_i64() => Ok(()),
        (Texts, BuiltValue::List(items)) => items.iter().try_for_each(|item| check_form(name, item, Text)),
        (TextMap | FlagMap, BuiltValue::Map(entries)) => {
            let inner = if matches!(form, TextMap) { Text } else { Flag };
            entries.iter().try_for_each(|entry| check_form(&entry.key, &entry.node, inner))
        }
        (Entry(fields), BuiltValue::Map(_)) => check_entry(name, node, fields),
        (Entries(fields), BuiltValue::List(items)) => items.iter().try_for_each(|item| match item.value {
            BuiltValue::Map(_) => check_entry(name, item, fields),
            BuiltValue::Null => Ok(()),
            _ => Err(BuildFault::new(format!("an entry of `{name}` is no mapping"))),
        }),
        (Text, _) => fault("no text: put it in quotes"),
        (Flag, _) => fault("neither true nor false"),
        (Whole, _) => fault("no whole number"),
        (Texts | Entries(_), _) => fault("no list"),
        (TextMap | FlagMap | Entry(_), _) => fault("no mapping"),
    }
}

fn check_entry(name: &str, node: &BuiltNode, fields: Fields) -> Result<(), BuildFault> {
    for entry in node.entries() {
        let (key, form) = field_of(entry, fields)
            .ok_or_else(|| BuildFault::new(format!("an entry of `{name}` has no field `{}`", entry.key)))?;
        check_form(key, &entry.node, form)?;
    }
    Ok(())
}
