//! The list of findings: folded under what they are grouped by, and under it by theme; last those that are kept quiet.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::filter::Filter;
use super::index::{Entry, Hush, Index};
use crate::finding::FindingKey;
use crate::finding::Severity;
use crate::repo::RelPath;
use crate::rules::RuleTheme;

/// By what the findings are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// An object with the Dockerfile that builds its image.
    #[default]
    App,
    File,
    Rule,
}

impl Grouping {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::File => "file",
            Self::Rule => "rule",
        }
    }

    pub(super) const fn next(self) -> Self {
        match self {
            Self::App => Self::File,
            Self::File => Self::Rule,
            Self::Rule => Self::App,
        }
    }
}

/// What a group is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    Object(RelPath, Arc<str>),
    File(RelPath),
    Rule(&'static str),
}

/// What a row is; the selection is kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    Group(Group),
    Theme(Group, Option<RuleTheme>),
    /// All that is kept quiet for that reason.
    Quiet(Hush),
    Finding(FindingKey),
}

/// One row of the list. Which node it is, the first of its findings tells: so a hundred thousand rows are made and moved
/// at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub(super) kind: Kind,
    pub depth: u16,
    /// Whether what is under it is shown; none for a finding.
    pub open: Option<bool>,
    pub worst: Severity,
    /// Which of the outline's findings it stands for.
    pub findings: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Group,
    Theme,
    Quiet,
    Finding,
}

/// The rows, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub rows: Vec<Row>,
    /// Places among all of the index's findings, in the order of the list.
    pub(super) order: Vec<usize>,
    /// How many of them are open.
    pub(super) open: usize,
    /// What it was made by.
    pub(super) grouping: Grouping,
    pub(super) filter: Filter,
}

impl Outline {
    /// The findings that a row stands for.
    pub fn entries<'a>(&'a self, index: &'a Index, row: &Row) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.order[row.findings.clone()].iter().map(|at| index.at(*at))
    }

    /// How many open findings are listed, folded or not.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.open
    }

    /// Whether nothing open is listed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// What a row is.
    #[must_use]
    pub fn node(&self, index: &Index, row: &Row) -> Node {
        let entry = index.at(self.order[row.findings.start]);
        let group = || group_of(entry, index, self.grouping);
        match (row.kind, entry.hush()) {
            (Kind::Quiet, Some(hush)) => Node::Quiet(hush),
            (Kind::Group, _) => Node::Group(group()),
            (Kind::Theme, _) => Node::Theme(group(), entry.theme),
            (Kind::Finding | Kind::Quiet, _) => Node::Finding(entry.key.clone()),
        }
    }

    #[must_use]
    pub fn position(&self, index: &Index, node: &Node) -> Option<usize> {
        let (kind, places) = match node {
            Node::Finding(key) => (Kind::Finding, index.place(key).map(|at| vec![at])),
            Node::Group(group) => (Kind::Group, index.places_of(group)),
            Node::Theme(group, _) => (Kind::Theme, index.places_of(group)),
            Node::Quiet(_) => (Kind::Quiet, None),
        };
        if places.is_none() && kind == Kind::Finding {
            return None;
        }
        self.rows.iter().position(|row| {
            let first = self.order[row.findings.start];
            let is_near = || places.as_ref().is_none_or(|places| places.binary_search(&first).is_ok());
            row.kind == kind && is_near() && self.node(index, row) == *node
        })
    }

    /// The rows at which these groups begin.
    pub(super) fn heads(&self, index: &Index, groups: &HashSet<Group>) -> HashSet<usize> {
        let these = Those::new(index, groups, self.grouping);
        let rows = self.rows.iter().enumerate().filter(|(_, row)| row.kind == Kind::Group);
        rows.filter(|(_, row)| these.hold(self.order[row.findings.start])).map(|(at, _)| at).collect()
    }

    /// The rows that a finding stands under, the outermost first; whether or not it is shown.
    #[must_use]
    pub fn ancestors(entry: &Entry, index: &Index, grouping: Grouping) -> [Node; 2] {
        if let Some(hush) = entry.hush() {
            return [Node::Quiet(hush), Node::Quiet(hush)];
        }
        let group = group_of(entry, index, grouping);
        [Node::Group(group.clone()), Node::Theme(group, entry.theme)]
    }
}

/// A few groups among all, so that most findings are seen at once to be in none of them.
pub(super) struct Those<'a> {
    index: &'a Index,
    groups: &'a HashSet<Group>,
    grouping: Grouping,
    near: Vec<usize>,
}

impl<'a> Those<'a> {
    pub(super) fn new(index: &'a Index, groups: &'a HashSet<Group>, grouping: Grouping) -> Self {
        let mut near: Vec<usize> =
            groups.iter().filter_map(|group| index.places_of(group)).flatten().collect();
        near.sort_unstable();
        Self { index, groups, grouping, near }
    }

    /// Whether the open finding at that place is in one of them.
    pub(super) fn hold(&self, at: usize) -> bool {
        self.near.binary_search(&at).is_ok()
            && self.groups.contains(&group_of(self.index.at(at), self.index, self.grouping))
    }
}

impl Index {
    /// Where the findings stand that may be in a group of an app or a file, in their order; none where they may be
    /// anywhere.
    pub(super) fn places_of(&self, group: &Group) -> Option<Vec<usize>> {
        let mut places: Vec<usize> = match group {
            Group::Object(path, object) => {
                let owned = self.owned(path, object);
                std::iter::once(path).chain(owned).flat_map(|path| self.places(path)).collect()
            }
            Group::File(path) => self.places(path).collect(),
            Group::Rule(_) => return None,
        };
        places.sort_unstable();
        Some(places)
    }

    /// How many findings are looked at for those of a group.
    pub(super) fn near(&self, group: &Group) -> usize {
        match group {
            Group::Object(path, _) | Group::File(path) => self.places(path).len(),
            Group::Rule(_) => self.entries.len(),
        }
    }

    /// The groups that the findings of these files are in.
    pub(super) fn groups(&self, paths: &BTreeSet<RelPath>, grouping: Grouping) -> HashSet<Group> {
        let entries = paths.iter().flat_map(|path| self.in_file(path));
        entries.map(|entry| group_of(entry, self, grouping)).collect()
    }
}

pub(super) fn group_of(entry: &Entry, index: &Index, grouping: Grouping) -> Group {
    let path = &entry.key.path;
    match (grouping, &entry.key.subject.object) {
        (Grouping::Rule, _) => Group::Rule(entry.key.rule),
        (Grouping::App, Some(object)) => Group::Object(path.clone(), Arc::clone(object)),
        (Grouping::App, None) => match index.owner(path) {
            Some((manifest, object)) => Group::Object(manifest.clone(), Arc::clone(object)),
            None => Group::File(path.clone()),
        },
        (Grouping::File, _) => Group::File(path.clone()),
    }
}
