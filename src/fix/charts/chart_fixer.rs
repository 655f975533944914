//! Plans the fixes of a chart's findings: each is carried back to the chart's files, and proven by rendering again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account_edits::find_account_edits;
use super::carry_back::{RenderedEdit, find_edits};
use super::chart_draft::ChartDraft;
use super::chart_offers::left_reason;
use super::chart_proof::{SiblingEdits, WantedDocument, WantedDocuments, is_made};
use super::line_owners::{LineOwners, lines_of_edits};
use super::mount_pairs::has_volume_as_mounts;
use super::rendered_edits::{DocumentEdits, add_edit};
use super::value_edits::subchart_of;
use crate::audit::{AuditEngine, ChartView, TemplateView};
use crate::finding::{AssessedFix, Finding, FindingKey, FindingPlacement, Fix, RiskAssessment, Safety};
use crate::fix::assess_risk::assess_risk;
use crate::fix::counterpart_files::workload_reason;
use crate::fix::file_fixer::FileFixer;
use crate::fix::fix_limits::{FixLimits, par_map_paths};
use crate::fix::planned_edit::PlannedEdit;
use crate::fix::pod::CannotFix;
use crate::fix::{FilePatch, FixPlan};
use crate::project::{FactOverrides, FileFacts};
use crate::repo::RelPath;
use crate::text::SourceText;
use crate::yaml::edit::YamlEdit;

/// Why nothing is written where no edit of the chart's files comes to what is wanted.
const NO_PLACE: &str =
    "no value of the chart reaches it, and no line of the template can say it: edit it by hand";

/// The same where all is written in a chart that the chart holds, which is not edited.
const IN_SUBCHART: &str = "it is written in the chart's dependency";

/// The same where what would come to it changes something else.
const DISTURBS_OTHERS: &str = "what reaches it changes";

/// Why nothing is written once too many edits were tried.
const TOO_MANY_RENDERS: &str = "the chart takes too many renders for so many fixes: fix some of them alone";

/// Fixes as many of the requested findings in these charts' files as possible, within the limits. Their workloads follow
/// the Dockerfiles that will say what stands in `facts`, requested or not.
pub(in crate::fix) fn fix_charts(
    engine: &AuditEngine,
    limits: FixLimits<'_>,
    (paths, facts): (&BTreeSet<&RelPath>, &FactOverrides),
    asked: &(impl Fn(&FindingKey) -> bool + Sync),
) -> Vec<FixPlan> {
    let followers = engine.charts_running(facts.keys());
    let has_path = |folder: &RelPath| engine.chart_files(folder).any(|path| paths.contains(path));
    let is_concerned = |folder: &&RelPath| followers.contains(*folder) || has_path(folder);
    let folders: Vec<&RelPath> = engine.chart_folders().filter(is_concerned).collect();
    par_map_paths(&folders, |folder| {
        let view = engine.chart_view_with(folder, facts)?;
        let induced = view.induced_findings();
        let own = engine.chart_files(folder).filter(|path| paths.contains(path));
        let open: Vec<(FindingKey, &Finding)> =
            own.flat_map(|path| engine.open_findings(path)).filter(|(key, _)| asked(key)).collect();
        let mut fixer = ChartFixer::new(engine, folder, (limits, facts), &view);
        fixer.follow_builds(&induced);
        fixer.fix_findings(&open);
        Some(fixer.into_plan())
    })
    .into_iter()
    .flatten()
    .collect()
}

pub(super) struct ChartFixer<'a> {
    engine: &'a AuditEngine,
    folder: &'a RelPath,
    limits: FixLimits<'a>,
    /// What the Dockerfiles will say.
    facts: &'a FactOverrides,
    draft: ChartDraft<'a>,
    plan: FixPlan,
    /// By rule; see [`Self::sibling_edits`].
    siblings: BTreeMap<&'static str, SiblingEdits>,
    owners: LineOwners,
}

/// What the fix of a finding would change, and the risk of it; no risk where it is not asked for.
#[derive(Default)]
struct DocumentWish {
    documents: Vec<DocumentEdits>,
    assessment: Option<RiskAssessment>,
    /// True where one place in which the finding stands takes several edits: none of them is made without the others.
    has_parts: bool,
}

