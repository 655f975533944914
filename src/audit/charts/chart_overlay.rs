//! Shows a chart's renders to the fixer, as they are and as they would be after an edit of its files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::chart_rendering::{ChartRecord, ChartRendering, render_source, renders_of_unit};
use super::finding_places::places_of_span;
use super::template_render::TemplateRender;
use crate::audit::AuditEngine;
use crate::audit::file_record::FileRecord;
use crate::audit::suppression_run::apply_severities;
use crate::finding::{Finding, FindingPlacement, SuppressionKind};
use crate::repo::{FilePatch, RelPath};
use crate::text::Span;

/// A chart as it is rendered with each value set, after an edit or before.
pub struct ChartView<'a> {
    engine: &'a AuditEngine,
    chart: &'a ChartRecord,
    folder: PathBuf,
    /// Every template that renders anything, the chart's defaults first.
    pub templates: Vec<TemplateView>,
}

/// A template that one set of values renders, with what the rules say of it.
#[derive(Clone)]
pub struct TemplateView {
    pub path: RelPath,
    pub render: TemplateRender,
    /// In the rendered text.
    pub findings: Vec<Arc<Finding>>,
}

impl AuditEngine {
    /// The folder of the chart that a file belongs to, where it was rendered.
    #[must_use]
    pub fn chart_of(&self, path: &RelPath) -> Option<&RelPath> {
        self.charts.iter().find(|(_, chart)| chart.paths.contains(path)).map(|(folder, _)| folder)
    }

    /// Every chart, by its folder.
    pub fn chart_folders(&self) -> impl Iterator<Item = &RelPath> {
        self.charts.keys()
    }

    /// True where the audited paths name the chart, or lie in it.
    #[must_use]
    pub fn is_chart_named(&self, folder: &RelPath) -> bool {
        let folder = folder.to_absolute(&self.root);
        self.targets.iter().any(|target| target.starts_with(&folder))
    }

    /// The files of a chart of which there are records.
    pub fn chart_files<'a>(&'a self, folder: &RelPath) -> impl Iterator<Item = &'a RelPath> {
        self.charts.get(folder).into_iter().flat_map(|chart| &chart.paths)
    }

    /// The place in a file where the bytes of a text that the index knows by this path are written: in a plain file they
    /// are there themselves.
    #[must_use]
    pub fn written_place(&self, index_path: &RelPath, span: Span) -> (RelPath, Span) {
        let path = self.record_path(index_path);
        let render = self
            .files
            .get(&path)
            .and_then(|record| record.renders.iter().find(|render| render.index_path == *index_path));
        let (Some(render), Some(folder)) = (render, self.chart_of(&path)) else { return (path, span) };
        let at = folder.to_absolute(&self.root);
        let place = ChartPlace { folder: &at, root: &self.root, top: self.repository_root() };
        for found in places_of_span(render, span) {
            if let Some(file) = place.path_of(&found.file).filter(|file| self.files.contains_key(file)) {
                return (file, found.span);
            }
        }
        (path, Span::empty_at(0))
    }

    /// A chart as it is rendered now.
    #[must_use]
    pub fn chart_view(&self, folder: &RelPath) -> Option<ChartView<'_>> {
        let chart = self.charts.get(folder)?;
        let mut view =
            ChartView { engine: self, chart, folder: folder.to_absolute(&self.root), templates: Vec::new() };
        let records: Vec<&FileRecord> =
            chart.paths.iter().filter_map(|path| Some(&**self.files.get(path)?)).collect();
        view.templates = view.collect_templates(&records);
        Some(view)
    }

    /// The records of a chart whose files have these texts.
    pub(super) fn render_patched_chart(
        &self,
        folder: &RelPath,
        patches: &[FilePatch],
    ) -> Option<ChartRendering> {
        let view = self.chart_view(folder)?;
        let texts = patches.iter().filter(|patch| view.chart.paths.contains(&patch.path));
        let texts =
            texts.filter_map(|patch| Some((view.name_of(&patch.path)?, Arc::from(patch.after.text()))));
        let source = view.chart.source.as_ref()?.with_texts(&texts.collect());
        Some(render_source(Ok(source), view.place()))
    }
}

