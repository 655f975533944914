//! Says what fixes a chart's findings have, for lists and reports.

use std::collections::BTreeMap;

use crate::audit::{AuditEngine, ChartView, TemplateView};
use crate::finding::{Finding, FindingKey};
use crate::fix::assess_risk::assess_risk;
use crate::fix::file_fixer::FileFixer;
use crate::fix::{FixOffer, FixOffers, FixPlan, RegistryAnswers};
use crate::repo::RelPath;
use crate::text::SourceText;

/// The offer for each finding of a chart's file, before any fix is proven; none where the file is of no chart.
pub(in crate::fix) fn preview_chart_fixes(engine: &AuditEngine, path: &RelPath) -> Option<FixOffers> {
    let view = engine.chart_view(engine.chart_of(path)?)?;
    Some(offers_of_file(engine, &view, path, &BTreeMap::new()))
}

/// The offers for the findings of all charts, after their fixes were proven together in a plan.
pub(in crate::fix) fn verified_chart_offers(engine: &AuditEngine, plan: &FixPlan) -> FixOffers {
    let left = plan.left_to_charts().iter().map(|(key, folder)| (key, left_reason(folder)));
    let withheld = plan.withheld.iter().map(|(key, reason)| (key, reason.clone()));
    let withheld: BTreeMap<&FindingKey, String> = withheld.chain(left).collect();
    let mut offers = FixOffers::new();
    for folder in engine.chart_folders() {
        let Some(view) = engine.chart_view(folder) else { continue };
        for path in engine.chart_files(folder) {
            offers.extend(offers_of_file(engine, &view, path, &withheld));
        }
    }
    offers
}

/// Why a fix that would be lines of a template is not among those of a whole repository.
pub(super) fn left_reason(folder: &RelPath) -> String {
    format!(
        "it would be lines in a chart's template, or a switch of its values, and is written where the chart is named too: seaworthy fix . {folder}"
    )
}

fn offers_of_file(
    engine: &AuditEngine,
    view: &ChartView<'_>,
    path: &RelPath,
    withheld: &BTreeMap<&FindingKey, String>,
) -> FixOffers {
    let open = engine.open_findings(path).into_iter();
    open.map(|(key, finding)| {
        let offer = match (&finding.fix, withheld.get(&key)) {
            (Ok(None), _) => FixOffer::None,
            (_, Some(reason)) => FixOffer::Withheld(reason.clone()),
            (Err(reason), None) => FixOffer::Withheld(reason.clone()),
            (Ok(Some(_)), None) => offer_of_finding(engine, view, &key, finding),
        };
        (key, offer)
    })
    .collect()
}

/// The offer by the finding's renders: one fix is for all of these, and its risk is the highest.
fn offer_of_finding(
    engine: &AuditEngine,
    view: &ChartView<'_>,
    key: &FindingKey,
    finding: &Finding,
) -> FixOffer {
    let placements = finding.placements.as_deref().unwrap_or_default();
    let raw = view.templates.iter().flat_map(|template| {
        let own = placements.iter().filter_map(|at| template.find_raw(key.rule, at));
        own.map(move |raw| (template, raw))
    });
    let offers = raw.map(|(template, raw)| offer_in_render(engine, template, key, raw));
    offers.reduce(pick_riskier).unwrap_or(FixOffer::None)
}

fn offer_in_render(
    engine: &AuditEngine,
    template: &TemplateView,
    key: &FindingKey,
    raw: &Finding,
) -> FixOffer {
    let Some(fix) = raw.available_fix() else { return FixOffer::None };
    let (answers, source) = (RegistryAnswers::default(), SourceText::new(template.render.text.clone()));
    let fixer = FileFixer::for_render(engine, &answers, &template.render, &source).without_proof();
    match fixer.safety_of(fix) {
        Ok(safety) => {
            let risk = assess_risk(&fixer, key, fix);
            let (title, safety) = (fix.title.clone(), risk.class_of(safety));
            FixOffer::Fix { title, safety, risk, resolves: vec![key.rule] }
        }
        Err(reason) => FixOffer::Withheld(reason),
    }
}

/// Of two offers the one with more against it; the first where they are alike.
fn pick_riskier(first: FixOffer, second: FixOffer) -> FixOffer {
    match (&first, &second) {
        (FixOffer::Fix { risk: one, .. }, FixOffer::Fix { risk: other, .. }) if other.risk > one.risk => {
            second
        }
        _ => first,
    }
}
