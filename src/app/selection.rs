//! Keeps the user's selections, by node and never by row, while everything around them changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::app_event::AppEffect;
use super::app_state::AppState;
use super::backend_protocol::BackendRequest;
use super::dialog_state::{DialogState, FixScope, KeptSetting};
use super::file_tree::{FileTreeNode, SeverityCounts};
use super::finding_filter::FindingFilter;
use super::findings_index::FindingsIndex;
use super::findings_list::{FindingGroup, FindingGrouping, FindingsList, ListNode};
use super::findings_list_build::ListOptions;
use super::fix_preview::PreviewState;
use super::screen_layout::{LayoutShape, Pane};
use super::walk_screen::WalkScreen;
use super::{file_tree, tree_update};
use crate::audit::ListedFinding;
use crate::finding::FindingKey;
use crate::repo::RelPath;

/// The columns of the source from which on a linked file stands beside it.
const BESIDE_COLUMNS: u16 = 74;
/// The least columns of the screen for that.
const LINKED_COLUMNS: u16 = 120;
/// The most changed files for which the lists are updated in part; after more they are built anew.
const FULL_REBUILD_FILES: usize = 500;
/// The most files that come or go for which the tree is updated in part.
const MAX_TREE_EDITS: usize = 8;
/// The most findings to search, once for each group of their file; where there are more, the list is built anew.
const MAX_GROUP_SEARCH: usize = 200_000;

impl AppState {
    /// Updates the index, the lists and the tree after the store changed for these files.
    pub(super) fn update_index(&mut self, files: &BTreeSet<RelPath>) {
        if files.len() > FULL_REBUILD_FILES {
            self.index = FindingsIndex::new(&self.store);
            self.rebuild_tree();
            return self.list_findings(None);
        }
        let files = self.index.with_linked_dockerfiles(&self.store, files);
        let (stay, others): (BTreeMap<_, _>, BTreeMap<_, _>) = files
            .iter()
            .map(|path| (path.clone(), self.index.severity_counts(path)))
            .partition(|(path, _)| self.index.has_file(path) == self.store.file(path).is_some());
        let mut groups = self.index.groups_in_files(&files, self.grouping);
        let heads = self.findings_list.group_rows(&self.index, &groups);
        let moves = self.index.update_files(&self.store, &files);
        if self.update_tree(&others) {
            file_tree::update_counts(&mut self.tree, &self.index, &stay);
            if !others.is_empty() {
                self.restore_tree_selection();
            }
        } else {
            self.rebuild_tree();
        }
        // The severity of a rule's worst finding, or the matches of a word, may change the places of all others.
        if self.grouping == FindingGrouping::Rule || self.filter.is_active() {
            return self.list_findings(None);
        }
        groups.extend(self.index.groups_in_files(&files, self.grouping));
        // A file may hold very many groups, and the search for each goes through the whole of it.
        if groups.iter().map(|group| self.index.group_search_cost(group)).sum::<usize>() > MAX_GROUP_SEARCH {
            return self.list_findings(None);
        }
        let lens = ListOptions {
            filter: &self.filter,
            grouping: self.grouping,
            toggled: &self.toggled,
            facts: self.facts.query_facts(&self.new_keys),
            ranks: &self.ranks,
        };
        self.findings_list.update_groups(&self.index, &lens, &moves, &heads, &groups);
        self.restore_selection();
    }

    /// Builds the lists anew; each selection stays on its node, or goes to the one in its place.
    pub(super) fn rebuild_lists(&mut self) {
        self.rebuild_tree();
        self.rebuild_findings_list();
    }

    /// Removes the files from the tree that are gone and inserts new ones; `others` are both, with their counts before.
    /// False where the tree is to be built anew.
    fn update_tree(&mut self, others: &BTreeMap<RelPath, SeverityCounts>) -> bool {
        let mut each = others.iter().map(|(path, before)| match self.store.file(path) {
            Some(_) => {
                let counts = self.index.severity_counts(path);
                tree_update::insert_file(&mut self.tree, path, counts, &self.ranks.paths)
            }
            None => tree_update::remove_file(&mut self.tree, path, *before),
        });
        others.len() <= MAX_TREE_EDITS && each.all(|done| done)
    }

    fn rebuild_tree(&mut self) {
        self.tree = file_tree::build_rows(&self.store, &self.index, &self.folded_folders, &self.ranks.paths);
        self.restore_tree_selection();
    }

