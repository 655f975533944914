//! Renders a chart as `helm template` does, without a cluster, and says of each byte where it was written.

use std::sync::Arc;

use super::chart_error::ChartError;
use super::chart_node::{ChartNode, SkippedChart};
use super::chart_scope::{ScopeBuilder, ScopedTemplate};
use super::chart_switches::apply_switches;
use super::chart_values::{overlay, read_values};
use super::import_values::apply_imports;
use super::loaded_chart::LoadedChart;
use super::origin_files::OriginFiles;
use super::origin_segments::SegmentBuilder;
use super::render_options::RenderOptions;
use super::rendered_chart::{OriginSegment, RenderedChart, RenderedTemplate};
use super::values_coalesce::coalesce_values;
use crate::template::functions::check_constraint;
use crate::template::origin_table::OriginTable;
use crate::template::origin_text::OriginText;
use crate::template::template_error::TemplateError;
use crate::template::template_executor::TemplateExecutor;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::remove;
use crate::template::value_collection::{MapType, ValueMap};

/// Templates may nest deeper than a thread's usual stack, within the executor's bounds.
const STACK: usize = 256 * 1024 * 1024;

/// How many bytes all templates may render together.
const MAX_OUTPUT: usize = 32 * 1024 * 1024;

/// Renders a chart, or says why Helm would not.
pub fn render_chart(chart: &LoadedChart, options: &RenderOptions) -> Result<RenderedChart, ChartError> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("render".to_owned()).stack_size(STACK);
        match builder.spawn_scoped(scope, || render_here(chart, options)) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|_| Err(ChartError::load(&chart.disk_path, "rendering ended unexpectedly"))),
            Err(error) => Err(ChartError::load(&chart.disk_path, error.to_string())),
        }
    })
}

/// Helm's checks before it renders.
fn check_chart(chart: &LoadedChart, options: &RenderOptions) -> Result<(), ChartError> {
    let missing = chart.missing_dependencies();
    if !missing.is_empty() && !options.allow_missing {
        return Err(ChartError::MissingDependencies(missing));
    }
    let wish = &chart.metadata.kube_version;
    if !wish.is_empty() && !check_constraint(wish, options.kube_version()).unwrap_or(false) {
        return Err(ChartError::KubeVersion(format!(
            "chart requires kubeVersion: {wish} which is incompatible with Kubernetes {}",
            options.kube_version()
        )));
    }
    if chart.is_library() {
        return Err(ChartError::Library);
    }
    Ok(())
}

/// The values that the user gives, the last file over the others.
fn user_values(
    options: &RenderOptions,
    table: &mut OriginTable,
    files: &mut OriginFiles,
) -> Result<ValueMap, ChartError> {
    let values = ValueMap::default();
    for file in &options.values {
        overlay(&values, &read_values(table, files, &file.path, &file.data)?);
    }
    if let Some(json) = &options.set_json {
        overlay(&values, &read_values(table, files, "--set-json", &json.as_bytes().into())?);
    }
    Ok(values)
}

fn render_here(chart: &LoadedChart, options: &RenderOptions) -> Result<RenderedChart, ChartError> {
    check_chart(chart, options)?;
    let mut table = OriginTable::default();
    let mut files = OriginFiles::default();
    let user = user_values(options, &mut table, &mut files)?;
    let mut root = ChartNode::build(chart, &mut table, &mut files)?;
    let skipped = apply_switches(&mut root, &user)?;
    apply_imports(&mut root)?;
    let values = coalesce_values(&root, &user)?.with_type(MapType::Values);
    let mut builder = ScopeBuilder::new(options, &mut table, &mut files);
    builder.add_chart(&root, &root.name, TemplateValue::Map(values), true);
    let templates = builder.finish();
    let mut executor = TemplateExecutor::new(table, options.engine);
    let result =
        run_templates(&mut executor, &templates).map_err(|error| locate_error(error, &executor, &files));
    let texts = result?;
    Ok(assemble(chart, options, &executor, &files, texts, skipped))
}

