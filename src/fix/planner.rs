//! Plans fixes for commands and the app, and previews, verifies, writes and undoes them: the one door of this room.

use std::collections::BTreeSet;

use super::baselined::open_baselined;
use super::fix_all::ProvenOffers;
use super::plan_findings::{PlanLimits, plan_fixes};
use super::values::find_values;
use super::{
    FixOffer, FixOffers, FixPlan, History, NoPlan, PartialUndo, RegistryAnswers, ReportOffers, RequiredValue,
    StageOutcome, StagedGroup, UndoRefusal, UndoScope, find_required_value, fix_all, renew_digests,
    stage_planner, stage_weights, suppress_finding,
};
use crate::audit::AuditEngine;
use crate::finding::{FindingKey, FixRisk, Safety};
use crate::image::Reference;
use crate::repo::{FilePatch, RelPath, WriteError};

/// A request for fixes.
#[derive(Clone, Copy)]
pub enum FixOrder<'a> {
    /// These findings, baselined ones among them; one alone even where its fix breaks the program. A change that another
    /// file requires is part of the plan: a workload's new uid is its Dockerfile's too.
    Findings(&'a [FindingKey]),
    /// All findings of the rules that `accepts` accepts, up to a class. Its plan may be empty.
    Rules { accepts: &'a (dyn Fn(&str) -> bool + Sync), max_safety: Safety },
    /// A comment that suppresses the finding, be it in the baseline or not.
    Suppression { key: &'a FindingKey, reason: &'a str },
    /// These digests in the place of those that the references have.
    Digests(&'a [(Reference, String)]),
}

/// The direction of a step through the history of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoDirection {
    /// The newest step is taken back.
    Back,
    /// The step that was taken back last is made again.
    Forward,
}

/// Plans the fixes of one audited repository.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    engine: &'a AuditEngine,
    answers: Option<&'a RegistryAnswers>,
    is_awaited: &'a (dyn Fn() -> bool + Sync),
    names_values: bool,
}

impl<'a> Planner<'a> {
    #[must_use]
    pub fn new(engine: &'a AuditEngine) -> Self {
        Self { engine, answers: None, is_awaited: &|| true, names_values: true }
    }

    /// The same planner, with registries' answers on images.
    #[must_use]
    pub const fn with_answers(mut self, answers: &'a RegistryAnswers) -> Self {
        self.answers = Some(answers);
        self
    }

    /// The same planner, which stops soon after nobody waits for its plan any more.
    #[must_use]
    pub const fn while_awaited(mut self, is_awaited: &'a (dyn Fn() -> bool + Sync)) -> Self {
        self.is_awaited = is_awaited;
        self
    }

    /// The same planner for readers to whom no value is offered: to find what else here could stand in its place takes a
    /// look at the whole repository.
    #[must_use]
    pub const fn without_values(mut self) -> Self {
        self.names_values = false;
        self
    }

    /// The offer for each finding of a file, as far as it is known before any fix is proven: [`Self::verify`] may yet
    /// withhold some of these.
    #[must_use]
    pub fn preview(&self, path: &RelPath) -> FixOffers {
        fix_all::preview_fixes(self.engine, path)
    }

    /// The offer for each finding of some files, after all of them were planned together as a stage plans them.
    #[must_use]
    pub fn weigh_fixes(&self, paths: &[RelPath]) -> FixOffers {
        let none = RegistryAnswers::default();
        stage_weights::weigh_fixes(self.engine, paths, self.answers.unwrap_or(&none))
    }

    /// The plan for an order. Where some findings cannot be fixed together with the others, those are withheld with the
    /// reason and the rest goes on.
    ///
    /// # Errors
    /// When none of it can be planned.
    pub fn plan(&self, order: &FixOrder<'_>) -> Result<FixPlan, NoPlan> {
        let none = RegistryAnswers::default();
        let answers = self.answers.unwrap_or(&none);
        match *order {
            FixOrder::Findings(keys) => {
                let reopened = open_baselined(self.engine, keys);
                let engine = reopened.as_ref().unwrap_or(self.engine);
                let limits = PlanLimits { answers, is_awaited: self.is_awaited };
                let values = |patches: &[FilePatch]| {
                    let found = self.names_values.then(|| find_values(engine, keys, patches, answers));
                    Box::new(found.unwrap_or_default())
                };
                match plan_fixes(engine, keys, limits) {
                    Ok(plan) => Ok(FixPlan { values: values(&plan.patches), ..plan }),
                    Err(NoPlan::NeedsValue { .. }) => {
                        Err(NoPlan::NeedsValue { user: self.find_required(keys), values: values(&[]) })
                    }
                    withheld => withheld,
                }
            }
            FixOrder::Rules { accepts, max_safety } => {
                Ok(fix_all::fix_all(self.engine, max_safety, answers, accepts))
            }
            FixOrder::Suppression { key, reason } => {
                let reopened = open_baselined(self.engine, std::slice::from_ref(key));
                let engine = reopened.as_ref().unwrap_or(self.engine);
                let patch = suppress_finding::suppress_by_comment(engine, key, reason)?;
                Ok(FixPlan {
                    title: format!("Allow {}", key.rule),
                    patches: vec![patch],
                    ..FixPlan::default()
                })
            }
            FixOrder::Digests(digests) => Ok(renew_digests::renew_digests(self.engine, digests)?),
        }
    }