    /// Restores the selection in the tree on its node, or on the one in its place.
    fn restore_tree_selection(&mut self) {
        let at =
            self.selected_path.as_ref().and_then(|leaf| self.tree.iter().position(|row| row.node == *leaf));
        self.files_cursor.move_to(at.unwrap_or(self.files_cursor.row), self.tree.len());
        self.selected_path = self.tree.get(self.files_cursor.row).map(|row| row.node.clone());
    }

    /// Builds the list of findings anew.
    pub(super) fn rebuild_findings_list(&mut self) {
        let mut places = self.findings_list.places[..self.findings_list.open_count].to_vec();
        places.sort_unstable();
        self.list_findings(Some((self.findings_list.filter.clone(), places)));
    }

    /// Builds the list of findings anew, from the matches of the filter before where the index is unchanged.
    fn list_findings(&mut self, before: Option<(FindingFilter, Vec<usize>)>) {
        let facts = self.facts.query_facts(&self.new_keys);
        let open = self.filter.matching_places(&self.index, &facts, before);
        let lens = ListOptions {
            filter: &self.filter,
            grouping: self.grouping,
            toggled: &self.toggled,
            facts,
            ranks: &self.ranks,
        };
        self.findings_list = FindingsList::from_open(&self.index, &lens, &open);
        let finds_nothing = self.filter.is_active() && self.findings_list.rows.is_empty();
        self.facts.search_miss = finds_nothing.then(|| self.filter.explain_miss(&self.index, &facts));
        self.restore_selection();
    }

    fn restore_selection(&mut self) {
        if self.restore_mended_place() {
            return self.scroll_into_view();
        }
        let selected = self.selected_node.as_ref();
        let at = selected.and_then(|node| self.row_of_node(node).or_else(|| self.row_beside(node)));
        self.findings_cursor.move_to(at.unwrap_or(self.findings_cursor.row), self.findings_list.rows.len());
        self.selected_node = self.selected_row_node();
        self.scroll_into_view();
    }

    /// The row of a node; for a finding that is folded away, the row of its fold.
    fn row_of_node(&self, node: &ListNode) -> Option<usize> {
        self.findings_list.find_row(&self.index, node).or_else(|| {
            let ListNode::Finding(key) = node else { return None };
            // A finding that was just suppressed goes to the end of the list; the selection stays.
            let entry = self.index.find_entry(key).filter(|entry| entry.suppression.is_none())?;
            let [group, theme] = FindingsList::ancestor_nodes(entry, &self.index, self.grouping);
            self.findings_list
                .find_row(&self.index, &theme)
                .or_else(|| self.findings_list.find_row(&self.index, &group))
        })
    }

    /// The row of the same file that is nearest to a node that is gone: of the same rule, else the first.
    fn row_beside(&self, node: &ListNode) -> Option<usize> {
        let (path, rule) = match node {
            ListNode::Finding(key) => (&key.path, Some(key.rule)),
            ListNode::Group(FindingGroup::Object(path, _) | FindingGroup::File(path))
            | ListNode::Theme(FindingGroup::Object(path, _) | FindingGroup::File(path), _) => (path, None),
            _ => return None,
        };
        let rows = self.findings_list.rows.iter().enumerate();
        let first_of =
            |row| self.findings_list.entries_under(&self.index, row).next().map(|entry| &entry.key);
        let mut beside =
            rows.filter_map(|(at, row)| Some((at, first_of(row)?))).filter(|(_, key)| key.path == *path);
        let first = beside.next()?;
        let is_same = |key: &FindingKey| rule == Some(key.rule);
        let same = std::iter::once(first).chain(beside).find(|(_, key)| is_same(key));
        Some(same.unwrap_or(first).0)
    }

    /// Moves each list so that its selection is in view.
    pub(super) fn scroll_into_view(&mut self) {
        let layout = self.layout();
        self.files_cursor.scroll_to_row(self.tree.len(), layout.pane_area(Pane::Files).content_lines(), 1);
        let mended = usize::from(self.mended_row().is_some());
        self.findings_cursor.scroll_to_row(
            self.findings_list.rows.len() + mended,
            layout.pane_area(Pane::Findings).content_lines(),
            1,
        );
    }

    /// Moves the source so that its line is in view.
    pub(super) fn show_line(&mut self) {
        let (len, height) = self.source_size();
        self.source.cursor.scroll_to_row(len, height, 3);
        self.source.cursor.top = self.top_with_cursor(self.source.cursor.top);
    }

