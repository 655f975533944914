//! The list of findings: folded under what they are grouped by, and under it by theme; last those that are kept quiet.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::filter::Filter;
use super::index::{Entry, Hush, Index};
use crate::finding::Severity;
use crate::fix::FindingKey;
use crate::repo::RelPath;
use crate::rules::Theme;

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
    Theme(Group, Option<Theme>),
    /// All that is kept quiet for that reason.
    Quiet(Hush),
    Finding(FindingKey),
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Row {
    pub node: Node,
    pub depth: u16,
    /// Whether what is under it is shown; none for a finding.
    pub open: Option<bool>,
    pub worst: Severity,
    /// Which of the outline's findings it stands for.
    pub findings: Range<usize>,
}

/// The rows, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub rows: Vec<Row>,
    /// Places among all of the index's findings, in the order of the list.
    order: Vec<usize>,
    /// How many of them are open.
    open: usize,
}

type Ranked = (Group, Option<Theme>, usize);

impl Outline {
    #[must_use]
    pub fn new(index: &Index, filter: &Filter, grouping: Grouping, flipped: &HashSet<Node>) -> Self {
        let mut ranked: Vec<Ranked> = index
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| filter.lets_through(entry))
            .map(|(at, entry)| (group_of(entry, index, grouping), entry.theme, at))
            .collect();
        let first = first_places(&ranked);
        ranked.sort_by(|a, b| {
            let place = |r: &Ranked| first.get(&r.0).copied().unwrap_or_default();
            let severity = |r: &Ranked| std::cmp::Reverse(index.entries[r.2].severity);
            place(a)
                .cmp(&place(b))
                .then(a.1.cmp(&b.1))
                .then(severity(a).cmp(&severity(b)))
                .then(a.2.cmp(&b.2))
        });
        let order = ranked.iter().map(|r| r.2).collect();
        let mut outline = Self { rows: Vec::new(), order, open: ranked.len() };
        let all_open = !filter.text.is_empty();
        let open = |node: &Node, by_default: bool| all_open || by_default != flipped.contains(node);
        let mut at = 0;
        for group in ranked.chunk_by(|a, b| a.0 == b.0) {
            outline.push_group(index, group, at, grouping, &open);
            at += group.len();
        }
        for hush in Hush::ALL {
            outline.push_quiet(index, filter, hush, &open);
        }
        outline
    }

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

    #[must_use]
    pub fn position(&self, node: &Node) -> Option<usize> {
        self.rows.iter().position(|row| row.node == *node)
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

    fn push_group(
        &mut self,
        index: &Index,
        group: &[Ranked],
        start: usize,
        grouping: Grouping,
        open: &dyn Fn(&Node, bool) -> bool,
    ) {
        let node = Node::Group(group[0].0.clone());
        let shown = open(&node, grouping != Grouping::Rule);
        self.push(index, node, 0, Some(shown), start..start + group.len());
        if !shown {
            return;
        }
        if grouping == Grouping::Rule {
            self.push_findings(index, start..start + group.len(), 1);
            return;
        }
        let mut at = start;
        for theme in group.chunk_by(|a, b| a.1 == b.1) {
            // A theme of one finding is that finding: a fold around it would only cost a key.
            if theme.len() == 1 {
                self.push_findings(index, at..at + theme.len(), 1);
            } else {
                let node = Node::Theme(theme[0].0.clone(), theme[0].1);
                let shown = open(&node, false);
                self.push(index, node, 1, Some(shown), at..at + theme.len());
                if shown {
                    self.push_findings(index, at..at + theme.len(), 2);
                }
            }
            at += theme.len();
        }
    }

    /// What is kept quiet, as one fold, below all that is open.
    fn push_quiet(&mut self, index: &Index, filter: &Filter, hush: Hush, open: &dyn Fn(&Node, bool) -> bool) {
        let start = self.order.len();
        let quiet = index.all().enumerate().skip(index.entries.len());
        let quiet = quiet.filter(|(_, entry)| entry.hush() == Some(hush) && filter.lets_through(entry));
        self.order.extend(quiet.map(|(at, _)| at));
        let end = self.order.len();
        if start == end {
            return;
        }
        let node = Node::Quiet(hush);
        let shown = open(&node, false);
        self.push(index, node, 0, Some(shown), start..end);
        if shown {
            self.push_findings(index, start..end, 1);
        }
    }

    fn push_findings(&mut self, index: &Index, findings: Range<usize>, depth: u16) {
        for at in findings {
            let node = Node::Finding(index.at(self.order[at]).key.clone());
            self.push(index, node, depth, None, at..at + 1);
        }
    }

    fn push(&mut self, index: &Index, node: Node, depth: u16, open: Option<bool>, findings: Range<usize>) {
        let worst = self.order[findings.clone()].iter().map(|at| index.at(*at).severity).max();
        self.rows.push(Row { node, depth, open, worst: worst.unwrap_or(Severity::Info), findings });
    }
}

fn group_of(entry: &Entry, index: &Index, grouping: Grouping) -> Group {
    let path = &entry.key.path;
    match (grouping, &entry.key.subject.object) {
        (Grouping::Rule, _) => Group::Rule(entry.key.rule),
        (Grouping::App, Some(object)) => Group::Object(path.clone(), Arc::clone(object)),
        (Grouping::App, None) => match index.owners.get(path) {
            Some((manifest, object)) => Group::Object(manifest.clone(), Arc::clone(object)),
            None => Group::File(path.clone()),
        },
        (Grouping::File, _) => Group::File(path.clone()),
    }
}

/// Where each group stands in the list: where its file first speaks of it, so that the list has the order of the files.
fn first_places(ranked: &[Ranked]) -> BTreeMap<Group, usize> {
    let mut first = BTreeMap::new();
    for (group, _, at) in ranked {
        first.entry(group.clone()).or_insert(*at);
    }
    first
}
