//! Renders a chart as `helm template` does, without a cluster, and says of each byte where it was written.

use std::sync::Arc;

use super::chart_error::ChartError;
use super::chart_node::{ChartNode, SkippedChart};
use super::chart_scope::{ScopeBuilder, ScopedTemplate};
use super::chart_switches::apply_switches;
use super::chart_values::{overlay, read_given_values};
use super::import_values::apply_imports;
use super::loaded_chart::LoadedChart;
use super::origin_files::OriginFiles;
use super::origin_segments::SegmentBuilder;
use super::render_options::RenderOptions;
use super::rendered_chart::{
    OriginPlace, OriginSegment, PlacedBranch, RefusedTemplate, RenderedChart, RenderedTemplate, SegmentKind,
};
use super::values_coalesce::coalesce_values;
use crate::template::functions::check_constraint;
use crate::template::origin_table::OriginTable;
use crate::template::origin_text::{OriginText, replace_invalid_bytes};
use crate::template::render_state::{RenderState, WorkDone};
use crate::template::template_error::{TemplateError, TemplateErrorKind};
use crate::template::template_executor::TemplateExecutor;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::remove;
use crate::template::value_collection::{MapType, ValueMap};

/// Templates may nest deeper than a thread's usual stack, within the executor's bounds.
const STACK: usize = 256 * 1024 * 1024;

/// How many bytes all templates may render together.
const MAX_OUTPUT: usize = 32 * 1024 * 1024;

/// How many bytes of templates and values are read in the time of a step.
const BYTES_READ_PER_STEP: u64 = 16;

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
    if !options.allow_any_version
        && !wish.is_empty()
        && !check_constraint(wish, options.kube_version()).unwrap_or(false)
    {
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
        overlay(&values, &read_given_values(table, files, &file.path, &file.data)?);
    }
    if let Some(json) = &options.set_json {
        overlay(&values, &read_given_values(table, files, "--set-json", &json.as_bytes().into())?);
    }
    Ok(values)
}

fn render_here(chart: &LoadedChart, options: &RenderOptions) -> Result<RenderedChart, ChartError> {
    check_chart(chart, options)?;
    if options.allowance.is_spent() {
        return Err(ChartError::Spent);
    }
    options.allowance.take_work(work_of_reading(chart));
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
    let mut run =
        ChartTemplatesRun { executor: TemplateExecutor::new(table, options.engine), files, total: 0 };
    let made = run.run_templates(&templates, options.keeps_going);
    options.allowance.take_work(run.executor.state.work_done());
    let rendered = assemble(chart, options, &run, made?, skipped);
    options.allowance.take_kept(&rendered);
    Ok(rendered)
}

/// What it takes to read a chart's templates and values anew, as each render does.
fn work_of_reading(chart: &LoadedChart) -> WorkDone {
    let own: usize = chart.templates.iter().chain(&chart.values).map(|file| file.data.len()).sum();
    let own = WorkDone { steps: own as u64 / BYTES_READ_PER_STEP, bytes: own as u64 };
    let below = chart.children.iter().map(work_of_reading);
    below.fold(own, |all, one| WorkDone { steps: all.steps + one.steps, bytes: all.bytes + one.bytes })
}

/// All templates of a render, run one after the other.
struct ChartTemplatesRun {
    executor: TemplateExecutor,
    files: OriginFiles,
    /// The bytes rendered so far.
    total: usize,
}

type RenderedText<'a> = (&'a ScopedTemplate, OriginText);

/// What the templates came to.
#[derive(Default)]
struct TemplateResults<'a> {
    texts: Vec<RenderedText<'a>>,
    /// Those that were refused, with what stands in them outright.
    refused: Vec<(&'a ScopedTemplate, TemplateError, Vec<OriginText>)>,
}

impl ChartTemplatesRun {
    fn run_templates<'a>(
        &mut self,
        templates: &'a [ScopedTemplate],
        keeps_going: bool,
    ) -> Result<TemplateResults<'a>, ChartError> {
        let mut made = TemplateResults::default();
        for template in templates {
            if let Err(error) = self.executor.add_template(&template.name, &template.text) {
                let error = self.locate_error(error);
                if !keeps_going {
                    return Err(error.into());
                }
                made.refused.push((template, error, Vec::new()));
            }
        }
        let is_refused = |made: &TemplateResults<'_>, template: &ScopedTemplate| {
            made.refused.iter().any(|(own, ..)| own.name == template.name)
        };
        for template in templates.iter().filter(|template| !template.is_partial()) {
            if is_refused(&made, template) {
                continue;
            }
            match self.run_template(template) {
                Ok(text) => made.texts.push((template, text)),
                Err(error) => {
                    let error = self.locate_error(error);
                    // Once a bound is met, the others have nothing left.
                    if !keeps_going || error.kind == TemplateErrorKind::Limit {
                        return Err(error.into());
                    }
                    let literals = self.executor.literal_texts(&template.name);
                    made.refused.push((template, error, literals));
                }
            }
        }
        Ok(made)
    }

    fn run_template(&mut self, template: &ScopedTemplate) -> Result<OriginText, TemplateError> {
        let executor = &mut self.executor;
        template.scope.insert("Template", template_object(executor, template));
        let text = executor.execute(&template.name, TemplateValue::Map(template.scope.clone()))?;
        self.total += text.len();
        if self.total > MAX_OUTPUT {
            let message = "the chart renders more than 32 MiB";
            return Err(executor.state.error_here(TemplateErrorKind::Limit, message));
        }
        Ok(remove(&text, b"<no value>"))
    }

    /// The error with the line and column of its place.
    fn locate_error(&self, mut error: TemplateError) -> TemplateError {
        let data = self.files.find(&self.executor.state.origins, &error.path).unwrap_or_default();
        let before = &data[..error.offset.min(data.len())];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        error.line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        error.column = 1 + String::from_utf8_lossy(&before[start..]).chars().count();
        error
    }
}

