//! Renders one chart with each of its value sets, and makes the records of its files, for the audit of charts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::chart_run::{ChartRun, ChartSource};
use super::template_render::TemplateRender;
use super::template_suppressions::find_in_template;
use crate::audit::FileStatus;
use crate::audit::file_record::FileRecord;
use crate::helm::{ChartError, LoadedChart, RenderAllowance, RenderedChart, SourceFile};
use crate::repo::{CHART_FILE, FileKind, FileRole, RelPath, is_really_inside};
use crate::settings::Settings;
use crate::text::SourceText;
use crate::unit::{Unit, UnitStatus};

/// A chart as it was rendered last.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct ChartRecord {
    /// One for each value set, the defaults first.
    pub units: Vec<Unit>,
    /// The files of which records were made.
    pub paths: BTreeSet<RelPath>,
    /// The paths by which the index knows its objects.
    pub index_paths: BTreeSet<RelPath>,
    pub(super) source: Option<Arc<ChartSource>>,
    /// True for a chart around the audited files: it is rendered for what its workloads say of their images.
    pub is_context: bool,
    /// The files that could not be read.
    pub(super) unread: BTreeSet<String>,
    /// True while one of its files cannot be read that could: it stays as it was rendered before.
    pub is_stale: bool,
}

impl ChartRecord {
    /// True for a values file that one of its value sets consists of, whether it is there or not.
    pub(in crate::audit) fn is_made_with(&self, path: &RelPath) -> bool {
        self.units.iter().any(|unit| unit.key.values.contains(path))
    }
}

/// A chart, rendered, with the records of its files.
pub(super) struct ChartRendering {
    pub chart: ChartRecord,
    pub records: Vec<FileRecord>,
}

/// Renders the chart in a folder with each of its value sets.
pub(super) fn render_folder(
    place: ChartPlace<'_>,
    settings: &Settings,
    allowance: Arc<RenderAllowance>,
) -> ChartRendering {
    render_source(ChartSource::read_folder(place, settings, allowance), place)
}

/// Renders a chart that was read before, with each of its value sets.
pub(super) fn render_source(source: Result<ChartSource, String>, place: ChartPlace<'_>) -> ChartRendering {
    let run = ChartRun::of_source(source, place);
    if run.source.is_none() {
        return rendering_of_unread(run, place);
    }
    let mut texts: BTreeMap<String, &SourceFile> = BTreeMap::new();
    if let Some(chart) = run.chart() {
        collect_files(chart, &mut texts);
    }
    texts.extend(run.outside_files().map(|file| (file.disk_path.clone(), file)));
    let mut renders: BTreeMap<RelPath, Vec<TemplateRender>> = BTreeMap::new();
    let mut named: BTreeSet<&str> = run.value_files().collect();
    named.extend([CHART_FILE, "values.yaml"]);
    named.extend(texts.keys().map(String::as_str).filter(|name| is_manifest_template(name)));
    for (unit, rendered) in run.units.iter().zip(&run.rendered) {
        let Some(rendered) = rendered else { continue };
        for template in &rendered.templates {
            named.extend(template.origin.iter().map(|segment| &*segment.place.path));
        }
        for (path, render) in renders_of_unit(unit, rendered, place, |_, _| None) {
            renders.entry(path).or_default().push(render);
        }
    }
    let mut literals = literals_of_refused(&run, place);
    let source = run.source.clone().map(Arc::new);
    let unread = run.unread.clone();
    let mut chart = ChartRecord { units: run.units.clone(), source, unread, ..ChartRecord::default() };
    let mut records = Vec::new();
    for name in named {
        let Some((path, file)) = place.path_of(name).zip(texts.get(name)) else { continue };
        let own = renders.remove(&path).unwrap_or_default();
        chart.index_paths.extend(own.iter().map(|render| render.index_path.clone()));
        chart.paths.insert(path.clone());
        let literals = literals.remove(&path).filter(|_| own.is_empty()).unwrap_or_default();
        records.push(FileRecord { literals, ..make_record(path, name, file, own, &run) });
    }
    ChartRendering { chart, records }
}