/// Where the items of lists are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListHome {
    Values,
    Template,
}

/// Why a finding is not fixed.
enum ChartRefusal {
    Withheld(String),
    /// Lines of a template would say it, and those are not asked for.
    NeedsTemplate,
}

impl<'a> ChartFixer<'a> {
    pub(super) fn new(
        engine: &'a AuditEngine,
        folder: &'a RelPath,
        (limits, facts): (FixLimits<'a>, &'a FactOverrides),
        view: &'a ChartView<'a>,
    ) -> Self {
        let writes_templates = limits.writes_templates || engine.is_chart_named(folder);
        let limits = FixLimits { writes_templates, ..limits };
        let (draft, plan) = (ChartDraft::new(view), FixPlan::default());
        let (siblings, owners) = (BTreeMap::new(), LineOwners::default());
        Self { engine, folder, limits, facts, draft, plan, siblings, owners }
    }

    /// Has the chart agree with the Dockerfiles as they will be, in the values or where its templates may be written.
    pub(super) fn follow_builds(&mut self, induced: &[(FindingKey, Finding)]) {
        let own: Vec<(FindingKey, &Finding)> =
            induced.iter().map(|(key, finding)| (key.clone(), finding)).collect();
        self.fix_findings(&own);
    }

    /// Why a finding was not fixed; none where it was.
    pub(super) fn refusal_of(&self, key: &FindingKey) -> Option<String> {
        if self.plan.progress.fixed_keys.contains(key) {
            return None;
        }
        if self.plan.left_to_charts().iter().any(|(own, _)| own == key) {
            return Some(left_reason(self.folder));
        }
        let known = self.plan.withheld.iter().find(|(own, _)| own == key);
        Some(known.map_or_else(|| NO_PLACE.to_owned(), |(_, reason)| reason.clone()))
    }

    /// Fixes as many of these findings as can be, one after the other.
    fn fix_findings(&mut self, open: &[(FindingKey, &Finding)]) {
        for (key, finding) in open {
            let refusal = match &finding.fix {
                Ok(None) => continue,
                Err(reason) => Err(ChartRefusal::Withheld(reason.clone())),
                Ok(Some(_)) => self.fix_finding(key, finding),
            };
            match refusal {
                Ok(()) => {}
                Err(ChartRefusal::Withheld(reason)) => self.plan.withheld.push((key.clone(), reason)),
                Err(ChartRefusal::NeedsTemplate) => {
                    self.plan.progress.left_to_charts.push((key.clone(), self.folder.clone()));
                }
            }
        }
    }

    /// Adds the fix of a finding to the draft.
    fn fix_finding(&mut self, key: &FindingKey, finding: &Finding) -> Result<(), ChartRefusal> {
        let placements = finding.placements.as_deref().unwrap_or_default();
        let documents = match self.wanted_edits(key, placements) {
            Ok(documents) => documents,
            Err(CannotFix::NeedsValue(_)) => return Ok(()),
            Err(CannotFix::Impossible(reason)) => return Err(ChartRefusal::Withheld(reason)),
        };
        if documents.is_empty() {
            return Ok(());
        }
        if self.draft.is_exhausted() {
            self.plan.progress.assessments.remove(key);
            return Err(ChartRefusal::Withheld(TOO_MANY_RENDERS.to_owned()));
        }
        self.draft.disturbed = None;
        let before = self.draft.texts.clone();
        let appends = |edit: &YamlEdit| matches!(edit, YamlEdit::Append { .. });
        let has_lists = documents.iter().flat_map(|document| &document.edits).any(appends);
        let homes: &[Option<ListHome>] =
            if has_lists { &[Some(ListHome::Values), Some(ListHome::Template)] } else { &[None] };
        if !self.fix_accounts(&documents, (key, placements))
            && !homes.iter().any(|home| self.make_steps(&documents, (key, placements), *home))
        {
            self.plan.progress.assessments.remove(key);
            return Err(self.find_refusal(&documents));
        }
        self.plan.progress.fixed_keys.insert(key.clone());
        let original =
            |file: &str| self.draft.view.text_of(file).map_or_else(String::new, |text| text.to_string());
        let places = || lines_of_edits(&self.draft, &documents);
        self.owners.add_fix(key, (&*before, &*self.draft.texts), original, places);
        Ok(())
    }

