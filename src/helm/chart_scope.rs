//! What each chart's templates see as their root, and all templates of a render in their order.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::capabilities_object::capabilities_object;
use super::chart_node::ChartNode;
use super::chart_object::chart_object;
use super::files_object::files_object;
use super::origin_files::OriginFiles;
use super::render_options::RenderOptions;
use crate::template::origin_table::{ActionSite, ComputedId, ComputedInput, FileId, OriginTable};
use crate::template::origin_text::OriginText;
use crate::template::template_value::{IntType, TemplateValue};
use crate::template::value_collection::{MapType, ValueMap};

/// A template that is to be parsed and, unless it is a partial, run.
pub(super) struct ScopedTemplate {
    /// Helm's name: `chart/charts/sub/templates/x.yaml`.
    pub name: String,
    pub disk_path: String,
    pub text: OriginText,
    pub scope: ValueMap,
    pub base_path: String,
}

impl ScopedTemplate {
    /// Partials only define what others include.
    pub(super) fn is_partial(&self) -> bool {
        self.name.rsplit('/').next().is_some_and(|name| name.starts_with('_'))
    }
}

/// Builds scopes and collects templates.
pub(super) struct ScopeBuilder<'a> {
    table: &'a mut OriginTable,
    files: &'a mut OriginFiles,
    release: TemplateValue,
    capabilities: TemplateValue,
    glue: ComputedId,
    templates: HashMap<String, ScopedTemplate>,
}

impl<'a> ScopeBuilder<'a> {
    pub(super) fn new(
        options: &RenderOptions,
        table: &'a mut OriginTable,
        files: &'a mut OriginFiles,
    ) -> Self {
        let nowhere = table.add_file("");
        let release = release_object(options, table, nowhere);
        let capabilities_glue = add_named(table, nowhere, "Capabilities");
        let glue = add_named(table, nowhere, "Chart");
        let capabilities =
            capabilities_object(options.kube_version(), &options.api_versions, capabilities_glue);
        Self { table, files, release, capabilities, glue, templates: HashMap::new() }
    }

    /// All templates, in the order in which Helm parses and runs them.
    pub(super) fn finish(self) -> Vec<ScopedTemplate> {
        let mut templates: Vec<ScopedTemplate> = self.templates.into_values().collect();
        templates.sort_by(|one, other| compare_names(&other.name, &one.name));
        templates
    }

    /// The scope of a chart whose full path is `path`, after those of its subcharts.
    pub(super) fn add_chart(
        &mut self,
        node: &ChartNode<'_>,
        path: &str,
        values: TemplateValue,
        is_root: bool,
    ) -> ValueMap {
        let scope = ValueMap::typed(MapType::Values);
        let children = ValueMap::default();
        let chart = chart_object(node, is_root, self.table, self.files, self.glue);
        scope.insert("Chart", TemplateValue::Map(chart));
        scope.insert("Files", files_object(&node.chart.files, self.table, self.files));
        scope.insert("Release", self.release.clone());
        scope.insert("Capabilities", self.capabilities.clone());
        scope.insert("Values", values.clone());
        scope.insert("Subcharts", TemplateValue::Map(children.clone()));
        for child in &node.children {
            let inner = format!("{path}/charts/{}", child.name);
            let values = child_values(&values, &child.name);
            let own = self.add_chart(child, &inner, values, false);
            children.insert(&child.name, TemplateValue::Map(own.with_type(MapType::Any)));
        }
        for source in &node.chart.templates {
            let partial = source.name.rsplit('/').next().is_some_and(|name| name.starts_with('_'));
            if node.chart.is_library() && !partial {
                continue;
            }
            let file = self.files.add(self.table, &source.disk_path, source.data.clone());
            let (offset, content) = source.content();
            let text = OriginText::from_file(file, u32::try_from(offset).unwrap_or(0), content);
            let name = format!("{path}/{}", source.name);
            let template = ScopedTemplate {
                name: name.clone(),
                disk_path: source.disk_path.clone(),
                text,
                scope: scope.clone(),
                base_path: format!("{path}/templates"),
            };
            self.templates.insert(name, template);
        }
        scope
    }
}

/// The section of a parent's values that a child sees; a name with a dot finds none, as in Helm.
fn child_values(values: &TemplateValue, name: &str) -> TemplateValue {
    let section = match values {
        TemplateValue::Map(map) => crate::template::values_method::find_path(map, name),
        _ => None,
    };
    match section {
        Some(TemplateValue::Map(map)) => TemplateValue::Map(map.with_type(MapType::Values)),
        _ => TemplateValue::Map(ValueMap::typed(MapType::Values)),
    }
}

fn add_named(table: &mut OriginTable, file: FileId, name: &'static str) -> ComputedId {
    table.add_computed(ActionSite { file, offset: 0, length: 0 }, vec![ComputedInput::Named(name)])
}

fn release_object(options: &RenderOptions, table: &mut OriginTable, file: FileId) -> TemplateValue {
    let release = ValueMap::default();
    let mut insert = |name: &str, origin: &'static str, text: &str| {
        let glue = add_named(table, file, origin);
        release.insert(name, TemplateValue::Text(OriginText::from_computed(glue, text)));
    };
    insert("Name", "Release.Name", &options.release);
    insert("Namespace", "Release.Namespace", &options.namespace);
    insert("Service", "Release.Service", "Helm");
    release.insert("IsUpgrade", TemplateValue::bool(options.upgrade));
    release.insert("IsInstall", TemplateValue::bool(!options.upgrade));
    release.insert("Revision", TemplateValue::Int(1, IntType::Int, None));
    TemplateValue::Map(release)
}

/// By the number of slashes, then by bytes.
fn compare_names(one: &str, other: &str) -> Ordering {
    let slashes = |name: &str| name.bytes().filter(|byte| *byte == b'/').count();
    slashes(one).cmp(&slashes(other)).then_with(|| one.cmp(other))
}
