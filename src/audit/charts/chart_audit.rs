//! Keeps the charts of a repository rendered, and their findings in place, for the engine.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::chart_folders::find_chart_folders;
use super::chart_place::ChartPlace;
use super::chart_rendering::{ChartRecord, ChartRendering, render_folder};
use super::placed_findings::{FileFindings, PlacedFindings, QuietPlaces, placed_key};
use super::stale_chart::is_half_saved;
use super::template_render::TemplateRender;
use crate::audit::file_record::FileRecord;
use crate::audit::listed_finding::list_findings;
use crate::audit::runner::RuleOutput;
use crate::audit::suppression_run::{apply_severities, suppress_findings};
use crate::audit::{AuditEngine, workload_reports};
use crate::base::par_map;
use crate::finding::Finding;
use crate::helm::RenderAllowance;
use crate::project::RepositoryView;
use crate::repo::{FilePatch, FileRole, RelPath};
use crate::suppress::SuppressionPass;

impl AuditEngine {
    /// Renders the charts in which one of these paths lies; all, where none is given. The files whose records are new
    /// or gone are added to `changed`.
    pub(in crate::audit) fn render_charts(
        &mut self,
        touched: Option<&BTreeSet<RelPath>>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        let folders = find_chart_folders(&self.files, (&self.root, self.repository_root()), &self.targets);
        let mut keyed: Vec<(RelPath, PathBuf, bool)> = Vec::new();
        for (folder, is_context) in folders {
            keyed.extend(RelPath::relative_to(&self.root, &folder).map(|path| (path, folder, is_context)));
        }
        let gone: Vec<RelPath> = self
            .charts
            .keys()
            .filter(|path| !keyed.iter().any(|(kept, ..)| kept == *path))
            .cloned()
            .collect();
        gone.iter().for_each(|path| self.replace_chart(path, None, changed));
        let is_touched = |(path, folder, _): &(RelPath, PathBuf, bool)| {
            let lies_in = |changed: &RelPath| changed.to_absolute(&self.root).starts_with(folder);
            let known = self.charts.get(path);
            let is_named = |changed: &RelPath| known.is_some_and(|chart| chart.is_made_with(changed));
            known.is_none()
                || touched.is_none_or(|paths| paths.iter().any(|path| lies_in(path) || is_named(path)))
        };
        keyed.retain(is_touched);
        let (root, top, settings) = (&self.root, self.repository_root(), &self.settings);
        let allowance = Arc::new(RenderAllowance::default());
        let rendered = par_map(keyed, |(path, folder, is_context)| {
            let place = ChartPlace { folder: &folder, root, top };
            let mut rendering = render_folder(place, settings, allowance.clone());
            rendering.chart.is_context = is_context;
            (path, rendering)
        });
        for (path, rendering) in rendered {
            self.replace_chart(&path, Some(rendering), changed);
        }
        self.put_by_records.clear();
    }

    /// Renders the charts that patches touch with what those write.
    pub(in crate::audit) fn render_patched_charts(
        &mut self,
        patches: &[FilePatch],
        changed: &mut BTreeSet<RelPath>,
    ) {
        let folders: BTreeSet<RelPath> =
            patches.iter().filter_map(|patch| self.chart_of(&patch.path)).cloned().collect();
        for folder in folders {
            if let Some(rendering) = self.render_patched_chart(&folder, patches) {
                self.replace_chart(&folder, Some(rendering), changed);
            }
        }
    }

    /// Puts the records of a chart in the place of those it had.
    fn replace_chart(
        &mut self,
        folder: &RelPath,
        rendering: Option<ChartRendering>,
        changed: &mut BTreeSet<RelPath>,
    ) {
        let old = self.charts.remove(folder).unwrap_or_default();
        let rendering = match rendering {
            Some(rendering) if is_half_saved(&old, &rendering.chart) => {
                return self.keep_last_chart(folder, old, rendering, changed);
            }
            rendering => rendering,
        };
        let ChartRendering { mut chart, records } =
            rendering.unwrap_or(ChartRendering { chart: ChartRecord::default(), records: Vec::new() });
        chart.paths.clear();
        self.stale_index_paths.extend(old.index_paths.difference(&chart.index_paths).cloned());
        for record in records {
            let path = record.path.clone();
            let known = self.files.get(&path);
            // A file that is judged by itself stays so, as one that a template prints; and one that is left out stays out.
            let is_part = |role| matches!(role, FileRole::Chart | FileRole::Values);
            let is_own = known.is_some_and(|known| !known.is_chart_made && !is_part(known.role));
            // A values file that two charts are deployed with is the first one's.
            let is_others = self.charts.values().any(|chart| chart.paths.contains(&path));
            let is_out_of_reach = !chart.is_context && !self.is_target(&path);
            if is_own || is_others || self.settings.is_excluded(path.as_str()) || is_out_of_reach {
                continue;
            }
            chart.paths.insert(path.clone());
            changed.insert(path.clone());
            self.files.insert(path, Box::new(FileRecord { is_context: chart.is_context, ..record }));
        }
        for path in old.paths.difference(&chart.paths) {
            if self.files.get(path).is_some_and(|record| record.is_chart_made) {
                self.files.remove(path);
            }
            changed.insert(path.clone());
        }
        if !chart.units.is_empty() {
            self.charts.insert(folder.clone(), chart);
        }
    }

