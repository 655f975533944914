//! Finds the row of what was just mended again, and leaves it once a person moves.

use super::app_state::AppState;
use super::mended_place::{MendedPlace, node_label};
use super::patched_file::{PatchSide, PatchedFile};
use super::screen_layout::Pane;
use crate::fix::FixPlan;

/// The most rows after a mended one by which its place is found again.
const MAX_FOLLOWERS: usize = 200;

impl AppState {
    /// What a plan is about to mend, by the selection.
    pub(super) fn place_to_mend(&self, plan: &FixPlan) -> Option<MendedPlace> {
        let row = self.selected_row()?;
        let node = self.selected_row_node()?;
        let before = self.findings_list.rows.iter().take(self.findings_cursor.row);
        let head = before.rev().find(|head| row.depth > 0 && head.depth == 0);
        let after = self.findings_list.rows.iter().skip(self.findings_cursor.row + 1).take(MAX_FOLLOWERS);
        let written = plan.patches.iter().map(PatchedFile::new);
        Some(MendedPlace {
            title: plan.title.clone(),
            label: node_label(&node),
            severity: row.worst_severity,
            depth: row.depth,
            head: head.map(|head| self.findings_list.node_of_row(&self.index, head)),
            lost_head: None,
            row: None,
            files: written.map(|file| file.with_side(PatchSide::Written)).collect(),
            followers: after.map(|row| self.findings_list.node_of_row(&self.index, row)).collect(),
            node,
        })
    }

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
        let lost =
            mended.head.as_ref().filter(|head| self.findings_list.find_row(&self.index, head).is_none());
        let lost_head = lost.map(node_label);
        if let Some(mended) = &mut self.mended {
            (mended.row, mended.lost_head) = (Some(at), lost_head);
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
