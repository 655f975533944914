//! Folds and unfolds the lists: all at once, or what stands around the selection.

use std::collections::HashSet;

use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::file_tree::{self, FileTreeNode};
use super::super::findings_list::{FindingGrouping, FindingsList, ListNode};
use super::super::screen_layout::Pane;

/// Folds everything of the list in use, or opens everything.
pub(super) fn fold_all(state: &mut AppState, open: bool) -> Vec<AppEffect> {
    if state.active_list == Pane::Files {
        let all = file_tree::build_rows(&state.store, &state.index, &HashSet::new(), &state.ranks.paths);
        let folders = all.into_iter().filter_map(|row| match row.node {
            FileTreeNode::Folder(path) => Some(path),
            FileTreeNode::File(_) => None,
        });
        state.folded_folders = if open { HashSet::new() } else { folders.collect() };
        state.rebuild_lists();
        state.scroll_into_view();
        return state.request_plan(false);
    }
    let around = outermost_of_selection(state);
    state.toggled = if open { nodes_folded_by_default(state) } else { nodes_open_by_default(state) };
    if let Some(node) = around.filter(|_| !open) {
        state.selected_node = Some(node);
    }
    state.rebuild_findings_list();
    state.follow_finding();
    state.request_plan(false)
}

/// Opens or folds the selected row; for a finding, what it stands under.
pub(super) fn toggle_fold(state: &mut AppState) -> Vec<AppEffect> {
    if state.active_list == Pane::Files {
        toggle_folder(state);
        return state.request_plan(false);
    }
    let Some((row, at)) = state.selected_row().map(|row| (row.clone(), state.findings_cursor.row)) else {
        return Vec::new();
    };
    let fold = if row.expanded.is_some() {
        Some(at)
    } else {
        state.findings_list.rows[..at].iter().rposition(|above| above.depth < row.depth)
    };
    let Some(fold) = fold else { return Vec::new() };
    let node = state.findings_list.node_of_row(&state.index, &state.findings_list.rows[fold]);
    state.selected_node = Some(node.clone());
    state.toggle_node(node);
    state.rebuild_findings_list();
    state.follow_finding();
    state.request_plan(false)
}

fn toggle_folder(state: &mut AppState) {
    let folder = match &state.selected_path {
        Some(FileTreeNode::Folder(folder)) => folder.clone(),
        Some(FileTreeNode::File(_)) => {
            let Some(row) = state.tree.get(state.files_cursor.row) else { return };
            let depth = row.depth;
            let above = state.tree[..state.files_cursor.row].iter().rfind(|above| above.depth < depth);
            let Some(FileTreeNode::Folder(folder)) = above.map(|row| &row.node) else { return };
            folder.clone()
        }
        None => return,
    };
    state.selected_path = Some(FileTreeNode::Folder(folder.clone()));
    if !state.folded_folders.remove(&folder) {
        state.folded_folders.insert(folder);
    }
    state.rebuild_lists();
    state.scroll_into_view();
}

/// The row of the list's first level that the selection stands under.
fn outermost_of_selection(state: &AppState) -> Option<ListNode> {
    let rows = &state.findings_list.rows;
    let outermost = rows.get(..=state.findings_cursor.row)?.iter().rfind(|row| row.depth == 0)?;
    Some(state.findings_list.node_of_row(&state.index, outermost))
}

/// All nodes that are open where nobody folded them.
fn nodes_open_by_default(state: &AppState) -> HashSet<ListNode> {
    let groups = state.findings_list.rows.iter().filter(|row| row.depth == 0);
    let nodes = groups.map(|row| state.findings_list.node_of_row(&state.index, row));
    let is_open =
        |node: &ListNode| state.grouping != FindingGrouping::Rule && matches!(node, ListNode::Group(_));
    nodes.filter(is_open).collect()
}

/// All nodes that are folded where nobody opened them.
fn nodes_folded_by_default(state: &AppState) -> HashSet<ListNode> {
    let mut nodes = HashSet::new();
    for entry in state.index.entries.iter().chain(&state.index.suppressed) {
        let [group, theme] = FindingsList::ancestor_nodes(entry, &state.index, state.grouping);
        if state.grouping == FindingGrouping::Rule {
            nodes.insert(group);
        } else {
            nodes.insert(theme);
        }
    }
    nodes
}
