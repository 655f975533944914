//! Defines the fixes of a stage as the app shows them: what each file would come to, and which finding each change is of.

use std::collections::BTreeSet;

use super::FixPlan;
use crate::finding::{AssessedFix, FindingKey, FixRisk};
use crate::repo::{FilePatch, RelPath};
use crate::text::diff::ChangedBlock;

/// The fixes of files that depend on one another, such as a Dockerfile and the manifests that run its image: what is
/// left out of them changes nothing elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedGroup {
    /// The first of all files that depend on one another, which names the group.
    pub id: RelPath,
    /// The findings that were asked for.
    pub keys: Vec<FindingKey>,
    pub patches: Vec<StagedPatch>,
    pub fixes: Vec<StagedFix>,
    /// The findings that cannot be fixed, with the reason.
    pub withheld: Vec<(FindingKey, String)>,
    /// The fixes that would break their programs: never part of a stage.
    pub breaking_fixes: Vec<AssessedFix>,
    /// Every finding that is gone once all of it is written.
    pub resolves: Vec<FindingKey>,
}

/// A fix in a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedFix {
    pub key: FindingKey,
    pub title: String,
    /// True where nothing is known against it.
    pub is_safe: bool,
    pub risk: FixRisk,
    /// What a program may notice.
    pub cautions: Vec<String>,
    /// What is known for it.
    pub evidence: Vec<String>,
}

/// What one file would come to.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedPatch {
    pub patch: FilePatch,
    pub blocks: Vec<StagedBlock>,
}

/// A run of changed lines, with the fixes that make it, by their places among the group's; none where it follows from
/// another file.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedBlock {
    pub block: ChangedBlock,
    pub fixes: Vec<usize>,
    /// False where nothing that is written there is a value that could be another.
    pub has_value: bool,
}

impl StagedGroup {
    /// A group of which nothing is taken.
    #[must_use]
    pub fn without_fixes(id: RelPath, keys: Vec<FindingKey>) -> Self {
        let (patches, fixes, withheld, resolves) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { id, keys, patches, fixes, withheld, breaking_fixes: Vec::new(), resolves }
    }

    /// The plan that writes all of these groups in one step.
    #[must_use]
    pub fn join_groups<'g>(groups: impl Iterator<Item = &'g Self>, title: &str) -> FixPlan {
        let mut plan = FixPlan { title: title.to_owned(), ..FixPlan::default() };
        let mut fixed = BTreeSet::new();
        for group in groups {
            plan.patches.extend(group.patches.iter().map(|patch| patch.patch.clone()));
            plan.resolves.extend(group.resolves.iter().cloned());
            plan.risk =
                group.fixes.iter().map(|fix| fix.risk).max().map_or(plan.risk, |risk| risk.max(plan.risk));
            fixed.extend(group.fixes.iter().map(|fix| fix.key.clone()));
        }
        plan.progress.fixed_keys = fixed;
        plan
    }
}
