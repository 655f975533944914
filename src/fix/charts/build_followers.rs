//! Finds where a chart and a Dockerfile must agree on a user, and where a chart cannot follow, for batches of fixes.

use std::collections::{BTreeMap, BTreeSet};

use super::chart_fixer::ChartFixer;
use crate::audit::{AuditEngine, ChartView, RenderedBuild};
use crate::finding::{Finding, FindingKey, FindingPlacement, Safety};
use crate::fix::counterpart_files::counterpart_reason;
use crate::fix::file_fixer::FileFixer;
use crate::fix::fix_limits::FixLimits;
use crate::project::FactOverrides;
use crate::repo::RelPath;
use crate::rules::{self, RuleTheme};
use crate::text::SourceText;

/// The Dockerfiles whose user must change along with the requested changes of these charts' files.
pub(in crate::fix) fn required_by_charts(
    engine: &AuditEngine,
    limits: FixLimits<'_>,
    paths: &BTreeSet<&RelPath>,
    asked: &(impl Fn(&FindingKey) -> bool + Sync),
) -> BTreeSet<RelPath> {
    let mut required = BTreeSet::new();
    if limits.max_safety < Safety::Review {
        return required;
    }
    for folder in engine.chart_folders() {
        let own = engine.chart_files(folder).filter(|path| paths.contains(path));
        let open = own.flat_map(|path| engine.open_findings(path)).filter(|(key, _)| asked(key));
        let open: Vec<(FindingKey, &Finding)> = open.collect();
        let Some(view) = engine.chart_view(folder).filter(|_| !open.is_empty()) else { continue };
        for template in &view.templates {
            if template.render.builds(engine.repository()).is_empty() {
                continue;
            }
            let source = SourceText::new(template.render.text.clone());
            let fixer = FileFixer::for_render(engine, limits.answers, &template.render, &source);
            let raw = open.iter().flat_map(|(key, finding)| {
                let placements = finding.placements.as_deref().unwrap_or_default().iter();
                placements.filter_map(|placement| template.find_raw(key.rule, placement))
            });
            required.extend(fixer.required_dockerfiles(raw.filter_map(|raw| raw.available_fix())));
        }
    }
    required
}

/// The Dockerfiles whose user a chart would have to follow and cannot, with what `facts` says of them, each with the
/// reason to leave it.
pub(in crate::fix) fn builds_without_followers(
    engine: &AuditEngine,
    limits: FixLimits<'_>,
    facts: &FactOverrides,
) -> BTreeMap<RelPath, String> {
    let mut left = BTreeMap::new();
    for folder in engine.charts_running(facts.keys()) {
        let Some(view) = engine.chart_view_with(folder, facts) else { continue };
        let mut induced = view.induced_findings();
        induced.retain(|(key, _)| is_about_link(key.rule));
        if induced.is_empty() {
            continue;
        }
        let mut fixer = ChartFixer::new(engine, folder, (limits, facts), &view);
        if !view.is_context() {
            fixer.follow_builds(&induced);
        }
        for (key, finding) in &induced {
            let reason = match fixer.refusal_of(key) {
                None => continue,
                Some(_) if view.is_context() => counterpart_reason(&key.path),
                Some(reason) => format!("{} runs its image and cannot follow: {reason}", key.path),
            };
            for build in builds_of(&view, engine, finding) {
                if facts.contains_key(build) {
                    left.entry(build.clone()).or_insert_with(|| reason.clone());
                }
            }
        }
    }
    left
}

/// True for a rule on what an image and a workload say of one another.
fn is_about_link(rule: &str) -> bool {
    rules::find_rule(rule).is_some_and(|rule| rule.theme == RuleTheme::Link)
}

/// The Dockerfiles that build what the containers run which the finding is about.
fn builds_of<'a>(
    view: &'a ChartView<'_>,
    engine: &'a AuditEngine,
    finding: &Finding,
) -> BTreeSet<&'a RelPath> {
    let placements = finding.placements.as_deref().unwrap_or_default();
    let renders = view.templates.iter().map(|template| &template.render);
    let builds = renders.flat_map(|render| {
        let own: Vec<_> = placements.iter().filter(|placement| placement.unit == render.unit).collect();
        let all = if own.is_empty() { Vec::new() } else { render.builds(engine.repository()) };
        all.into_iter().filter(move |build| own.iter().any(|placement| is_about(placement, build)))
    });
    builds.map(|build| build.dockerfile).collect()
}

/// True where a finding of the object, its pod or the container says something of the image.
fn is_about(placement: &FindingPlacement, build: &RenderedBuild<'_, '_>) -> bool {
    placement.object.as_deref() == Some(build.object.as_str())
        && (placement.container.is_none() || placement.container.as_deref() == build.container)
}