impl ChartView<'_> {
    fn place(&self) -> ChartPlace<'_> {
        ChartPlace { folder: &self.folder, root: &self.engine.root, top: self.engine.repository_root() }
    }

    /// The name of a file from the chart's folder.
    #[must_use]
    pub fn name_of(&self, path: &RelPath) -> Option<String> {
        let name = RelPath::relative_to(&self.folder, &path.to_absolute(&self.engine.root))?;
        Some(name.as_str().to_owned())
    }

    /// True for a file of values that the chart is rendered with, wherever it lies.
    #[must_use]
    pub fn is_values_file(&self, name: &str) -> bool {
        self.find_file(name).is_some_and(|path| self.chart.is_made_with(&path))
    }

    /// The chart's file of that name, where it can be edited: not in an archive, and read.
    #[must_use]
    pub fn find_file(&self, name: &str) -> Option<RelPath> {
        self.place().path_of(name).filter(|path| self.chart.paths.contains(path))
    }

    /// The text of the chart's file of that name, as it was audited.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<Arc<str>> {
        Some(self.engine.source(&self.find_file(name)?)?.shared_text().clone())
    }

    /// The names of the chart's files, from its folder.
    pub fn file_names(&self) -> impl Iterator<Item = String> + '_ {
        self.chart.paths.iter().filter_map(|path| self.name_of(path))
    }

    /// The findings about the chart's files that a person allowed, by rule and place.
    #[must_use]
    pub fn allowed_findings(&self) -> Vec<(&str, &[FindingPlacement])> {
        let quiet = self.chart.paths.iter().flat_map(|path| self.engine.findings_with_suppressions(path));
        let decided = quiet.filter(|(.., suppression)| suppression.kind() == SuppressionKind::Explicit);
        decided.filter_map(|(key, finding, _)| Some((key.rule, finding.placements.as_deref()?))).collect()
    }

    /// The same chart with other texts in some of its files, by their names from the chart's folder, where `now` is what
    /// it renders without them. None where it does not render as far as before, or `accepts` refuses a template, which
    /// it is shown before and after; the rules run on what is left then, and only where a text has changed.
    #[must_use]
    pub fn with_texts(
        &self,
        texts: &BTreeMap<String, Arc<str>>,
        now: &[TemplateView],
        accepts: impl Fn(&TemplateRender, &TemplateRender) -> bool,
    ) -> Option<Vec<TemplateView>> {
        let source = self.chart.source.as_ref()?.with_texts(texts);
        let mut accepted = Vec::with_capacity(now.len());
        for (set, known) in self.chart.units.iter().enumerate() {
            let (unit, rendered) = source.render(set, self.place());
            if unit != *known {
                return None;
            }
            let before: Vec<&TemplateView> =
                now.iter().filter(|template| *template.render.unit == unit.key).collect();
            let find = |path: &RelPath, text: &str| {
                let same = before.iter().find(|template| template.render.index_path == *path);
                same.map(|same| &same.render).filter(|render| *render.text == *text).cloned()
            };
            let renders = rendered.map(|chart| renders_of_unit(&unit, &chart, self.place(), find));
            let renders = renders.unwrap_or_default();
            if renders.len() != before.len() {
                return None;
            }
            let mut renders: BTreeMap<RelPath, (RelPath, TemplateRender)> = renders
                .into_iter()
                .map(|(path, render)| (render.index_path.clone(), (path, render)))
                .collect();
            for before in before {
                let (path, render) = renders.remove(&before.render.index_path)?;
                if !accepts(&before.render, &render) {
                    return None;
                }
                accepted.push((before, path, render));
            }
        }
        let judged = accepted.into_iter().map(|(before, path, render)| {
            let is_same = before.render.text == render.text;
            let findings = if is_same { before.findings.clone() } else { self.judge_render(&render) };
            TemplateView { path, render, findings }
        });
        Some(judged.collect())
    }

    /// The templates of these records, the chart's defaults first.
    fn collect_templates(&self, records: &[&FileRecord]) -> Vec<TemplateView> {
        let mut templates = Vec::new();
        for unit in &self.chart.units {
            for record in records {
                for render in record.renders.iter().filter(|render| *render.unit == unit.key) {
                    let raw = render.file_output.findings.iter().chain(&render.repo_output.findings);
                    let (path, findings) = (record.path.clone(), raw.cloned().collect());
                    templates.push(TemplateView { path, render: render.clone(), findings });
                }
            }
        }
        templates
    }

    fn judge_render(&self, render: &TemplateRender) -> Vec<Arc<Finding>> {
        let AuditEngine { index, settings, .. } = self.engine;
        let outputs = [render.judge_alone(index, settings), render.judge_in_repository(index, settings)];
        let judged = outputs.into_iter().flat_map(|mut output| {
            apply_severities(settings, &mut output);
            output.findings
        });
        judged.collect()
    }
}

impl TemplateView {
    /// The finding of that rule about that object, if it stands in this render.
    #[must_use]
    pub fn find_raw(&self, rule: &str, placement: &FindingPlacement) -> Option<&Arc<Finding>> {
        if self.render.unit != placement.unit {
            return None;
        }
        self.findings.iter().find(|finding| {
            let about = &finding.subject;
            finding.rule == rule && about.object == placement.object && about.container == placement.container
        })
    }
}