fn template_object(executor: &mut TemplateExecutor, template: &ScopedTemplate) -> TemplateValue {
    let own = ValueMap::typed(MapType::Values);
    let (name, base_path) =
        (executor.state.plain_text(&template.name), executor.state.plain_text(&template.base_path));
    own.insert("Name", name.into());
    own.insert("BasePath", base_path.into());
    TemplateValue::Map(own)
}

fn assemble(
    chart: &LoadedChart,
    options: &RenderOptions,
    run: &ChartTemplatesRun,
    made: TemplateResults<'_>,
    skipped: Vec<SkippedChart>,
) -> RenderedChart {
    let prefix = format!("{}/", chart.metadata.name);
    let state = &run.executor.state;
    let mut segments = SegmentBuilder::new(&state.origins, &run.files);
    let mut render = |template: &ScopedTemplate, text: &OriginText| {
        let (origin, random) = segments.build(text);
        let name = template.name.strip_prefix(&prefix).unwrap_or(&template.name).to_owned();
        let (text, origin) = as_utf8(text, origin);
        RenderedTemplate { name, path: template.disk_path.clone(), text, random, origin }
    };
    let templates = made.texts.iter().map(|(template, text)| render(template, text)).collect();
    let refused = made.refused.into_iter().map(|(template, error, literals)| RefusedTemplate {
        path: template.disk_path.clone(),
        error,
        literals: literals.iter().map(|text| render(template, text)).collect(),
    });
    RenderedChart {
        chart: chart.metadata.name.clone(),
        release: options.release.clone(),
        namespace: options.namespace.clone(),
        kube_version: options.kube_version().to_owned(),
        refused: refused.collect(),
        templates,
        skipped,
        complaints: state.complaints().to_vec(),
        branches: place_branches(state),
    }
}

fn place_branches(state: &RenderState) -> Vec<PlacedBranch> {
    let placed = state.branches.iter().map(|((file, offset), outcome)| PlacedBranch {
        place: OriginPlace { path: state.origins.file_path(*file).into(), offset: *offset as usize },
        outcome: outcome.clone(),
    });
    placed.collect()
}

/// The text as UTF-8. Where bytes are none, others stand for them: the segment is a copy of its place no more, and those
/// behind it move.
fn as_utf8(text: &OriginText, origin: Vec<OriginSegment>) -> (String, Vec<OriginSegment>) {
    let string = replace_invalid_bytes(text.bytes(), "\u{fffd}").into_owned();
    if string.as_bytes() == text.bytes() {
        return (string, origin);
    }
    let mut moved: Vec<OriginSegment> = Vec::with_capacity(origin.len());
    for segment in origin {
        push_as_utf8(&mut moved, &segment, &text.bytes()[segment.start..segment.end]);
    }
    let at = moved.last().map_or(0, |segment| segment.end);
    if at != string.len() {
        // A character that two places make has no place: all of it is taken as one text.
        moved.truncate(1);
        if let Some(first) = moved.first_mut() {
            (first.start, first.end) = (0, string.len());
            first.kind = SegmentKind::Computed { length: 0, from: Arc::default() };
        }
    }
    (string, moved)
}

/// Pushes the parts of a segment: what is UTF-8 as it is, what is none as what stands for it.
fn push_as_utf8(moved: &mut Vec<OriginSegment>, segment: &OriginSegment, bytes: &[u8]) {
    let mut read = 0;
    for chunk in bytes.utf8_chunks() {
        for (part, is_copy) in [(chunk.valid().as_bytes(), true), (chunk.invalid(), false)] {
            if part.is_empty() {
                continue;
            }
            let mut place = segment.place.clone();
            let kind = match &segment.kind {
                SegmentKind::Computed { .. } => segment.kind.clone(),
                kind => {
                    place.offset += read;
                    if is_copy {
                        kind.clone()
                    } else {
                        SegmentKind::Computed { length: part.len(), from: Arc::default() }
                    }
                }
            };
            let start = moved.last().map_or(0, |before| before.end);
            let end = start + replace_invalid_bytes(part, "\u{fffd}").len();
            moved.push(OriginSegment { start, end, kind, place, ..segment.clone() });
            read += part.len();
        }
    }
}