    /// True for a file that lies in what is audited.
    pub(in crate::audit) fn is_target(&self, path: &RelPath) -> bool {
        let at = path.to_absolute(&self.root);
        self.targets.iter().any(|target| at.starts_with(target))
    }

    /// The path of the record that holds what the index knows by this path: of a chart's render its template.
    #[must_use]
    pub fn record_path(&self, index_path: &RelPath) -> RelPath {
        if self.files.contains_key(index_path) {
            return index_path.clone();
        }
        index_path.as_str().rsplit_once(" (").map_or_else(|| index_path.clone(), |(path, _)| path.into())
    }

    /// Places the findings of each chart of which one of these files was judged anew; of all, where none is given. Gives
    /// the files whose findings or workloads may be others now.
    pub(in crate::audit) fn place_chart_findings(
        &mut self,
        judged: Option<&BTreeSet<RelPath>>,
    ) -> BTreeSet<RelPath> {
        let concerned = |chart: &ChartRecord| {
            !chart.is_context
                && !chart.is_stale
                && judged.is_none_or(|judged| !chart.paths.is_disjoint(judged))
        };
        let charts: Vec<(RelPath, ChartRecord)> = self
            .charts
            .iter()
            .filter(|(_, chart)| concerned(chart))
            .map(|(path, chart)| (path.clone(), chart.clone()))
            .collect();
        let mut placed = BTreeSet::new();
        for (folder, chart) in charts {
            self.place_findings_of(&folder, &chart);
            placed.extend(chart.paths);
        }
        placed
    }

    fn place_findings_of(&mut self, folder: &RelPath, chart: &ChartRecord) {
        let (root, top) = (self.root.clone(), self.repository_root().to_path_buf());
        let at = folder.to_absolute(&root);
        let place = ChartPlace { folder: &at, root: &root, top: &top };
        for path in &chart.paths {
            let Some(record) = self.files.get_mut(path) else { continue };
            for render in record.renders.iter_mut().chain(&mut record.literals) {
                apply_severities(&self.settings, Arc::make_mut(&mut render.file_output));
                apply_severities(&self.settings, Arc::make_mut(&mut render.repo_output));
            }
        }
        let mut by_file = PlacedFindings::gather(chart, &self.files, place).into_files(chart, &self.files);
        let mut quiet = QuietPlaces::new();
        for path in &chart.paths {
            let about = by_file.remove(path).unwrap_or_default();
            if let Some(mut record) = self.files.remove(path) {
                self.list_placed(&mut record, about, &mut quiet);
                self.files.insert(path.clone(), record);
            }
        }
        for path in &chart.paths {
            let Some(mut record) = self.files.remove(path) else { continue };
            for render in &mut record.renders {
                mark_suppressed(render, chart, place, &quiet);
            }
            let repository = RepositoryView::new(&self.index);
            record.workload_rows = workload_reports::chart_workload_rows(&record, repository, &self.settings);
            self.files.insert(path.clone(), record);
        }
    }

    /// Lists the findings that were placed in a file, with what suppresses them there.
    fn list_placed(&self, record: &mut FileRecord, about: FileFindings, quiet: &mut QuietPlaces) {
        let mut own = RuleOutput { findings: about.findings, ..RuleOutput::default() };
        own.subjects = vec![None; own.findings.len()];
        let mut wide = RuleOutput::default();
        let mut suppressions = record.suppressions.clone();
        suppressions.extend(about.allowed);
        let pass = SuppressionPass {
            path: record.path.as_str(),
            text: record.text(),
            suppressions: &suppressions,
            settings: &self.settings,
            baseline: &self.baseline,
        };
        let verdicts = suppress_findings(pass, &mut own, &mut wide);
        let suppressed = verdicts.iter().filter(|verdict| verdict.suppression.is_some());
        quiet.extend(
            suppressed.map(|verdict| (record.path.clone(), verdict.finding.rule, verdict.finding.span)),
        );
        record.finding_list = Some(list_findings(&record.path, record.source.as_ref(), &verdicts));
        (record.file_output, record.repo_output) = (own, wide);
    }
}

/// Marks the findings of a render whose places are quiet, for the score.
fn mark_suppressed(
    render: &mut TemplateRender,
    chart: &ChartRecord,
    place: ChartPlace<'_>,
    quiet: &QuietPlaces,
) {
    if quiet.is_empty() {
        // What is not marked is open.
        Arc::make_mut(&mut render.file_output).is_suppressed.clear();
        Arc::make_mut(&mut render.repo_output).is_suppressed.clear();
        return;
    }
    let is_quiet = |output: &RuleOutput, render: &TemplateRender| -> Vec<bool> {
        let find = |finding: &Arc<Finding>| {
            placed_key(render, finding, chart, place).is_some_and(|(key, _)| quiet.contains(&key))
        };
        output.findings.iter().map(find).collect()
    };
    let own = is_quiet(&render.file_output, render);
    let wide = is_quiet(&render.repo_output, render);
    Arc::make_mut(&mut render.file_output).is_suppressed = own;
    Arc::make_mut(&mut render.repo_output).is_suppressed = wide;
}
