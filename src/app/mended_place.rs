//! Keeps the place of what was just written in view, until a person moves: so nothing is written twice unseen, and what
//! was written can be looked at.

use super::app_state::AppState;
use super::findings_list::{FindingGroup, ListNode};
use super::patched_file::{PatchSide, PatchedFile};
use super::screen_layout::Pane;
use crate::finding::Severity;
use crate::fix::FixPlan;

/// The rows after a mended one by which its place is found again; where all of them are gone too, it is the last.
const MAX_FOLLOWERS: usize = 200;

/// What was just mended, and where it stood in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct MendedPlace {
    pub node: ListNode,
    pub title: String,
    pub label: String,
    pub severity: Severity,
    /// The depth of its row.
    pub depth: u16,
    /// The row before which it stands, where it is in the list no more.
    pub row: Option<usize>,
    /// The files as they are now, the lines that were written marked.
    pub files: Vec<PatchedFile>,
    followers: Vec<ListNode>,
}

impl MendedPlace {
    /// What a plan is about to mend, by the selection.
    pub(super) fn from_selection(state: &AppState, plan: &FixPlan) -> Option<Self> {
        let row = state.selected_row()?;
        let node = state.selected_row_node()?;
        let after = state.findings_list.rows.iter().skip(state.findings_cursor.row + 1).take(MAX_FOLLOWERS);
        let written = plan.patches.iter().map(PatchedFile::new);
        Some(Self {
            title: plan.title.clone(),
            label: node_label(&node),
            severity: row.worst_severity,
            depth: row.depth,
            row: None,
            files: written.map(|file| file.with_side(PatchSide::Written)).collect(),
            followers: after.map(|row| state.findings_list.node_of_row(&state.index, row)).collect(),
            node,
        })
    }
}

fn node_label(node: &ListNode) -> String {
    let group_label = |group: &FindingGroup| match group {
        FindingGroup::Object(_, object) => object.to_string(),
        FindingGroup::File(path) => path.to_string(),
        FindingGroup::Rule(rule) => (*rule).to_owned(),
    };
    match node {
        ListNode::Finding(key) => key.rule.to_owned(),
        ListNode::Theme(_, theme) => theme.map_or("other", crate::rules::RuleTheme::name).to_owned(),
        ListNode::Group(group) => group_label(group),
        ListNode::Suppressed(kind) => kind.name().to_owned(),
    }
}

impl AppState {
    /// Finds the place again after the list changed. False where nothing is mended, or its row is still there.
    pub(super) fn restore_mended_place(&mut self) -> bool {
        let is_listed = self.active_list == Pane::Findings;
        let Some(mended) = self.mended.as_ref().filter(|_| is_listed) else { return false };
        if let Some(at) = self.findings_list.find_row(&self.index, &mended.node) {
            if let Some(mended) = &mut self.mended {
                mended.row = None;
            }
            self.findings_cursor.move_to(at, self.findings_list.rows.len());
            return false;
        }
        let mut followers = mended.followers.iter();
        let at = followers.find_map(|node| self.findings_list.find_row(&self.index, node));
        let at = at.unwrap_or(self.findings_list.rows.len());
        self.findings_cursor.move_to(at, self.findings_list.rows.len());
        self.selected_node = None;
        if let Some(mended) = &mut self.mended {
            mended.row = Some(at);
        }
        true
    }

    /// The row before which the mended one is shown, where it is in the list no more.
    #[must_use]
    pub fn mended_row(&self) -> Option<usize> {
        self.mended.as_ref().filter(|_| self.active_list == Pane::Findings)?.row
    }

    /// Leaves the mended place: the row that follows is selected. True where there was one.
    pub(super) fn leave_mended_place(&mut self) -> bool {
        let was_shown = self.mended.take().is_some_and(|mended| mended.row.is_some());
        if was_shown {
            self.follow_finding();
        }
        was_shown
    }
}