    /// Keeps the token from pods by a value of the account that the chart makes for them.
    fn fix_accounts(
        &mut self,
        documents: &[DocumentEdits],
        finding: (&FindingKey, &[FindingPlacement]),
    ) -> bool {
        let siblings = self.sibling_edits(finding.0.rule);
        let others = siblings.iter().flat_map(|(path, edits)| edits.iter().map(move |(at, _)| (path, *at)));
        let Some(accounts) = find_account_edits(&self.draft, documents, others) else { return false };
        let limits = self.limits;
        self.limits.writes_templates = false;
        let is_fixed = self.make_steps(&accounts, finding, None);
        self.limits = limits;
        is_fixed
    }

    /// Makes all steps of the edits, or none. A volume and its mounts are written in one `home`: who sets one list of
    /// the values anew would take half of them away.
    fn make_steps(
        &mut self,
        documents: &[DocumentEdits],
        finding: (&FindingKey, &[FindingPlacement]),
        home: Option<ListHome>,
    ) -> bool {
        let steps = documents.iter().map(|document| document.edits.len()).max().unwrap_or_default();
        let before = self.draft.state();
        let is_made = (0..steps)
            .all(|step| self.make_step(documents, step, finding, (home, step + 1 == steps)))
            && self.draft.has_whole_mounts(documents, &before);
        if !is_made {
            self.draft.go_back(before);
        }
        is_made
    }

    /// Why no edit of the chart's files came to what was wanted.
    fn find_refusal(&self, documents: &[DocumentEdits]) -> ChartRefusal {
        let own = |template: &&Arc<TemplateView>| {
            documents.iter().any(|document| document.index_path == template.render.index_path)
        };
        let template = self.draft.templates.iter().find(own);
        let name = template.and_then(|template| self.draft.view.name_of(&template.path)).unwrap_or_default();
        if self.draft.is_exhausted() {
            ChartRefusal::Withheld(TOO_MANY_RENDERS.to_owned())
        } else if let Some(inner) = subchart_of(&name) {
            ChartRefusal::Withheld(format!("{IN_SUBCHART} {inner}, and no value of that reaches it"))
        } else if let Some(object) = self.draft.disturbed.as_ref().filter(|_| self.limits.writes_templates) {
            ChartRefusal::Withheld(format!("{DISTURBS_OTHERS} {object} too: edit it by hand"))
        } else if self.limits.writes_templates {
            ChartRefusal::Withheld(NO_PLACE.to_owned())
        } else {
            ChartRefusal::NeedsTemplate
        }
    }

    /// The edits of each document in which the finding stands now; none where it is not to be fixed, or is fixed already.
    fn wanted_edits(
        &mut self,
        key: &FindingKey,
        placements: &[FindingPlacement],
    ) -> Result<Vec<DocumentEdits>, CannotFix> {
        let wish = self.plan_documents(key, placements)?;
        let Some(assessment) = wish.assessment else { return Ok(Vec::new()) };
        if assessment.will_break() && !self.limits.breaking_keys.contains(key) {
            self.plan.breaking_fixes.push(AssessedFix { key: key.clone(), assessment });
            return Ok(Vec::new());
        }
        self.plan.progress.assessments.insert(key.clone(), assessment);
        Ok(wish.documents)
    }

    /// What the fix of a finding would change in the documents in which it stands now, and at which risk.
    fn plan_documents(
        &self,
        key: &FindingKey,
        placements: &[FindingPlacement],
    ) -> Result<DocumentWish, CannotFix> {
        let mut wish = DocumentWish::default();
        for raw in self.draft.find_raw(key.rule, placements) {
            let Some(fix) = raw.finding.available_fix() else { continue };
            let source = SourceText::new(raw.template.render.text.clone());
            let render = &raw.template.render;
            let fixer = FileFixer::for_render(self.engine, self.limits.answers, render, &source);
            // One edit is for all of these: the highest risk is that of all.
            let assessed = assess_risk(&fixer, key, fix);
            let class = assessed.class_of(fix.safety);
            let is_weighty = !assessed.will_break() && assessed.risk > self.limits.max_risk;
            if class > self.limits.max_safety && class != Safety::Value || is_weighty {
                return Ok(DocumentWish::default());
            }
            if wish.assessment.as_ref().is_none_or(|known| known.risk < assessed.risk) {
                wish.assessment = Some(assessed);
            }
            check_builds(&fixer, fix, self.facts)?;
            let edits = fixer.plan_edits(&fix.edits)?;
            wish.has_parts |= edits.len() > 1;
            for edit in edits {
                let PlannedEdit::Document { document, op } = edit else {
                    return Err(CannotFix::Impossible("its fix is of another file".to_owned()));
                };
                add_edit(&mut wish.documents, raw.template, document, op);
            }
        }
        Ok(wish)
    }

