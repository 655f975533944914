//! Plans a chapter's change and reads the state after it from the changed files, for its evidence and its check.

use super::changed_pod::changed_pod;
use super::changed_users::{ChangedUsers, changed_users};
use super::walk_context::WalkContext;
use crate::finding::FindingKey;
use crate::fix::{FixOrder, FixPlan, Planner};
use crate::kubernetes::Pod;

/// The change of a chapter that can be made, with what it leaves.
pub(super) struct PlannedChange {
    pub plan: FixPlan,
    pub users: ChangedUsers,
    /// The app's pod, where the change writes its file.
    pub pod: Option<Pod>,
}

impl PlannedChange {
    /// The change of these findings; none where none can be made.
    pub(super) fn of_findings(scene: &WalkContext<'_>, keys: &[FindingKey]) -> Option<Self> {
        let plan =
            (!keys.is_empty()).then(|| Planner::new(scene.engine).plan(&FixOrder::Findings(keys)).ok())??;
        if plan.patches.is_empty() {
            return None;
        }
        let pod = changed_pod(scene, &plan);
        Some(Self { users: changed_users(scene, &plan, pod.as_ref()), pod, plan })
    }
}
