//! Runs a chart through the renderer with each of its value sets, as far as it goes, and says how far that was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::chart_files::{read_files_inside, read_ignored_sets};
use super::chart_place::ChartPlace;
use super::environment_sets::find_environment_sets;
use super::stand_in_charts::add_stand_ins;
use super::value_sets::{ValueSet, find_value_sets};
use crate::helm::{
    ChartError, LoadedChart, RenderAllowance, RenderOptions, RenderedChart, SourceFile, render_chart,
};
use crate::repo::{CHART_FILE, RelPath};
use crate::settings::Settings;
use crate::template::template_error::TemplateErrorKind;
use crate::unit::{Unit, UnitKey, UnitKind, UnitStatus};

/// A chart as it was read, with what it is rendered with: enough to render it again after an edit.
#[derive(Clone, Debug)]
pub(super) struct ChartSource {
    chart: LoadedChart,
    sets: Vec<ValueSet>,
    /// The values files of these that are no files of the chart: they lie outside its folder, or are ignored.
    outside: Vec<SourceFile>,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    /// What stands in for missing dependencies, by name.
    stand_ins: Vec<String>,
    /// The number of value sets that are not rendered.
    left_out: usize,
    /// What all renders may do together.
    allowance: Arc<RenderAllowance>,
}

impl ChartSource {
    /// Reads the chart in a folder; the reason where that cannot be done.
    pub(super) fn read_folder(
        place: ChartPlace<'_>,
        settings: &Settings,
        allowance: Arc<RenderAllowance>,
    ) -> Result<Self, String> {
        let (mut chart, files) = load_chart(place)?;
        let stand_ins = add_stand_ins(&mut chart, place.folder, place.top);
        let ignored = read_ignored_sets(place.folder, place.top, &files);
        let (mut sets, left_out) = find_value_sets(&files, &ignored);
        let (named, mut outside) = find_environment_sets(place, settings);
        sets.extend(named);
        outside.extend(ignored);
        let (kube_version, api_versions) = (settings.kube_version.clone(), settings.api_versions.clone());
        Ok(Self { chart, sets, outside, kube_version, api_versions, stand_ins, left_out, allowance })
    }

    /// The number of value sets, the defaults among them.
    pub(super) const fn set_count(&self) -> usize {
        self.sets.len()
    }

    /// Renders the chart with one of its value sets: the unit, and as much of it as could be made.
    pub(super) fn render(&self, set: usize, place: ChartPlace<'_>) -> (Unit, Option<RenderedChart>) {
        let (unit, made, _) = self.render_noting(set, place);
        (unit, made)
    }

    /// The same, with the file that could not be read, if that was the reason.
    fn render_noting(
        &self,
        set: usize,
        place: ChartPlace<'_>,
    ) -> (Unit, Option<RenderedChart>, Option<String>) {
        let set = &self.sets[set];
        let (status, made, unread) = match &set.fault {
            Some(fault) => (UnitStatus::Unbuilt(fault.clone()), None, None),
            None => render_set(&self.chart, self.options_of(set)),
        };
        let status = note_stand_ins(status, &self.stand_ins, self.left_out);
        let values = set.files.iter().filter_map(|file| place.path_of(&file.path)).collect();
        let key = UnitKey { environment: set.environment.clone(), ..unit_key(place, values) };
        (Unit { key, status }, made, unread)
    }

    fn options_of(&self, set: &ValueSet) -> RenderOptions {
        RenderOptions {
            values: set.files.clone(),
            kube_version: self.kube_version.clone(),
            api_versions: self.api_versions.clone(),
            allowance: self.allowance.clone(),
            ..RenderOptions::default()
        }
    }

    /// The same chart with other texts in some of its files, which are named from its folder; its renders are counted anew.
    pub(super) fn with_texts(&self, texts: &BTreeMap<String, Arc<str>>) -> Self {
        let mut edited = Self { allowance: Arc::default(), ..self.clone() };
        let replace = |file: &mut SourceFile| {
            if let Some(text) = texts.get(&file.disk_path) {
                file.data = Arc::from(text.as_bytes());
            }
        };
        for_each_file(&mut edited.chart, &replace);
        edited.outside.iter_mut().for_each(replace);
        for file in edited.sets.iter_mut().flat_map(|set| &mut set.files) {
            if let Some(text) = texts.get(&file.path) {
                file.data = Arc::from(text.as_bytes());
            }
        }
        edited
    }
}

fn for_each_file(chart: &mut LoadedChart, change: &impl Fn(&mut SourceFile)) {
    let own = chart.templates.iter_mut().chain(&mut chart.files).chain(&mut chart.values);
    own.for_each(change);
    chart.children.iter_mut().for_each(|child| for_each_file(child, change));
}

/// A chart with all its renders: for each unit one, or none where it did not render.
pub(super) struct ChartRun {
    pub source: Option<ChartSource>,
    pub units: Vec<Unit>,
    pub rendered: Vec<Option<RenderedChart>>,
    /// The files that are no YAML, or no template: somebody may be writing them.
    pub unread: BTreeSet<String>,
}

