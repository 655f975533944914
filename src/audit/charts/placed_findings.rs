//! Gathers what the rules say of a chart's renders into findings about its files, one for each place that decides.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::chart_rendering::ChartRecord;
use super::finding_places::find_places;
use super::template_render::TemplateRender;
use crate::audit::file_record::FilesByPath;
use crate::finding::{Finding, FindingPlacement, InlineSuppression, Severity};
use crate::repo::{CHART_FILE, RelPath};
use crate::text::Span;
use crate::unit::UnitKey;

/// The identity of a place that decides a finding: the file, the rule, the bytes.
pub(super) type PlaceKey = (RelPath, &'static str, Span);

/// A rule that asks for a namespace: a chart's is the release's own, whoever installs it.
const RELEASE_NAMESPACE_RULE: &str = "default-namespace";

/// The findings about a chart's files.
#[derive(Default)]
pub(super) struct PlacedFindings {
    /// By its severity too, which may be another with other values.
    by_place: BTreeMap<(PlaceKey, Severity), PlacedFinding>,
}

struct PlacedFinding {
    finding: Finding,
    placements: Vec<FindingPlacement>,
    /// A comment in the rendered text that allows it; none where one of its objects has none.
    allowed: Option<InlineSuppression>,
}

impl PlacedFindings {
    /// Gathers the findings of a chart from the records of its templates, its defaults first.
    pub(super) fn gather(chart: &ChartRecord, files: &FilesByPath, place: ChartPlace<'_>) -> Self {
        let mut gathered = Self::default();
        for render in renders_by_unit(chart, files) {
            for finding in chart_findings(render) {
                gathered.add_finding(render, finding, chart, place);
            }
        }
        gathered
    }

    fn add_finding(
        &mut self,
        render: &TemplateRender,
        finding: &Finding,
        chart: &ChartRecord,
        place: ChartPlace<'_>,
    ) {
        let Some((key, keys)) = placed_key(render, finding, chart, place) else { return };
        let allowed = render.exception_at(finding, key.2);
        let placement = render.placement_of(finding);
        let span = key.2;
        let placed = self.by_place.entry((key, finding.severity)).or_insert_with(|| PlacedFinding {
            finding: Finding { span, keys, ..finding.clone() },
            placements: Vec::new(),
            allowed: allowed.clone(),
        });
        if allowed.is_none() {
            placed.allowed = None;
        }
        if !placed.placements.contains(&placement) {
            placed.placements.push(placement);
        }
    }

    /// The findings about each file, with the comments that allow some.
    pub(super) fn into_files(
        self,
        chart: &ChartRecord,
        files: &FilesByPath,
    ) -> BTreeMap<RelPath, FileFindings> {
        let objects = objects_by_unit(chart, files);
        let mut by_file: BTreeMap<RelPath, FileFindings> = BTreeMap::new();
        for (((path, ..), _), placed) in self.by_place {
            let about = by_file.entry(path).or_default();
            let PlacedFinding { mut finding, placements, allowed } = placed;
            if let Some(sets) = name_sets(&placements, &objects) {
                finding.message = format!("{} ({sets})", finding.message).into();
            }
            finding.placements = Some(placements.into());
            about.findings.push(Arc::new(finding));
            about.allowed.extend(allowed);
        }
        by_file
    }
}

/// The findings about a file, and the comments elsewhere that allow some of them.
#[derive(Default)]
pub(super) struct FileFindings {
    pub findings: Vec<Arc<Finding>>,
    pub allowed: Vec<InlineSuppression>,
}

/// The findings in a rendered text that are findings of its chart.
pub(super) fn chart_findings(render: &TemplateRender) -> impl Iterator<Item = &Finding> {
    render.raw_findings().map(Arc::as_ref).filter(|finding| finding.rule != RELEASE_NAMESPACE_RULE)
}

/// The place that decides a finding, among the files of which there are records, and the keys of a value there. What
/// stands in none of them, as in an archive, stands at the chart's own file.
pub(super) fn placed_key(
    render: &TemplateRender,
    finding: &Finding,
    chart: &ChartRecord,
    place: ChartPlace<'_>,
) -> Option<(PlaceKey, Option<Arc<str>>)> {
    for found in find_places(render, finding) {
        let path = place.path_of(&found.file).filter(|path| chart.paths.contains(path));
        if let Some(path) = path.filter(|_| !found.file.is_empty()) {
            return Some(((path, finding.rule, found.span), found.keys));
        }
    }
    let path = place.path_of(CHART_FILE).filter(|path| chart.paths.contains(path))?;
    Some(((path, finding.rule, Span::empty_at(0)), None))
}

/// The renders of a chart's templates, those of its defaults before the others.
fn renders_by_unit<'a>(
    chart: &'a ChartRecord,
    files: &'a FilesByPath,
) -> impl Iterator<Item = &'a TemplateRender> {
    chart.units.iter().flat_map(move |unit| {
        let records = chart.paths.iter().filter_map(|path| files.get(path));
        let renders = records.flat_map(|record| {
            let record = record.current_record();
            record.renders.iter().chain(&record.literals)
        });
        renders.filter(|render| *render.unit == unit.key)
    })
}

/// The objects that each unit of the chart holds.
fn objects_by_unit(chart: &ChartRecord, files: &FilesByPath) -> Vec<(Arc<UnitKey>, HashSet<Arc<str>>)> {
    let mut objects: Vec<(Arc<UnitKey>, HashSet<Arc<str>>)> = Vec::new();
    for render in renders_by_unit(chart, files) {
        if objects.last().is_none_or(|(unit, _)| *unit != render.unit) {
            objects.push((render.unit.clone(), HashSet::new()));
        }
        let Some((_, own)) = objects.last_mut() else { continue };
        let documents = render.manifest.documents.iter();
        own.extend(
            documents.flat_map(|document| &document.objects).map(|object| Arc::from(object.label().as_str())),
        );
    }
    objects
}

/// The value sets in which a finding stands; none where it stands in all that hold its objects.
fn name_sets(
    placements: &[FindingPlacement],
    objects: &[(Arc<UnitKey>, HashSet<Arc<str>>)],
) -> Option<String> {
    let named: HashSet<&Arc<str>> = placements.iter().filter_map(|placed| placed.object.as_ref()).collect();
    let holds =
        |own: &HashSet<Arc<str>>| named.is_empty() || named.iter().any(|object| own.contains(*object));
    let stands = |unit: &UnitKey| placements.iter().any(|placed| *placed.unit == *unit);
    let holding: Vec<&UnitKey> =
        objects.iter().filter(|(_, own)| holds(own)).map(|(unit, _)| &**unit).collect();
    let standing: Vec<&UnitKey> = holding.iter().copied().filter(|unit| stands(unit)).collect();
    if standing.len() >= holding.len() {
        return None;
    }
    let names: Vec<String> = standing.iter().map(|unit| unit.value_set_name().to_owned()).collect();
    Some(format!("with {}: in {} of {} value sets", names.join(", "), standing.len(), holding.len()))
}

/// The places of which a finding is suppressed.
pub(super) type QuietPlaces = BTreeSet<PlaceKey>;