    /// Moves the source and the tree to the selected finding.
    pub(super) fn follow_finding(&mut self) {
        self.selected_node = self.selected_row_node();
        let Some((path, line)) = self.first_entry_of_row().map(|entry| (entry.key.path.clone(), entry.line))
        else {
            return;
        };
        self.selected_path = Some(FileTreeNode::File(path.clone()));
        if let Some(at) = self.tree.iter().position(|row| Some(&row.node) == self.selected_path.as_ref()) {
            self.files_cursor.row = at;
        }
        self.show_source(path, line);
        self.page_scroll = 0;
        self.patch_scroll = 0;
        self.scroll_into_view();
    }

    fn first_entry_of_row(&self) -> Option<&ListedFinding> {
        self.findings_list.entries_under(&self.index, self.selected_row()?).next()
    }

    /// Moves the source and the findings to the file selected in the tree.
    pub(super) fn follow_file(&mut self) {
        self.selected_path = self.tree.get(self.files_cursor.row).map(|row| row.node.clone());
        let Some(FileTreeNode::File(path)) = self.selected_path.clone() else { return };
        let line = self.index.entries_in(&path).first().map_or(1, |entry| entry.line);
        let first = self.index.entries_in(&path).first().map(|entry| ListNode::Finding(entry.key.clone()));
        if let Some(at) = first.and_then(|node| self.row_of_node(&node)) {
            self.findings_cursor.row = at;
            self.selected_node = self.selected_row_node();
        }
        self.show_source(path, line);
        self.page_scroll = 0;
        self.patch_scroll = 0;
        self.scroll_into_view();
    }

    /// Shows a line of a file, with some lines around it.
    pub(super) fn show_source(&mut self, path: RelPath, line: usize) {
        let same = self.source.path.as_ref() == Some(&path);
        self.source.path = Some(path);
        self.source.is_scrolled = false;
        let (len, height) = self.source_size();
        self.source.cursor.move_to(line.saturating_sub(1), len);
        if !same {
            self.source.linked_top = None;
            self.source.cursor.top = self.source.cursor.row.saturating_sub(height / 3);
        }
        self.show_line();
    }

    /// The number of lines of the file in view, and the number of lines shown.
    pub(super) fn source_size(&self) -> (usize, usize) {
        let file = self.current_path().and_then(|path| self.store.file(path));
        let len = file.and_then(|file| file.source.as_ref()).map_or(0, crate::text::SourceText::line_count);
        (len, self.source_areas().0.content_lines())
    }

    /// Selects a finding in the list, and opens the folds above it.
    pub(super) fn select_finding(&mut self, key: &FindingKey) {
        self.leave_mended_place();
        let Some(entry) = self.index.find_entry(key) else { return };
        let ancestors = FindingsList::ancestor_nodes(entry, &self.index, self.grouping);
        let node = ListNode::Finding(key.clone());
        for fold in ancestors {
            let at = self.findings_list.find_row(&self.index, &fold);
            if at.is_some_and(|at| self.findings_list.rows[at].expanded == Some(false)) {
                self.toggle_node(fold);
                self.findings_list = FindingsList::new(
                    &self.index,
                    &self.filter,
                    self.grouping,
                    &self.toggled,
                    self.facts.query_facts(&self.new_keys),
                    &self.ranks,
                );
            }
        }
        if let Some(at) = self.findings_list.find_row(&self.index, &node) {
            self.findings_cursor.row = at;
            self.active_list = Pane::Findings;
            self.follow_finding();
        }
    }

    /// Selects the first finding while a filter is typed: the user looks for a finding, not for a fold.
    pub(super) fn select_first_finding(&mut self) {
        let rows = &self.findings_list.rows;
        if self.filter.is_active() && self.selected_row().is_some_and(|row| row.expanded.is_some()) {
            let below = rows[self.findings_cursor.row..].iter().position(|row| row.expanded.is_none());
            self.findings_cursor.row += below.unwrap_or(0);
        }
    }

    /// Opens a folded node, or folds an open one.
    pub(super) fn toggle_node(&mut self, node: ListNode) {
        if !self.toggled.remove(&node) {
            self.toggled.insert(node);
        }
    }