    /// The edits that the fixes of the rule's other findings make: one value may feed several containers. Only fixes count
    /// that take one edit at each of their places, so that none is ever made in part, and none that will break its
    /// program.
    fn sibling_edits(&mut self, rule: &'static str) -> SiblingEdits {
        if let Some(known) = self.siblings.get(rule) {
            return known.clone();
        }
        let files: Vec<&RelPath> = self.engine.chart_files(self.folder).collect();
        let open = files.into_iter().flat_map(|path| self.engine.open_findings(path));
        let mut edits: BTreeMap<RelPath, Vec<(usize, YamlEdit)>> = BTreeMap::new();
        for (key, finding) in open.filter(|(key, _)| key.rule == rule) {
            let placements = finding.placements.as_deref().unwrap_or_default();
            let Ok(wish) = self.plan_documents(&key, placements) else { continue };
            let is_safe = wish.assessment.is_some_and(|assessed| !assessed.will_break());
            if is_safe && !wish.has_parts {
                for document in wish.documents {
                    let own = document.edits.into_iter().map(|edit| (document.document, edit));
                    edits.entry(document.index_path).or_default().extend(own);
                }
            }
        }
        let edits: SiblingEdits = edits.into();
        self.siblings.insert(rule, edits.clone());
        edits
    }

    /// Makes one step of the edits, in whichever way proves right.
    fn make_step(
        &mut self,
        documents: &[DocumentEdits],
        step: usize,
        (key, placements): (&FindingKey, &[FindingPlacement]),
        (home, is_last): (Option<ListHome>, bool),
    ) -> bool {
        let mut wanted: Vec<WantedDocument> = Vec::new();
        for document in documents {
            let Some(own) = document.value_after(step) else { return false };
            wanted.push(own);
        }
        let mut wanted = WantedDocuments::new(wanted, self.sibling_edits(key.rule));
        let finding = (key.rule, placements);
        let is_open = |at: &usize| !self.is_done(&documents[*at], &wanted.own[*at], step);
        let open: Vec<usize> = (0..documents.len()).filter(is_open).collect();
        match open.as_slice() {
            [] => !is_last || self.draft.complete(finding),
            [first, others @ ..] => {
                self.try_edits(&documents[*first], step, &wanted, finding, (home, is_last))
                    || !others.is_empty()
                        && self.mend_one_by_one(documents, step, &mut wanted, (finding, home))
                        && (!is_last || self.draft.complete(finding))
            }
        }
    }

    /// True where the step stands in a document already.
    fn is_done(&self, document: &DocumentEdits, wanted: &WantedDocument, step: usize) -> bool {
        let Some(edit) = document.edits.get(step) else { return true };
        let own = self.draft.templates.iter().find(|own| own.render.index_path == document.index_path);
        let now = own.and_then(|own| own.render.manifest.documents.get(document.document));
        now.is_some_and(|now| {
            is_made(edit, now.yaml.value()) && wanted.is_met(now.yaml.value(), now.yaml.value())
        })
    }

