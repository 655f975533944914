//! Shows a chart's renders to the fixer, as they are and as they would be after an edit of its files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::chart_place::ChartPlace;
use super::chart_rendering::{ChartRecord, ChartRendering, render_source, renders_of_unit};
use super::finding_places::places_of_span;
use super::placed_findings::{PlaceKey, placed_key};
use super::template_render::TemplateRender;
use crate::audit::AuditEngine;
use crate::audit::file_record::FileRecord;
use crate::audit::suppression_run::apply_severities;
use crate::finding::{Finding, FindingKey, FindingPlacement, SuppressionKind};
use crate::project::{FactOverrides, RepositoryView};
use crate::repo::{FilePatch, RelPath};
use crate::text::Span;

/// A chart as it is rendered with each value set, after an edit or before.
pub struct ChartView<'a> {
    engine: &'a AuditEngine,
    chart: &'a ChartRecord,
    folder: PathBuf,
    /// What Dockerfiles say in the place of what they do now.
    facts: Option<&'a FactOverrides>,
    /// Every template that renders anything, the chart's defaults first.
    pub templates: Vec<Arc<TemplateView>>,
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

    /// Every chart among the audited files, by its folder.
    pub fn chart_folders(&self) -> impl Iterator<Item = &RelPath> {
        self.charts.iter().filter(|(_, chart)| !chart.is_context).map(|(folder, _)| folder)
    }

    /// The charts that run an image of these Dockerfiles, those around the audited files among them.
    #[must_use]
    pub fn charts_running<'a>(&'a self, builds: impl Iterator<Item = &'a RelPath>) -> BTreeSet<&'a RelPath> {
        let users = builds.flat_map(|build| self.index.manifests_running(build));
        users.filter_map(|user| self.chart_of(&self.record_path(&user))).collect()
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

    /// The render that the index knows by this path, where a chart makes one.
    #[must_use]
    pub fn find_render(&self, index_path: &RelPath) -> Option<&TemplateRender> {
        let record = self.files.get(&self.record_path(index_path))?;
        record.renders.iter().find(|render| render.index_path == *index_path)
    }

    /// The place in a file where the bytes of a text that the index knows by this path are written: in a plain file they
    /// are there themselves.
    #[must_use]
    pub fn written_place(&self, index_path: &RelPath, span: Span) -> (RelPath, Span) {
        let path = self.record_path(index_path);
        let render = self.find_render(index_path);
        let Some(render) = render else { return (path, span) };
        let mut found = self.files_of_span(render, span).into_iter();
        found.find(|(file, _)| self.files.contains_key(file)).unwrap_or((path, Span::empty_at(0)))
    }

    /// The places in files of bytes that a render has, the best first.
    fn files_of_span(&self, render: &TemplateRender, span: Span) -> Vec<(RelPath, Span)> {
        let at = render.unit.path.to_absolute(&self.root);
        let place = ChartPlace { folder: &at, root: &self.root, top: self.repository_root() };
        let found = places_of_span(render, span).into_iter();
        found.filter_map(|found| Some((place.path_of(&found.file)?, found.span))).collect()
    }

    /// The line of a file, from 1, on which bytes of a text that the index knows by this path are written, or on which
    /// stands what prints them; none where that is no line of this file.
    #[must_use]
    pub fn line_in_file(&self, index_path: &RelPath, span: Span, file: &RelPath) -> Option<usize> {
        let source = self.source(file)?;
        let Some(render) = self.find_render(index_path) else {
            return (index_path == file).then(|| source.line_number_at(span.start));
        };
        let mut found = self.files_of_span(render, span).into_iter();
        found.find(|(own, _)| own == file).map(|(_, span)| source.line_number_at(span.start))
    }

    /// A chart as it is rendered now; none while one of its files is half saved.
    #[must_use]
    pub fn chart_view(&self, folder: &RelPath) -> Option<ChartView<'_>> {
        let chart = self.charts.get(folder).filter(|chart| !chart.is_stale)?;
        let folder = folder.to_absolute(&self.root);
        let mut view = ChartView { engine: self, chart, folder, facts: None, templates: Vec::new() };
        let records: Vec<&FileRecord> =
            chart.paths.iter().filter_map(|path| Some(&**self.files.get(path)?)).collect();
        view.templates = view.collect_templates(&records);
        Some(view)
    }

    /// The same, judged as it is once Dockerfiles say what stands in `facts`.
    #[must_use]
    pub fn chart_view_with<'a>(
        &'a self,
        folder: &RelPath,
        facts: &'a FactOverrides,
    ) -> Option<ChartView<'a>> {
        let mut view = ChartView { facts: Some(facts), ..self.chart_view(folder)? };
        let mut templates = std::mem::take(&mut view.templates);
        for template in templates.iter_mut().filter(|template| view.follows_builds(&template.render)) {
            let findings = view.judge_render(&template.render, facts);
            Arc::make_mut(template).findings = findings;
        }
        view.templates = templates;
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

    /// True for a chart around the audited files, which is not written.
    #[must_use]
    pub const fn is_context(&self) -> bool {
        self.chart.is_context
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
        now: &[Arc<TemplateView>],
        accepts: impl Fn(&TemplateRender, &TemplateRender) -> bool,
    ) -> Option<Vec<Arc<TemplateView>>> {
        let source = self.chart.source.as_ref()?.with_texts(texts);
        let mut accepted = Vec::with_capacity(now.len());
        for (set, known) in self.chart.units.iter().enumerate() {
            let (unit, rendered) = source.render(set, self.place());
            if unit != *known {
                return None;
            }
            let before: Vec<&Arc<TemplateView>> =
                now.iter().filter(|template| *template.render.unit == unit.key).collect();
            let by_path: HashMap<&RelPath, &TemplateRender> =
                before.iter().map(|own| (&own.render.index_path, &own.render)).collect();
            let find = |path: &RelPath, text: &str| {
                let same = by_path.get(path).filter(|render| *render.text == *text);
                same.map(|render| TemplateRender::clone(render))
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
        let mut facts = self.facts.cloned().unwrap_or_default();
        facts.extend(self.account_facts(accepted.iter().map(|(.., render)| render)));
        let moves_account = |(before, _, render): &(&Arc<TemplateView>, RelPath, TemplateRender)| {
            before.render.text != render.text && render.makes_account()
        };
        let has_moved = accepted.iter().any(moves_account);
        let judged = accepted.into_iter().map(|(before, path, render)| {
            let is_same = before.render.text == render.text && !(has_moved && render.has_pods());
            let findings = if is_same { before.findings.clone() } else { self.judge_render(&render, &facts) };
            Arc::new(TemplateView { path, render, findings })
        });
        Some(judged.collect())
    }

    /// What the templates that make ServiceAccounts say now, for the pods that run as these.
    fn account_facts<'r>(&self, renders: impl Iterator<Item = &'r TemplateRender>) -> FactOverrides {
        let accounts = renders.filter(|render| render.makes_account());
        let path = |render: &TemplateRender| self.engine.path_in_repository(&render.index_path);
        accounts.map(|render| (path(render), render.extract_facts())).collect()
    }

    /// True where one of its images is built by a Dockerfile that says something else than now.
    fn follows_builds(&self, render: &TemplateRender) -> bool {
        let Some(facts) = self.facts else { return false };
        render.builds(self.engine.repository()).iter().any(|build| facts.contains_key(build.dockerfile))
    }

    /// The findings that the chart does not have yet, and has once Dockerfiles say what they will: one for each place that
    /// decides, in its file.
    #[must_use]
    pub fn induced_findings(&self) -> Vec<(FindingKey, Finding)> {
        let mut found: BTreeMap<PlaceKey, (FindingKey, Finding)> = BTreeMap::new();
        for template in self.templates.iter().filter(|template| self.follows_builds(&template.render)) {
            let render = &template.render;
            let mut known: Vec<&Arc<Finding>> =
                render.file_output.findings.iter().chain(&render.repo_output.findings).collect();
            for finding in &template.findings {
                let is_same =
                    |own: &&Arc<Finding>| own.rule == finding.rule && own.subject == finding.subject;
                if let Some(at) = known.iter().position(is_same) {
                    known.swap_remove(at);
                    continue;
                }
                let Some((place, keys)) = placed_key(render, finding, self.chart, self.place()) else {
                    continue;
                };
                let (_, placed) = found.entry(place.clone()).or_insert_with(|| {
                    let (path, rule, span) = place;
                    let key = FindingKey {
                        path,
                        rule,
                        subject: finding.subject.clone(),
                        keys: keys.clone(),
                        ordinal: 0,
                    };
                    (key, Finding { span, keys, ..Finding::clone(finding) })
                });
                let mut placements: Vec<FindingPlacement> =
                    placed.placements.as_deref().unwrap_or_default().to_vec();
                placements.push(render.placement_of(finding));
                placed.placements = Some(placements.into());
            }
        }
        found.into_values().collect()
    }

    /// The templates of these records, the chart's defaults first.
    fn collect_templates(&self, records: &[&FileRecord]) -> Vec<Arc<TemplateView>> {
        let mut templates = Vec::new();
        for unit in &self.chart.units {
            for record in records {
                for render in record.renders.iter().filter(|render| *render.unit == unit.key) {
                    let (path, findings) = (record.path.clone(), render.raw_findings().cloned().collect());
                    templates.push(Arc::new(TemplateView { path, render: render.clone(), findings }));
                }
            }
        }
        templates
    }

    fn judge_render(&self, render: &TemplateRender, facts: &FactOverrides) -> Vec<Arc<Finding>> {
        let AuditEngine { index, settings, .. } = self.engine;
        let repository = RepositoryView::with_overrides(index, facts);
        let outputs = [render.judge_alone(index, settings), render.judge_in_repository(repository, settings)];
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
        self.findings.iter().find(|finding| finding.rule == rule && placement.is_about(&finding.subject))
    }
}