impl ChartRun {
    pub(super) fn of_source(source: Result<ChartSource, String>, place: ChartPlace<'_>) -> Self {
        let source = match source {
            Ok(source) => source,
            Err(reason) => {
                let unit = Unit { key: unit_key(place, Vec::new()), status: UnitStatus::Unbuilt(reason) };
                let unread = BTreeSet::from([CHART_FILE.to_owned()]);
                return Self { source: None, units: vec![unit], rendered: vec![None], unread };
            }
        };
        let (mut units, mut rendered, mut unread) = (Vec::new(), Vec::new(), BTreeSet::new());
        for set in 0..source.set_count() {
            let (unit, made, faulty) = source.render_noting(set, place);
            units.push(unit);
            rendered.push(made);
            unread.extend(faulty);
        }
        Self { source: Some(source), units, rendered, unread }
    }

    /// The chart itself, where it could be read.
    pub(super) fn chart(&self) -> Option<&LoadedChart> {
        self.source.as_ref().map(|source| &source.chart)
    }

    /// The files of the value sets, from the chart's folder.
    pub(super) fn value_files(&self) -> impl Iterator<Item = &str> {
        let sets = self.source.iter().flat_map(|source| &source.sets);
        sets.flat_map(|set| &set.files).map(|file| file.path.as_str())
    }

    /// The values files that are no files of the chart.
    pub(super) fn outside_files(&self) -> impl Iterator<Item = &SourceFile> {
        self.source.iter().flat_map(|source| &source.outside)
    }
}

fn unit_key(place: ChartPlace<'_>, values: Vec<RelPath>) -> UnitKey {
    let path = RelPath::relative_to(place.root, place.folder).unwrap_or_else(|| "".into());
    UnitKey { kind: UnitKind::Chart, path, values, environment: None }
}

fn load_chart(place: ChartPlace<'_>) -> Result<(LoadedChart, Vec<SourceFile>), String> {
    let files = read_files_inside(place.folder, place.top)?;
    let chart = LoadedChart::from_files(files.clone()).map_err(|error| error.to_string())?;
    Ok((chart, files))
}

/// Renders a chart with a value set. What Helm refuses for want of a dependency or a value, or for one of its templates,
/// is rendered all the same, as far as it goes, and is partial then. Gives the file that could not be read, too.
fn render_set(
    chart: &LoadedChart,
    mut options: RenderOptions,
) -> (UnitStatus, Option<RenderedChart>, Option<String>) {
    let (mut refusal, mut unread): (Option<String>, Option<String>) = (None, None);
    loop {
        match render_chart(chart, &options) {
            Ok(rendered) => {
                let status = match refusal {
                    None => UnitStatus::Built,
                    Some(reason) if rendered.templates.is_empty() => UnitStatus::Unbuilt(reason),
                    Some(reason) => UnitStatus::Partial(reason),
                };
                return (status, Some(rendered), unread);
            }
            Err(ChartError::Library) => {
                let reason = "a library chart: it is judged in the charts that use it".to_owned();
                return (UnitStatus::Unbuilt(reason), None, None);
            }
            Err(error) => {
                unread = unread.or_else(|| unread_file(&error));
                let can_go_on = match &error {
                    ChartError::MissingDependencies(_) => {
                        !std::mem::replace(&mut options.allow_missing, true)
                    }
                    ChartError::KubeVersion(_) => !std::mem::replace(&mut options.allow_any_version, true),
                    // The same bound would be met again.
                    ChartError::Template(error) if error.kind == TemplateErrorKind::Limit => false,
                    ChartError::Template(_) => {
                        !std::mem::replace(&mut options.engine.lenient, true)
                            || !std::mem::replace(&mut options.keeps_going, true)
                    }
                    _ => false,
                };
                let said = refusal.get_or_insert_with(|| explain_refusal(&error));
                if !can_go_on {
                    return (UnitStatus::Unbuilt(said.clone()), None, unread);
                }
            }
        }
    }
}

/// The file that is no YAML, or no template, where that is the reason.
fn unread_file(error: &ChartError) -> Option<String> {
    match error {
        ChartError::Load { path, .. } | ChartError::Values { path, .. } => Some(path.clone()),
        ChartError::Template(error) if error.kind == TemplateErrorKind::Syntax => Some(error.path.clone()),
        _ => None,
    }
}

/// Helm's own words, and what to do.
fn explain_refusal(error: &ChartError) -> String {
    match error {
        ChartError::MissingDependencies(_) => format!("{error}: run `helm dependency build`"),
        _ => error.to_string(),
    }
}

fn note_stand_ins(status: UnitStatus, stand_ins: &[String], left_out: usize) -> UnitStatus {
    let mut reasons: Vec<String> = status.reason().map(str::to_owned).into_iter().collect();
    if !stand_ins.is_empty() {
        let names = stand_ins.join(", ");
        reasons.push(format!("missing in charts/, so the folders that Chart.yaml names stand in: {names}"));
    }
    if left_out > 0 {
        reasons.push(format!("{left_out} further value sets are not rendered"));
    }
    match status {
        UnitStatus::Built if reasons.is_empty() => UnitStatus::Built,
        UnitStatus::Built | UnitStatus::Partial(_) => UnitStatus::Partial(reasons.join("; ")),
        UnitStatus::Unbuilt(_) => UnitStatus::Unbuilt(reasons.join("; ")),
    }
}
