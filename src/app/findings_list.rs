//! Lays out the list of findings for its view: folded under their groups, and under these by theme; the suppressed ones
//! last.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::finding_filter::FindingFilter;
use super::findings_index::FindingsIndex;
use crate::audit::ListedFinding;
use crate::finding::{FindingKey, Severity, SuppressionKind};
use crate::repo::RelPath;
use crate::rules::RuleTheme;

/// The grouping of the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FindingGrouping {
    /// A workload with its Dockerfile and the objects that are for it alone; any other object for itself.
    #[default]
    App,
    File,
    Rule,
}

impl FindingGrouping {
    pub const ALL: [Self; 3] = [Self::App, Self::File, Self::Rule];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::File => "file",
            Self::Rule => "rule",
        }
    }

    pub(super) const fn next_grouping(self) -> Self {
        match self {
            Self::App => Self::File,
            Self::File => Self::Rule,
            Self::Rule => Self::App,
        }
    }
}

/// A group of findings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingGroup {
    Object(RelPath, Arc<str>),
    File(RelPath),
    Rule(&'static str),
}

/// The node of a row; the selection is kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListNode {
    Group(FindingGroup),
    Theme(FindingGroup, Option<RuleTheme>),
    /// All findings with a suppression of that kind.
    Suppressed(SuppressionKind),
    Finding(FindingKey),
}

impl ListNode {
    /// The object that it is about; none where it is about a file or a rule.
    pub(super) const fn object(&self) -> Option<&Arc<str>> {
        match self {
            Self::Finding(key) => key.subject.object.as_ref(),
            Self::Group(FindingGroup::Object(_, object))
            | Self::Theme(FindingGroup::Object(_, object), _) => Some(object),
            _ => None,
        }
    }
}

/// One row of the list. The first of its findings tells its node: so a hundred thousand rows are made and moved at
/// once.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingsRow {
    pub(super) kind: RowKind,
    pub depth: u16,
    /// True where the rows under it are shown; none for a finding.
    pub expanded: Option<bool>,
    pub worst_severity: Severity,
    /// The range of the list's findings under the row.
    pub findings: Range<usize>,
    /// The place of a group in the order that was taken.
    pub(super) rank: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    Group,
    Theme,
    Suppressed,
    Finding,
}

/// The rows, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindingsList {
    pub rows: Vec<FindingsRow>,
    /// Places among all of the index's findings, in the order of the list.
    pub(super) places: Vec<usize>,
    /// The number of open findings among them.
    pub(super) open_count: usize,
    /// The grouping that it was made by.
    pub(super) grouping: FindingGrouping,
    pub(super) filter: FindingFilter,
}

impl FindingsList {
    /// The findings under a row.
    pub fn entries_under<'a>(
        &'a self,
        index: &'a FindingsIndex,
        row: &FindingsRow,
    ) -> impl Iterator<Item = &'a ListedFinding> + use<'a> {
        self.places[row.findings.clone()].iter().map(|at| index.entry_at(*at))
    }

    /// The open finding at that place of the list, folded or not.
    #[must_use]
    pub fn open_entry<'a>(&self, index: &'a FindingsIndex, at: usize) -> Option<&'a ListedFinding> {
        self.places[..self.open_count].get(at).map(|place| index.entry_at(*place))
    }

    /// The number of open findings in the list, folded or not.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.open_count
    }

    /// The number of suppressed findings in the list.
    #[must_use]
    pub fn suppressed_len(&self) -> usize {
        self.places.len() - self.open_count
    }

    /// True where no open finding is listed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.open_count == 0
    }

    /// The node of a row.
    #[must_use]
    pub fn node_of_row(&self, index: &FindingsIndex, row: &FindingsRow) -> ListNode {
        let entry = index.entry_at(self.places[row.findings.start]);
        let group = || group_of(entry, index, self.grouping);
        match (row.kind, entry.suppression_kind()) {
            (RowKind::Suppressed, Some(hush)) => ListNode::Suppressed(hush),
            (RowKind::Group, _) => ListNode::Group(group()),
            (RowKind::Theme, _) => ListNode::Theme(group(), entry.theme),
            (RowKind::Finding | RowKind::Suppressed, _) => ListNode::Finding(entry.key.clone()),
        }
    }

    #[must_use]
    pub fn find_row(&self, index: &FindingsIndex, node: &ListNode) -> Option<usize> {
        let (kind, places) = match node {
            ListNode::Finding(key) => (RowKind::Finding, index.place_of_key(key).map(|at| vec![at])),
            ListNode::Group(group) => (RowKind::Group, index.places_in_group(group)),
            ListNode::Theme(group, _) => (RowKind::Theme, index.places_in_group(group)),
            ListNode::Suppressed(_) => (RowKind::Suppressed, None),
        };
        if places.is_none() && kind == RowKind::Finding {
            return None;
        }
        self.rows.iter().position(|row| {
            let first = self.places[row.findings.start];
            let is_near = || places.as_ref().is_none_or(|places| places.binary_search(&first).is_ok());
            row.kind == kind && is_near() && self.node_of_row(index, row) == *node
        })
    }

    /// The rows at which these groups begin.
    pub(super) fn group_rows(&self, index: &FindingsIndex, groups: &HashSet<FindingGroup>) -> HashSet<usize> {
        let these = GroupMatcher::new(index, groups, self.grouping);
        let rows = self.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Group);
        rows.filter(|(_, row)| these.contains_place(self.places[row.findings.start]))
            .map(|(at, _)| at)
            .collect()
    }

    /// The rows that a finding stands under, the outermost first; shown or folded.
    #[must_use]
    pub fn ancestor_nodes(
        entry: &ListedFinding,
        index: &FindingsIndex,
        grouping: FindingGrouping,
    ) -> [ListNode; 2] {
        if let Some(hush) = entry.suppression_kind() {
            return [ListNode::Suppressed(hush), ListNode::Suppressed(hush)];
        }
        let group = group_of(entry, index, grouping);
        [ListNode::Group(group.clone()), ListNode::Theme(group, entry.theme)]
    }
}

