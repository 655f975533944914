//! The list of findings: folded under what they are grouped by, and under it by theme; last those that are kept quiet.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::filter::Filter;
use super::index::{Entry, Hush, Index};
use super::splice::Moves;
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
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub rows: Vec<Row>,
    /// Places among all of the index's findings, in the order of the list.
    order: Vec<usize>,
    /// How many of them are open.
    open: usize,
}

type Ranked = (Group, Option<Theme>, usize);

/// What decides which findings are listed, and how.
#[derive(Clone, Copy)]
pub(super) struct Lens<'a> {
    pub filter: &'a Filter,
    pub grouping: Grouping,
    pub flipped: &'a HashSet<Node>,
}

impl Lens<'_> {
    /// Whether what is under a row is shown.
    fn opens(&self, node: &Node, by_default: bool) -> bool {
        !self.filter.text.is_empty() || by_default != self.flipped.contains(node)
    }

    fn ranked(&self, index: &Index, at: usize) -> Option<Ranked> {
        let entry = &index.entries[at];
        let rank = || (group_of(entry, index, self.grouping), entry.theme, at);
        self.filter.lets_through(entry).then(rank)
    }
}

impl Outline {
    #[must_use]
    pub fn new(index: &Index, filter: &Filter, grouping: Grouping, flipped: &HashSet<Node>) -> Self {
        let lens = Lens { filter, grouping, flipped };
        let mut ranked: Vec<Ranked> =
            (0..index.entries.len()).filter_map(|at| lens.ranked(index, at)).collect();
        let first = first_places(&ranked, index, grouping);
        let place = |r: &Ranked| first.get(&r.0).copied();
        ranked.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| within_group(a, b, index)));
        let mut outline = Self::default();
        for group in ranked.chunk_by(|a, b| a.0 == b.0) {
            outline.append(index, group, &lens);
        }
        outline.end(index, &lens);
        outline
    }

    /// The same outline after a change, by app or by file: these groups are made anew from an index in which the
    /// others' findings have moved.
    pub(super) fn change(&mut self, index: &Index, lens: &Lens<'_>, moves: &Moves, groups: &HashSet<Group>) {
        let mut blocks: Vec<(usize, Vec<Ranked>)> = groups
            .iter()
            .filter_map(|group| {
                let places = index.places_of(group);
                let ranked = places.filter_map(|at| lens.ranked(index, at));
                let mut ranked: Vec<Ranked> = ranked.filter(|ranked| ranked.0 == *group).collect();
                ranked.sort_by(|a, b| within_group(a, b, index));
                Some((ranked.iter().map(|ranked| ranked.2).min()?, ranked))
            })
            .collect();
        blocks.sort_by_key(|(first, _)| *first);
        let mut blocks = blocks.into_iter().peekable();
        let old = std::mem::take(self);
        let mut rows = old.rows.into_iter().peekable();
        while let Some(head) = rows.next() {
            // What is kept quiet is told anew at the end.
            let stays = matches!(&head.node, Node::Group(group) if !groups.contains(group));
            if stays {
                let order = old.order[head.findings.clone()].iter();
                let order: Vec<usize> = order.map(|at| moves.moved(*at)).collect();
                let first = order.iter().min().copied().unwrap_or_default();
                while let Some((_, block)) = blocks.next_if(|(at, _)| *at < first) {
                    self.append(index, &block, lens);
                }
                let (from, to) = (head.findings.start, self.order.len());
                self.order.extend(order);
                self.rows.push(head.moved(from, to));
                while let Some(row) = rows.next_if(|row| row.depth > 0) {
                    self.rows.push(row.moved(from, to));
                }
            } else {
                while rows.next_if(|row| row.depth > 0).is_some() {}
            }
        }
        for (_, block) in blocks {
            self.append(index, &block, lens);
        }
        self.end(index, lens);
    }

    /// Below all that is open, what is kept quiet.
    fn end(&mut self, index: &Index, lens: &Lens<'_>) {
        self.open = self.order.len();
        for hush in Hush::ALL {
            self.push_quiet(index, lens, hush);
        }
    }

    fn append(&mut self, index: &Index, block: &[Ranked], lens: &Lens<'_>) {
        let start = self.order.len();
        self.order.extend(block.iter().map(|ranked| ranked.2));
        self.push_group(index, block, start, lens);
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

    fn push_group(&mut self, index: &Index, group: &[Ranked], start: usize, lens: &Lens<'_>) {
        let node = Node::Group(group[0].0.clone());
        let shown = lens.opens(&node, lens.grouping != Grouping::Rule);
        self.push(index, node, 0, Some(shown), start..start + group.len());
        if !shown {
            return;
        }
        if lens.grouping == Grouping::Rule {
            self.push_findings(index, start..start + group.len(), 1);
            return;
        }
        let mut at = start;
        for theme in group.chunk_by(|a, b| a.1 == b.1) {
            // A theme of one finding is that finding: a fold around it would only cost a key.
            if theme.len() == 1 {
                self.push_findings(index, at..at + 1, 1);
            } else {
                let node = Node::Theme(theme[0].0.clone(), theme[0].1);
                let shown = lens.opens(&node, false);
                self.push(index, node, 1, Some(shown), at..at + theme.len());
                if shown {
                    self.push_findings(index, at..at + theme.len(), 2);
                }
            }
            at += theme.len();
        }
    }

    /// What is kept quiet, as one fold, below all that is open.
    fn push_quiet(&mut self, index: &Index, lens: &Lens<'_>, hush: Hush) {
        let start = self.order.len();
        let quiet = index.all().enumerate().skip(index.entries.len());
        let quiet = quiet.filter(|(_, entry)| entry.hush() == Some(hush) && lens.filter.lets_through(entry));
        self.order.extend(quiet.map(|(at, _)| at));
        let end = self.order.len();
        if start == end {
            return;
        }
        let node = Node::Quiet(hush);
        let shown = lens.opens(&node, false);
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

impl Row {
    /// The same row, where its findings begin elsewhere in the order.
    fn moved(mut self, from: usize, to: usize) -> Self {
        let place = |at: usize| at + to - from;
        self.findings = place(self.findings.start)..place(self.findings.end);
        self
    }
}

impl Index {
    /// Where the findings stand that may be in a group of an app or a file.
    fn places_of<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = usize> + use<'a> {
        let (path, object) = match group {
            Group::Object(path, object) => (Some(path), Some((path, object))),
            Group::File(path) => (Some(path), None),
            Group::Rule(_) => (None, None),
        };
        let owned = object.into_iter().flat_map(|(path, object)| self.owned(path, object));
        path.into_iter().chain(owned).flat_map(|path| self.places(path))
    }

    /// The groups that the findings of these files are in.
    pub(super) fn groups(&self, paths: &BTreeSet<RelPath>, grouping: Grouping) -> HashSet<Group> {
        let entries = paths.iter().flat_map(|path| self.in_file(path));
        entries.map(|entry| group_of(entry, self, grouping)).collect()
    }
}

fn group_of(entry: &Entry, index: &Index, grouping: Grouping) -> Group {
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

/// By theme, the most severe first, as the files have them.
fn within_group(a: &Ranked, b: &Ranked, index: &Index) -> Ordering {
    let severity = |ranked: &Ranked| Reverse(index.entries[ranked.2].severity);
    a.1.cmp(&b.1).then_with(|| severity(a).cmp(&severity(b))).then(a.2.cmp(&b.2))
}

/// Where each group stands in the list: where its file first speaks of it, so that the list has the order of the files;
/// of rules, the most severe stand first.
fn first_places(
    ranked: &[Ranked],
    index: &Index,
    grouping: Grouping,
) -> BTreeMap<Group, (Reverse<Severity>, usize)> {
    let mut first = BTreeMap::new();
    for (group, _, at) in ranked {
        let severity = match grouping {
            Grouping::Rule => index.entries[*at].severity,
            Grouping::App | Grouping::File => Severity::Info,
        };
        let place = first.entry(group.clone()).or_insert((Reverse(severity), *at));
        place.0 = place.0.min(Reverse(severity));
    }
    first
}