    /// The value that the fix of these findings lacks, with the risk of the fix where it is one.
    fn find_required(&self, keys: &[FindingKey]) -> Option<RequiredValue> {
        let required = find_required_value(self.engine, keys)?;
        let [key] = keys else { return Some(required) };
        match self.preview(&key.path).remove(key) {
            Some(FixOffer::Fix { risk, .. }) => Some(required.with_risk(&risk)),
            _ => Some(required),
        }
    }

    /// Plans these findings for a stage, as far as no more than that risk is known of their fixes, and reports groups of
    /// them as they are ready, with the number of findings planned so far. False where it was awaited no more before all
    /// were planned.
    pub fn plan_stage(
        &self,
        keys: &[FindingKey],
        max_risk: FixRisk,
        report: &mut dyn FnMut(Vec<StagedGroup>, usize),
    ) -> bool {
        let none = RegistryAnswers::default();
        let answers = self.answers.unwrap_or(&none);
        stage_planner::plan_stage(self.engine, keys, (answers, max_risk, self.is_awaited), report)
    }

    /// What the repository would come to once these patches are written.
    #[must_use]
    pub fn weigh_patches(&self, patches: &[FilePatch]) -> StageOutcome {
        StageOutcome::after_patches(self.engine, patches)
    }

    /// The offer for each finding of the rules that `accepts` accepts: its fix can be proven together with all others, or
    /// with as many of them as go together.
    #[must_use]
    pub fn verify(&self, accepts: impl Fn(&str) -> bool + Sync) -> FixOffers {
        self.prove(accepts).all_offers()
    }

    /// The same by files, for a report that goes through them one after the other.
    #[must_use]
    pub fn prove(&self, accepts: impl Fn(&str) -> bool + Sync) -> ProvenOffers<'a> {
        ProvenOffers::prove_fixes(self.engine, accepts)
    }

    /// The same for a report that people read, proven unless there are very many findings.
    #[must_use]
    pub fn prove_for_readers(&self, accepts: impl Fn(&str) -> bool + Sync) -> ReportOffers<'a> {
        ReportOffers::for_readers(self.engine, accepts)
    }

    /// Writes the patches of a plan as one step. Steps that were undone can then no longer be redone.
    ///
    /// # Errors
    /// When a file cannot be written as it should; then none is.
    pub fn write(history: &mut History, patches: &[FilePatch]) -> Result<(), WriteError> {
        history.write("", patches)
    }

    /// The same, with a title for the list of what can be taken back.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_with_title(
        history: &mut History,
        title: &str,
        patches: &[FilePatch],
    ) -> Result<(), WriteError> {
        history.write(title, patches)
    }

    /// Takes a step back, or one change of it, also where its files have moved on since: what was changed since stays,
    /// and is named with the reason.
    ///
    /// # Errors
    /// When nothing of it can be taken back, or a file cannot be written; then none is.
    pub fn take_back(history: &mut History, scope: UndoScope) -> Result<PartialUndo, UndoRefusal> {
        history.take_back(scope)
    }

    /// Takes out of the patches those that cannot be written, and says why not: asking costs each file once, however many
    /// refuse.
    ///
    /// # Errors
    /// When nothing can be written at all.
    pub fn drop_refused(
        history: &History,
        patches: &mut Vec<FilePatch>,
    ) -> Result<Vec<WriteError>, WriteError> {
        let refusals = history.find_refusals(patches)?;
        let refused: BTreeSet<&RelPath> = refusals.iter().filter_map(WriteError::path).collect();
        patches.retain(|patch| !refused.contains(&patch.path));
        Ok(refusals)
    }

    /// Takes the newest step back, or makes it again, and returns the patches of that; `None` when there is no step. The
    /// step stays when it cannot be made, as when a file has changed since.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn undo(
        history: &mut History,
        direction: UndoDirection,
    ) -> Result<Option<Vec<FilePatch>>, WriteError> {
        match direction {
            UndoDirection::Back => history.undo(),
            UndoDirection::Forward => history.redo(),
        }
    }
}
