//! The limits within which many fixes are made at once, and the way to make them on all processors, for batches.

use std::collections::BTreeSet;

use super::{FixPlan, RegistryAnswers};
use crate::base::par_map;
use crate::finding::{FindingKey, FixRisk, Safety};

/// The limits that select the fixes to make.
#[derive(Clone, Copy)]
pub(super) struct FixLimits<'a> {
    /// The highest class of fixes that are made.
    pub max_safety: Safety,
    /// The highest risk that is known of those that are made; what will break is made only as `breaking_keys` says.
    pub max_risk: FixRisk,
    /// The registries' answers, whose fixes are made as well.
    pub answers: &'a RegistryAnswers,
    /// The findings whose fixes are made even where they will break the program, such as one that is requested by itself.
    pub breaking_keys: &'a BTreeSet<&'a FindingKey>,
    /// Whether lines are written into the templates of charts that the audited paths do not name.
    pub writes_templates: bool,
    /// Whether only what could not be fixed is kept, where nobody asks for the texts.
    pub keeps_only_refusals: bool,
    /// The same of the keys of what is fixed: who asks only whether fixes can be made needs no texts.
    pub keeps_only_keys: bool,
}

impl<'a> FixLimits<'a> {
    /// All fixes of a class, as far as nobody asked for more: no lines in templates, and nothing that will break.
    pub(super) const fn of_class(
        max_safety: Safety,
        answers: &'a RegistryAnswers,
        breaking_keys: &'a BTreeSet<&'a FindingKey>,
    ) -> Self {
        Self {
            max_safety,
            max_risk: FixRisk::WillBreak,
            answers,
            breaking_keys,
            writes_templates: false,
            keeps_only_refusals: false,
            keeps_only_keys: false,
        }
    }

    /// What is kept of a plan that was made within them.
    pub(super) fn keep_asked(&self, plan: FixPlan) -> FixPlan {
        if self.keeps_only_refusals {
            plan.into_refusals()
        } else if self.keeps_only_keys {
            plan.into_fixed_keys()
        } else {
            plan
        }
    }
}

/// Does the work for each path, on all processors; the results in the order of the paths.
pub(super) fn par_map_paths<I: Sync, T: Send>(paths: &[&I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    par_map(paths.to_vec(), work)
}
