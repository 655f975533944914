//! A fix as it is offered: proven, with its whole diff. It grows file by file.

use std::collections::{BTreeMap, BTreeSet};

use super::ValueSheet;
use crate::finding::{AssessedFix, FindingKey, FixRisk, RiskAssessment, RiskEvidence, Safety};
use crate::project::FactOverrides;
use crate::repo::{FilePatch, RelPath};

/// A fix of one or more findings, verified and ready to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FixPlan {
    /// The title, in the imperative.
    pub title: String,
    /// The least safe class of its fixes.
    pub safety: Safety,
    /// The highest risk of its fixes. A fix that will break the program is a plan by itself.
    pub risk: FixRisk,
    /// The patches that it writes; in one file most often, in several where they must agree.
    pub patches: Vec<FilePatch>,
    /// Every finding that is gone once it is written.
    pub resolves: Vec<FindingKey>,
    /// What a program may notice, the most serious first, and where what is written does not reach.
    pub cautions: Vec<String>,
    /// Each fix of the plan with its risk, the highest first.
    pub assessed_fixes: Vec<AssessedFix>,
    /// The evidence about the program, for and against the plan.
    pub evidence: Vec<RiskEvidence>,
    /// The requested findings that cannot be fixed, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// The requested fixes that are left out, since they would break the program; each is offered alone.
    pub breaking_fixes: Vec<AssessedFix>,
    /// The values that it writes, and those that a person may give besides.
    pub values: Box<ValueSheet>,
    /// The working state; behind a pointer, since a plan is moved about in messages.
    pub(super) progress: Box<PlanProgress>,
}

/// The state of a plan that is being made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PlanProgress {
    /// The findings whose fixes its patches hold.
    pub(super) fixed_keys: BTreeSet<FindingKey>,
    /// The risks of the fixes that were chosen for it.
    pub(super) assessments: BTreeMap<FindingKey, RiskAssessment>,
    /// The findings of each patched file that are gone once it is written, as its proof shows.
    pub(super) resolved_by_file: BTreeMap<RelPath, Vec<FindingKey>>,
    /// See [`FixPlan::left_to_charts`].
    pub(super) left_to_charts: Vec<(FindingKey, RelPath)>,
    /// The findings whose fixes make lines of a chart's file, by the line as it would be written, from 0.
    pub(super) line_fixes: BTreeMap<RelPath, BTreeMap<usize, Vec<FindingKey>>>,
    /// What the Dockerfiles would say once their patches are written.
    pub(super) planned_facts: FactOverrides,
}

impl FixPlan {
    /// The requested findings whose fixes would be lines in a chart's template, with the chart's folder: they are written
    /// where that is named.
    #[must_use]
    pub fn left_to_charts(&self) -> &[(FindingKey, RelPath)] {
        &self.progress.left_to_charts
    }

    /// Takes in what is planned for other files.
    pub(super) fn merge_plans(&mut self, files: impl IntoIterator<Item = Self>) {
        for file in files {
            self.patches.extend(file.patches);
            self.progress.resolved_by_file.extend(file.progress.resolved_by_file);
            self.progress.planned_facts.extend(file.progress.planned_facts);
            self.progress.fixed_keys.extend(file.progress.fixed_keys);
            self.progress.line_fixes.extend(file.progress.line_fixes);
            self.progress.assessments.extend(file.progress.assessments);
            self.withheld.extend(file.withheld);
            self.progress.left_to_charts.extend(file.progress.left_to_charts);
            self.breaking_fixes.extend(file.breaking_fixes);
            self.cautions.extend(file.cautions);
        }
    }

    /// The same plan with nothing but what is left out of it.
    pub(super) fn into_refusals(self) -> Self {
        Self { withheld: self.withheld, breaking_fixes: self.breaking_fixes, ..Self::default() }
    }

    /// The same plan with nothing but the keys of what it fixes.
    pub(super) fn into_fixed_keys(self) -> Self {
        let progress = PlanProgress { fixed_keys: self.progress.fixed_keys, ..PlanProgress::default() };
        Self { progress: Box::new(progress), ..Self::default() }
    }

    /// Takes out what is planned for a file.
    pub(super) fn remove_file(&mut self, path: &RelPath) {
        self.patches.retain(|patch| patch.path != *path);
        self.progress.fixed_keys.retain(|key| key.path != *path);
        self.progress.assessments.retain(|key, _| key.path != *path);
        self.withheld.retain(|(key, _)| key.path != *path);
        self.breaking_fixes.retain(|left| left.key.path != *path);
        self.progress.resolved_by_file.remove(path);
        self.progress.planned_facts.remove(path);
    }
}