type RenderedText<'a> = (&'a ScopedTemplate, OriginText);

fn run_templates<'a>(
    executor: &mut TemplateExecutor,
    templates: &'a [ScopedTemplate],
) -> Result<Vec<RenderedText<'a>>, TemplateError> {
    for template in templates {
        executor.add_template(&template.name, &template.text)?;
    }
    let mut texts = Vec::new();
    let mut total = 0;
    for template in templates.iter().filter(|template| !template.is_partial()) {
        template.scope.insert("Template", template_object(executor, template));
        let text = executor.execute(&template.name, TemplateValue::Map(template.scope.clone()))?;
        total += text.len();
        if total > MAX_OUTPUT {
            let kind = crate::template::template_error::TemplateErrorKind::Limit;
            return Err(executor.state.error_here(kind, "the chart renders more than 32 MiB"));
        }
        texts.push((template, remove(&text, b"<no value>")));
    }
    Ok(texts)
}

fn template_object(executor: &mut TemplateExecutor, template: &ScopedTemplate) -> TemplateValue {
    let own = ValueMap::typed(MapType::Values);
    let (name, base_path) =
        (executor.state.plain_text(&template.name), executor.state.plain_text(&template.base_path));
    own.insert("Name", name.into());
    own.insert("BasePath", base_path.into());
    TemplateValue::Map(own)
}

/// The error with the line and column of its place.
fn locate_error(mut error: TemplateError, executor: &TemplateExecutor, files: &OriginFiles) -> ChartError {
    let data = files.find(&executor.state.origins, &error.path).unwrap_or_default();
    let before = &data[..error.offset.min(data.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    error.line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    error.column = 1 + String::from_utf8_lossy(&before[start..]).chars().count();
    error.into()
}

fn assemble(
    chart: &LoadedChart,
    options: &RenderOptions,
    executor: &TemplateExecutor,
    files: &OriginFiles,
    texts: Vec<RenderedText<'_>>,
    skipped: Vec<SkippedChart>,
) -> RenderedChart {
    let prefix = format!("{}/", chart.metadata.name);
    let mut segments = SegmentBuilder::new(&executor.state.origins, files);
    let templates = texts.into_iter().map(|(template, text)| {
        let (origin, random) = segments.build(&text);
        let name = template.name.strip_prefix(&prefix).unwrap_or(&template.name).to_owned();
        let (text, origin) = as_utf8(&text, origin);
        RenderedTemplate { name, path: template.disk_path.clone(), text, random, origin }
    });
    RenderedChart {
        chart: chart.metadata.name.clone(),
        release: options.release.clone(),
        namespace: options.namespace.clone(),
        kube_version: options.kube_version().to_owned(),
        templates: templates.collect(),
        skipped,
        complaints: executor.state.complaints().to_vec(),
    }
}

/// The text as UTF-8. Where a byte is none, it becomes longer, and the segments behind it move.
fn as_utf8(text: &OriginText, origin: Vec<OriginSegment>) -> (String, Vec<OriginSegment>) {
    let string = text.as_str().into_owned();
    if string.len() == text.len() {
        return (string, origin);
    }
    let mut at = 0;
    let moved = origin.into_iter().map(|segment| {
        let part = String::from_utf8_lossy(&text.bytes()[segment.start..segment.end]).len();
        let start = at;
        at += part;
        OriginSegment { start, end: at, ..segment }
    });
    let mut moved: Vec<OriginSegment> = moved.collect();
    if at != string.len() {
        // A character that two places make has no place: all of it is taken as one text.
        moved.truncate(1);
        if let Some(first) = moved.first_mut() {
            (first.start, first.end) = (0, string.len());
            first.kind = super::rendered_chart::SegmentKind::Computed { length: 0, from: Arc::default() };
        }
    }
    (string, moved)
}