/// A few groups among all, which tells quickly that most findings are in none of them.
pub(super) struct GroupMatcher<'a> {
    index: &'a FindingsIndex,
    groups: &'a HashSet<FindingGroup>,
    grouping: FindingGrouping,
    places: Vec<usize>,
}

impl<'a> GroupMatcher<'a> {
    pub(super) fn new(
        index: &'a FindingsIndex,
        groups: &'a HashSet<FindingGroup>,
        grouping: FindingGrouping,
    ) -> Self {
        // Many groups may have one file.
        let files: BTreeSet<&RelPath> =
            groups.iter().filter_map(|group| index.files_of_group(group)).flatten().collect();
        Self { index, groups, grouping, places: index.places_in_files(files) }
    }

    /// True where the open finding at that place is in one of them.
    pub(super) fn contains_place(&self, at: usize) -> bool {
        self.places.binary_search(&at).is_ok()
            && self.groups.contains(&group_of(self.index.entry_at(at), self.index, self.grouping))
    }
}

impl FindingsIndex {
    /// The places of findings that may be in a group of an app or a file, in their order; none where they may be
    /// anywhere.
    pub(super) fn places_in_group(&self, group: &FindingGroup) -> Option<Vec<usize>> {
        Some(self.places_in_files(self.files_of_group(group)?))
    }

    /// The places of these files' findings, in their order.
    fn places_in_files(&self, files: BTreeSet<&RelPath>) -> Vec<usize> {
        let mut places: Vec<usize> = files.into_iter().flat_map(|path| self.places_in(path)).collect();
        places.sort_unstable();
        places
    }

    /// The files in which findings may be of a group; none where that may be any.
    fn files_of_group<'a>(&'a self, group: &'a FindingGroup) -> Option<BTreeSet<&'a RelPath>> {
        match group {
            FindingGroup::Object(path, object) => Some(self.app_files(path, object)),
            FindingGroup::File(path) => Some(BTreeSet::from([path])),
            FindingGroup::Rule(_) => None,
        }
    }

    /// The number of findings to search for those of a group.
    pub(super) fn group_search_cost(&self, group: &FindingGroup) -> usize {
        let files = self.files_of_group(group);
        files.map_or(self.entries.len(), |files| {
            files.into_iter().map(|path| self.places_in(path).len()).sum()
        })
    }

    /// The groups that the findings of these files are in.
    pub(super) fn groups_in_files(
        &self,
        paths: &BTreeSet<RelPath>,
        grouping: FindingGrouping,
    ) -> HashSet<FindingGroup> {
        let entries = paths.iter().flat_map(|path| self.entries_in(path));
        entries.map(|entry| group_of(entry, self, grouping)).collect()
    }
}

pub(super) fn group_of(
    entry: &ListedFinding,
    index: &FindingsIndex,
    grouping: FindingGrouping,
) -> FindingGroup {
    let own_file = || FindingGroup::File(entry.key.path.clone());
    match grouping {
        FindingGrouping::Rule => FindingGroup::Rule(entry.key.rule),
        FindingGrouping::App => index
            .app_of_finding(&entry.key)
            .map_or_else(own_file, |(path, object)| FindingGroup::Object(path.clone(), Arc::clone(object))),
        FindingGrouping::File => own_file(),
    }
}
