//! `.Chart`: what a Chart.yaml says, with Go's names and with the places of its values.

use super::chart_metadata::{ChartDependency, printable_line, scalar_string};
use super::chart_node::ChartNode;
use super::origin_files::OriginFiles;
use crate::template::origin_table::{ComputedId, OriginTable};
use crate::template::origin_text::OriginText;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::{MapType, ValueList, ValueMap};
use crate::template::yaml_reader::{KeyRegister, read_yaml};

const TEXTS: [(&str, &str); 8] = [
    ("Home", "home"),
    ("Version", "version"),
    ("Description", "description"),
    ("Icon", "icon"),
    ("Condition", "condition"),
    ("Tags", "tags"),
    ("AppVersion", "appVersion"),
    ("KubeVersion", "kubeVersion"),
];

/// The object of a chart; `glue` is for what no file says.
pub(super) fn chart_object(
    node: &ChartNode<'_>,
    is_root: bool,
    table: &mut OriginTable,
    files: &mut OriginFiles,
    glue: ComputedId,
) -> ValueMap {
    let source = &node.chart.chart_file;
    let file = files.add(table, &source.disk_path, source.data.clone());
    let (offset, content) = source.content();
    let text = OriginText::from_file(file, u32::try_from(offset).unwrap_or(0), content);
    let root = table.add_root_key(file);
    let yaml = match read_yaml(&text, Some(KeyRegister { table, root })) {
        Ok(TemplateValue::Map(map)) => map,
        _ => ValueMap::default(),
    };
    let object = ValueMap::default();
    for (name, key) in TEXTS {
        object.insert(name, text_field(&yaml, key, glue));
    }
    for (name, key) in [("APIVersion", "apiVersion"), ("Type", "type")] {
        let text = yaml.get(key).map_or_else(TemplateValue::default_text, |value| as_text(&value, glue));
        object.insert(name, text);
    }
    let name = match yaml.get("name") {
        Some(TemplateValue::Text(text)) if text.bytes() == node.name.as_bytes() => TemplateValue::Text(text),
        _ => TemplateValue::Text(OriginText::from_computed(glue, node.name.as_bytes())),
    };
    object.insert("Name", name);
    if node.chart.metadata.api_version == "v1" && yaml.get("apiVersion").is_none() {
        object.insert("APIVersion", TemplateValue::Text(OriginText::from_computed(glue, "v1")));
    }
    object.insert(
        "Deprecated",
        yaml.get("deprecated").filter(|value| !value.is_nil()).unwrap_or(TemplateValue::bool(false)),
    );
    object.insert("IsRoot", TemplateValue::bool(is_root));
    for (name, key) in [("Keywords", "keywords"), ("Sources", "sources")] {
        object.insert(name, list_field(&yaml, key, glue));
    }
    object.insert("Maintainers", maintainers(&yaml, glue));
    object.insert("Annotations", annotations(&yaml, glue));
    object.insert("Dependencies", dependencies(node, glue));
    object
}

/// A scalar as the text that Helm makes of it, as it is written if that reads the same.
fn as_text(value: &TemplateValue, glue: ComputedId) -> TemplateValue {
    let text = scalar_string(value, "").unwrap_or_default();
    match value.literal() {
        Some(written) if written.bytes() == text.as_bytes() => TemplateValue::Text(written),
        _ => TemplateValue::Text(OriginText::from_computed(glue, text)),
    }
}

/// A scalar as the one line of printable text that Helm makes of most.
fn as_line(value: &TemplateValue, glue: ComputedId) -> TemplateValue {
    let text = as_text(value, glue);
    let TemplateValue::Text(written) = &text else { return text };
    let line = printable_line(&written.as_str());
    match line.as_bytes() == written.bytes() {
        true => text,
        false => TemplateValue::Text(OriginText::from_computed(glue, line)),
    }
}

fn text_field(yaml: &ValueMap, key: &str, glue: ComputedId) -> TemplateValue {
    yaml.get(key).map_or_else(TemplateValue::default_text, |value| as_line(&value, glue))
}

fn list_field(yaml: &ValueMap, key: &str, glue: ComputedId) -> TemplateValue {
    let items = match yaml.get(key) {
        Some(TemplateValue::List(list)) => list.items().iter().map(|item| as_line(item, glue)).collect(),
        _ => Vec::new(),
    };
    TemplateValue::List(ValueList::new(items))
}

fn maintainers(yaml: &ValueMap, glue: ComputedId) -> TemplateValue {
    let Some(TemplateValue::List(list)) = yaml.get("maintainers") else {
        return TemplateValue::list(Vec::new());
    };
    let people = list.items().iter().filter_map(|item| {
        let TemplateValue::Map(item) = item else { return None };
        let person = ValueMap::default();
        for (name, key) in [("Name", "name"), ("Email", "email"), ("URL", "url")] {
            person.insert(name, text_field(item, key, glue));
        }
        Some(TemplateValue::Map(person))
    });
    TemplateValue::list(people.collect())
}

fn annotations(yaml: &ValueMap, glue: ComputedId) -> TemplateValue {
    let Some(TemplateValue::Map(written)) = yaml.get("annotations") else {
        return TemplateValue::Map(ValueMap::nil(MapType::Strings));
    };
    let own = ValueMap::typed(MapType::Strings);
    for (key, entry) in written.entries() {
        own.insert(&key, as_text(&entry.value, glue));
    }
    TemplateValue::Map(own)
}

fn dependencies(node: &ChartNode<'_>, glue: ComputedId) -> TemplateValue {
    let declared = node.dependencies.as_deref().unwrap_or_default();
    TemplateValue::list(declared.iter().map(|own| dependency_object(own, glue)).collect())
}

fn dependency_object(dependency: &ChartDependency, glue: ComputedId) -> TemplateValue {
    let own = ValueMap::default();
    let text = |text: &str| TemplateValue::Text(OriginText::from_computed(glue, text));
    own.insert("Name", text(&dependency.name));
    own.insert("Version", text(&dependency.version));
    own.insert("Repository", text(&dependency.repository));
    own.insert("Condition", text(&dependency.condition));
    own.insert("Alias", text(&dependency.alias));
    own.insert("Enabled", TemplateValue::bool(true));
    own.insert("Tags", TemplateValue::list(dependency.tags.iter().map(|tag| text(tag)).collect()));
    let imports = dependency.import_values.iter().map(|import| {
        let pair = ValueMap::typed(MapType::Strings);
        pair.insert("child", text(&import.child));
        pair.insert("parent", text(&import.parent));
        TemplateValue::Map(pair)
    });
    own.insert("ImportValues", TemplateValue::list(imports.collect()));
    TemplateValue::Map(own)
}