/// A chart that could not be read: the file that says so is its `Chart.yaml`.
fn rendering_of_unread(run: ChartRun, place: ChartPlace<'_>) -> ChartRendering {
    let status = chart_status(&run);
    let mut chart = ChartRecord { units: run.units, unread: run.unread, ..ChartRecord::default() };
    let path =
        place.path_of(CHART_FILE).filter(|_| is_really_inside(&place.folder.join(CHART_FILE), place.top));
    chart.paths.extend(path.clone());
    let make = |path| FileRecord {
        role: FileRole::Chart,
        is_chart_made: true,
        ..FileRecord::empty(path, FileKind::Template, status)
    };
    ChartRendering { chart, records: path.map(make).into_iter().collect() }
}

/// The templates that one value set renders to anything, each with its path. `known` gives a render of that path and text
/// that was made before.
pub(super) fn renders_of_unit(
    unit: &Unit,
    rendered: &RenderedChart,
    place: ChartPlace<'_>,
    known: impl Fn(&RelPath, &str) -> Option<TemplateRender>,
) -> Vec<(RelPath, TemplateRender)> {
    let (key, branches) = (Arc::new(unit.key.clone()), Arc::from(rendered.branches.as_slice()));
    let release: Arc<str> = rendered.release.as_str().into();
    let mut renders: Vec<(RelPath, TemplateRender)> = Vec::new();
    let mut counts: HashMap<RelPath, usize> = HashMap::new();
    for template in rendered.templates.iter().filter(|template| may_render_objects(&template.path)) {
        let Some(path) = place.path_of(&template.path) else { continue };
        let before = counts.entry(path.clone()).or_default();
        let index_path = index_path(&path, unit, *before);
        let render = match known(&index_path, &template.text) {
            // The same text may be written elsewhere in the files now.
            Some(render) => TemplateRender { origin: template.origin.as_slice().into(), ..render },
            None => {
                let origin = template.origin.clone();
                let render = TemplateRender::new(key.clone(), index_path, &template.text, origin);
                let (name, release) = (template.name.as_str().into(), Arc::clone(&release));
                TemplateRender { name, release, ..render }
            }
        };
        if !render.is_blank() {
            *before += 1;
            renders.push((path, TemplateRender { branches: Arc::clone(&branches), ..render }));
        }
    }
    renders
}

/// What stands outright in the templates that the chart's own values cannot render, by their paths.
fn literals_of_refused(run: &ChartRun, place: ChartPlace<'_>) -> BTreeMap<RelPath, Vec<TemplateRender>> {
    let mut literals: BTreeMap<RelPath, Vec<TemplateRender>> = BTreeMap::new();
    let Some((unit, Some(rendered))) = run.units.first().zip(run.rendered.first()) else { return literals };
    let key = Arc::new(unit.key.clone());
    for template in rendered.refused.iter().flat_map(|refused| &refused.literals) {
        let Some(path) = place.path_of(&template.path).filter(|_| may_render_objects(&template.path)) else {
            continue;
        };
        let index_path: RelPath = format!("{path} (as written)").as_str().into();
        let (key, origin) = (key.clone(), template.origin.clone());
        let literal = TemplateRender::of_literal(key, index_path, &template.text, origin);
        literals.entry(path).or_default().push(literal);
    }
    literals
}

/// The path by which the index knows a template's objects.
fn index_path(path: &RelPath, unit: &Unit, before: usize) -> RelPath {
    let values = unit.key.values.first().map(RelPath::as_str);
    // No slash in it: the folder of the path is the template's.
    let set = unit.key.environment.as_deref().or(values).map(|set| set.replace('/', ":"));
    match (set, before) {
        (None, 0) => path.clone(),
        (None, _) => format!("{path} (#{before})").as_str().into(),
        (Some(set), 0) => format!("{path} ({set})").as_str().into(),
        (Some(set), _) => format!("{path} ({set}, #{before})").as_str().into(),
    }
}

/// Every file of a chart and of those below it, by its path from the outermost chart's folder. What lies in an archive
/// is no file that can be edited.
fn collect_files<'a>(chart: &'a LoadedChart, files: &mut BTreeMap<String, &'a SourceFile>) {
    let own = chart.templates.iter().chain(&chart.files).chain(&chart.values).chain(&chart.requirements);
    for file in own.chain([&chart.chart_file]) {
        if !file.disk_path.contains(".tgz/") {
            files.insert(file.disk_path.clone(), file);
        }
    }
    chart.children.iter().for_each(|child| collect_files(child, files));
}

