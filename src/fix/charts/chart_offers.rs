//! Says what fixes a chart's findings have, for lists and reports.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::audit::{AuditEngine, ChartView, TemplateView};
use crate::finding::{Finding, FindingKey, FindingPlacement};
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
    let answers = RegistryAnswers::default();
    let sources: Vec<SourceText> =
        view.templates.iter().map(|own| SourceText::new(own.render.text.clone())).collect();
    let drafts = view.templates.iter().zip(&sources);
    let drafts: Vec<RenderDraft<'_>> =
        drafts.map(|(template, source)| RenderDraft::new(engine, &answers, template, source)).collect();
    let open = engine.open_findings(path).into_iter();
    open.map(|(key, finding)| {
        let offer = match (&finding.fix, withheld.get(&key)) {
            (Ok(None), _) => FixOffer::None,
            (_, Some(reason)) => FixOffer::Withheld(reason.clone()),
            (Err(reason), None) => FixOffer::Withheld(reason.clone()),
            (Ok(Some(_)), None) => offer_of_finding(&drafts, &key, finding),
        };
        (key, offer)
    })
    .collect()
}

/// The offer by the finding's renders: one fix is for all of these, and its risk is the highest.
fn offer_of_finding(drafts: &[RenderDraft<'_>], key: &FindingKey, finding: &Finding) -> FixOffer {
    let placements = finding.placements.as_deref().unwrap_or_default();
    let offers = drafts.iter().flat_map(|draft| {
        placements.iter().filter_map(|at| Some(draft.offer(key, draft.find_raw(key.rule, at)?)))
    });
    offers.reduce(pick_riskier).unwrap_or(FixOffer::None)
}

/// One render with what offers for its findings look at, made when the first is asked for: there may be very many.
struct RenderDraft<'a> {
    engine: &'a AuditEngine,
    answers: &'a RegistryAnswers,
    template: &'a TemplateView,
    source: &'a SourceText,
    fixer: OnceCell<FileFixer<'a>>,
    findings: OnceCell<HashMap<&'a str, Vec<&'a Arc<Finding>>>>,
}

impl<'a> RenderDraft<'a> {
    const fn new(
        engine: &'a AuditEngine,
        answers: &'a RegistryAnswers,
        template: &'a TemplateView,
        source: &'a SourceText,
    ) -> Self {
        Self { engine, answers, template, source, fixer: OnceCell::new(), findings: OnceCell::new() }
    }

    /// The finding of that rule about that object, if it stands in this render.
    fn find_raw(&self, rule: &str, placement: &FindingPlacement) -> Option<&'a Arc<Finding>> {
        if self.template.render.unit != placement.unit {
            return None;
        }
        let gather = || {
            let mut findings: HashMap<&str, Vec<_>> = HashMap::new();
            for finding in &self.template.findings {
                let object = finding.subject.object.as_deref().unwrap_or_default();
                findings.entry(object).or_default().push(finding);
            }
            findings
        };
        let about = self.findings.get_or_init(gather).get(placement.object.as_deref().unwrap_or_default())?;
        about.iter().copied().find(|finding| finding.rule == rule && placement.is_about(&finding.subject))
    }

    fn offer(&self, key: &FindingKey, raw: &Finding) -> FixOffer {
        let Some(fix) = raw.available_fix() else { return FixOffer::None };
        let fixer = self.fixer.get_or_init(|| {
            let render = &self.template.render;
            FileFixer::for_render(self.engine, self.answers, render, self.source).without_proof()
        });
        match fixer.safety_of(fix) {
            Ok(safety) => {
                let risk = assess_risk(fixer, key, fix);
                let (title, safety) = (fix.title.clone(), risk.class_of(safety));
                FixOffer::Fix { title, safety, risk, resolves: vec![key.rule] }
            }
            Err(reason) => FixOffer::Withheld(reason),
        }
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