    /// Requests the fix of the selection, or of the dialog. Nothing is requested twice.
    pub(super) fn request_plan(&mut self, changed: bool) -> Vec<AppEffect> {
        if let Some(DialogState::PinCheck(pins)) = &self.dialog {
            let digests = pins.moved_digests();
            if digests.is_empty() {
                return Vec::new();
            }
            self.preview.begin_keyless_request();
            return vec![AppEffect::Ask(BackendRequest::Repin {
                generation: self.preview.generation,
                digests,
            })];
        }
        if matches!(self.dialog, Some(DialogState::ConfirmFix { scope: FixScope::Settings, .. })) {
            let Some(change) = self.being_kept.as_ref().map(KeptSetting::change) else { return Vec::new() };
            self.preview.begin_keyless_request();
            let generation = self.preview.generation;
            return vec![
                AppEffect::Ask(BackendRequest::PlanSettings { generation, change }),
                AppEffect::Remind,
            ];
        }
        let keys = match &self.dialog {
            Some(DialogState::ConfirmFix { keys, .. }) => keys.clone(),
            Some(DialogState::Lookup(lookup)) => lookup.keys.clone(),
            // A stage has plans of its own, but for the file whose values are typed.
            _ if let Some(stage) = &self.stage => match stage.value_keys.as_slice() {
                [] => return Vec::new(),
                keys => keys.to_vec(),
            },
            _ if self.walk.is_some() => self.walk.as_ref().map(WalkScreen::finding_keys).unwrap_or_default(),
            _ if self.spans_widely() => Vec::new(),
            _ => self.selected_keys(),
        };
        if !changed && keys == self.preview.keys {
            return Vec::new();
        }
        let waited = self.preview.state == PreviewState::Pending;
        self.preview.begin_request(keys.clone());
        let generation = self.preview.generation;
        if keys.is_empty() {
            let stop = AppEffect::Ask(BackendRequest::StopPlanning { generation });
            return if waited { vec![stop] } else { Vec::new() };
        }
        vec![AppEffect::Ask(BackendRequest::Plan { generation, keys }), AppEffect::Remind]
    }

    /// Requests the state of the walk.
    pub(super) fn request_walk(&self) -> Vec<AppEffect> {
        let id = self.walk.as_ref().and_then(|walking| walking.id.clone());
        vec![AppEffect::Ask(BackendRequest::Walk(id))]
    }

    /// The areas of the source and of the file that is linked to it, where there is one and room for it.
    #[must_use]
    pub fn source_areas(&self) -> (super::ScreenArea, Option<super::ScreenArea>) {
        let layout = self.layout();
        let area = layout.pane_area(Pane::Source);
        // While values are typed, the file in which they stand has all of the source's room.
        let is_typing = matches!(self.dialog, Some(DialogState::Values(_)));
        if is_typing || layout.shape != LayoutShape::Panes || self.linked_file().is_none() {
            return (area, None);
        }
        let mut own = area;
        let mut other = area;
        if layout.width >= LINKED_COLUMNS && area.width >= BESIDE_COLUMNS {
            own.width = area.width / 2;
            other.x = own.right() + 1;
            other.width = area.right() - other.x;
        } else if area.height >= 20 {
            own.height = self.source_height(area.height);
            other.y = own.bottom() + 1;
            other.height = area.bottom() - other.y;
        } else {
            return (area, None);
        }
        (own, Some(other))
    }

    /// The first line of the linked file that is in view, from 0, and how far it can be scrolled. Where the user did
    /// not scroll, its first finding is in view.
    #[must_use]
    pub fn linked_view(&self) -> Option<(usize, usize)> {
        let (path, _) = self.linked_file()?;
        let count = self.store.file(path)?.source.as_ref()?.line_count();
        let last = count.saturating_sub(self.source_areas().1?.content_lines());
        let object = self.object_linked_to(path);
        let entries = self.index.entries_in(path);
        let is_own = |entry: &&Arc<ListedFinding>| object.is_some() && entry.key.subject.object == object;
        let first = entries.iter().find(is_own).or_else(|| entries.first());
        let first = first.map_or(0, |entry| entry.line.saturating_sub(3));
        Some((self.source.linked_top.unwrap_or(first).min(last), last))
    }

    /// The part of a height for the file in view when the linked file stands under it: three fifths, unless one of them
    /// needs less than its part.
    fn source_height(&self, height: u16) -> u16 {
        let needs = |path: Option<&RelPath>| {
            let source = path.and_then(|path| self.store.file(path)).and_then(|file| file.source.as_ref());
            u16::try_from(source.map_or(0, crate::text::SourceText::line_count) + 2).unwrap_or(u16::MAX)
        };
        let usual = height * 3 / 5;
        let (own, other) = (needs(self.current_path()), needs(self.linked_file().map(|(path, _)| path)));
        own.min(usual.max(height.saturating_sub(other.saturating_add(1)))).clamp(6, height - 6)
    }
}