/// True for a template that is named as people name those of Kubernetes objects.
fn is_manifest_template(name: &str) -> bool {
    is_template(name) && [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

fn is_template(name: &str) -> bool {
    name.starts_with("templates/") || name.contains("/templates/")
}

/// True for a template whose text Helm sends to the cluster: any but partials and notes, whatever its ending
/// (helm.sh/helm/v3, `action.Configuration.renderResources` and `releaseutil.SortManifests`).
fn may_render_objects(name: &str) -> bool {
    is_template(name) && !is_partial(name) && !name.ends_with("NOTES.txt")
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.starts_with('_'))
}

fn make_record(
    path: RelPath,
    name: &str,
    file: &SourceFile,
    renders: Vec<TemplateRender>,
    run: &ChartRun,
) -> FileRecord {
    let Ok(text) = std::str::from_utf8(&file.data) else {
        let reason = "not UTF-8: Helm reads it, this program does not".to_owned();
        return FileRecord::empty(path, FileKind::Template, FileStatus::Skipped(reason));
    };
    let is_values = name == "values.yaml" || run.value_files().any(|own| own == name);
    let status = if name == CHART_FILE {
        chart_status(run)
    } else if is_manifest_template(name) || !renders.is_empty() {
        template_status(name, &renders, run)
    } else {
        FileStatus::Audited
    };
    FileRecord {
        role: if is_values { FileRole::Values } else { FileRole::Chart },
        documents: renders.first().map(TemplateRender::document_count),
        source: Some(SourceText::new(text)),
        suppressions: find_in_template(text),
        renders,
        is_chart_made: true,
        ..FileRecord::empty(path, FileKind::Template, status)
    }
}

/// The status of the chart as a whole, by its defaults.
fn chart_status(run: &ChartRun) -> FileStatus {
    let left_out = run.units.iter().filter(|unit| is_left_out(unit)).count();
    match run.units.first().map(|unit| &unit.status) {
        None | Some(UnitStatus::Built) if left_out == 0 => FileStatus::Audited,
        None | Some(UnitStatus::Built) => {
            FileStatus::Partial(format!("with {left_out} of its value sets {}", ChartError::Spent))
        }
        Some(UnitStatus::Partial(reason)) => FileStatus::Partial(reason.clone()),
        Some(UnitStatus::Unbuilt(reason)) => FileStatus::Skipped(reason.clone()),
    }
}

/// True for a render that was not begun, since the others took all that renders may.
fn is_left_out(unit: &Unit) -> bool {
    unit.status.reason().is_some_and(|reason| reason.starts_with(&ChartError::Spent.to_string()))
}

fn template_status(name: &str, renders: &[TemplateRender], run: &ChartRun) -> FileStatus {
    let default_reason = run.units.first().and_then(|unit| unit.status.reason());
    if let Some(render) = renders.first() {
        let fault = render.manifest.problems.iter().find(|problem| problem.kind.prevents_audit());
        let reason = fault.map(|fault| fault.message.clone()).or_else(|| default_reason.map(str::to_owned));
        return reason.map_or(FileStatus::Audited, FileStatus::Partial);
    }
    if let Some(off) = run
        .rendered
        .iter()
        .flatten()
        .flat_map(|chart| &chart.skipped)
        .find(|off| name.strip_prefix(off.path.as_str()).is_some_and(|rest| rest.starts_with('/')))
    {
        return FileStatus::Skipped(format!("its subchart is off: {}", off.reason));
    }
    let refused = run.rendered.iter().flatten().flat_map(|chart| &chart.refused);
    if let Some(refused) = refused.into_iter().find(|refused| refused.path == name) {
        return match refused.literals.is_empty() {
            true => FileStatus::Skipped(refused.error.to_string()),
            false => FileStatus::Partial(format!("{}: only its literal text is judged", refused.error)),
        };
    }
    match default_reason {
        _ if is_partial(name) => FileStatus::Audited,
        Some(reason) if run.rendered.iter().all(Option::is_none) => FileStatus::Skipped(reason.to_owned()),
        _ if run.units.len() > 1 => {
            FileStatus::Skipped(format!("renders nothing with any of {} value sets", run.units.len()))
        }
        _ => FileStatus::Skipped("renders nothing with the chart's own values".to_owned()),
    }
}