    /// Tries the edits of the chart's files that may come to a step in one document, until one proves right.
    fn try_edits(
        &mut self,
        document: &DocumentEdits,
        step: usize,
        wanted: &WantedDocuments,
        finding: (&str, &[FindingPlacement]),
        (home, is_last): (Option<ListHome>, bool),
    ) -> bool {
        let is_own = |template: &&Arc<TemplateView>| template.render.index_path == document.index_path;
        let Some(template) = self.draft.templates.iter().find(is_own) else { return false };
        let edit = &document.edits[step];
        let may_switch = self.limits.writes_templates;
        let rendered = RenderedEdit { template, document: document.document, edit, may_switch };
        let mut edits = find_edits(&self.draft, rendered).into_iter();
        let home = home.filter(|_| matches!(document.edits[step], YamlEdit::Append { .. }));
        let writes_templates = self.limits.writes_templates;
        edits.any(|(file, text)| {
            let is_values = self.draft.is_values(&file);
            let is_home = home.is_none_or(|home| (home == ListHome::Values) == is_values);
            is_home
                && (writes_templates || is_values)
                && has_volume_as_mounts(&document.edits[step], &text, is_values)
                && self.draft.try_text(&file, text, wanted, finding, is_last)
        })
    }

    /// Makes a step in one document after the other, where no one edit comes to it in all: a value set may say otherwise
    /// what the chart's own values say, and is mended then, too.
    fn mend_one_by_one(
        &mut self,
        documents: &[DocumentEdits],
        step: usize,
        wanted: &mut WantedDocuments,
        (finding, home): ((&str, &[FindingPlacement]), Option<ListHome>),
    ) -> bool {
        for (own, document) in wanted.own.iter_mut().zip(documents) {
            own.may_stay = true;
            own.allowed_edits.extend(document.edits_of_others(documents));
        }
        // What takes one edit may be mended by that of another value set: a pod's own setting, or its container's.
        let is_single = documents.iter().all(|document| document.edits.len() == 1);
        for (at, document) in documents.iter().enumerate() {
            let is_mended = is_single && !self.draft.stands(&document.index_path, finding);
            if is_mended || self.is_done(document, &wanted.own[at], step) {
                continue;
            }
            wanted.own[at].may_stay = false;
            if !self.try_edits(document, step, wanted, finding, (home, false)) {
                return false;
            }
        }
        true
    }

    fn into_plan(self) -> FixPlan {
        let Self { engine, draft, mut plan, owners, .. } = self;
        let view = draft.view;
        let lines = owners.into_lines().into_iter();
        plan.progress.line_fixes =
            lines.filter_map(|(file, lines)| Some((view.find_file(&file)?, lines))).collect();
        plan.cautions.extend(draft.copies.iter().map(|object| copy_caution(object)));
        let mut resolved: Vec<FindingKey> = Vec::new();
        for path in view.file_names().filter_map(|name| view.find_file(&name)) {
            let gone = engine.open_findings(&path).into_iter().filter(|(key, finding)| {
                let placements = finding.placements.as_deref().unwrap_or_default();
                !placements.is_empty() && draft.find_raw(key.rule, placements).is_empty()
            });
            resolved.extend(gone.map(|(key, _)| key));
        }
        for (name, text) in &*draft.texts {
            let Some(path) = view.find_file(name) else { continue };
            let Some(before) = engine.source(&path) else { continue };
            if before.text() == &**text {
                continue;
            }
            plan.progress.resolved_by_file.insert(path.clone(), std::mem::take(&mut resolved));
            let (before, after) = (before.clone(), SourceText::new(text.clone()));
            plan.patches.push(FilePatch { path, before, after });
        }
        plan
    }
}

/// What a person should know where values are carried about.
fn copy_caution(object: &str) -> String {
    format!("{object} holds a copy of the chart's values, which changes with them")
}

/// A workload's new user is its Dockerfile's too, which must end as that user then.
fn check_builds(fixer: &FileFixer<'_>, fix: &Fix, facts: &FactOverrides) -> Result<(), CannotFix> {
    let engine = fixer.engine();
    let ends_so = |path: &RelPath| {
        let uid = facts.get(path).and_then(|facts| match facts {
            FileFacts::Dockerfile(build) => build.user.uid(),
            FileFacts::Manifest(_) => None,
        });
        uid.is_some() && uid == engine.repository().run_as(path).map(|who| who.uid)
    };
    let required = fixer.required_dockerfiles(std::iter::once(fix));
    match required.iter().find(|path| !ends_so(path)) {
        None => Ok(()),
        Some(path) if engine.is_context(path) => Err(CannotFix::Impossible(workload_reason(path))),
        Some(path) => Err(CannotFix::Impossible(format!("{path} must end as that user first: fix it there"))),
    }
}
