//! The list of findings, made: from nothing, from those that a shorter filter let through, or after a change.

use std::cmp::{Ordering, Reverse};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::filter::Filter;
use super::index::{Hush, Index};
use super::outline::{Group, Grouping, Kind, Node, Outline, Row, Those, group_of};
use super::splice::Moves;
use crate::finding::Severity;

/// What decides which findings are listed, and how.
#[derive(Clone, Copy)]
pub(super) struct Lens<'a> {
    pub filter: &'a Filter,
    pub grouping: Grouping,
    pub flipped: &'a HashSet<Node>,
}

impl Lens<'_> {
    /// Whether what is under a row is shown.
    fn opens(&self, by_default: bool, node: impl FnOnce() -> Node) -> bool {
        match (self.filter.text.is_empty(), self.flipped.is_empty()) {
            (false, _) => true,
            (true, true) => by_default,
            (true, false) => by_default != self.flipped.contains(&node()),
        }
    }
}

impl Outline {
    #[must_use]
    pub fn new(index: &Index, filter: &Filter, grouping: Grouping, flipped: &HashSet<Node>) -> Self {
        let mut open = (0..index.entries.len()).collect();
        filter.sift(index, &mut open);
        Self::of(index, &Lens { filter, grouping, flipped }, &open)
    }

    /// The outline of these open findings, which stand in the order of the index.
    pub(super) fn of(index: &Index, lens: &Lens<'_>, open: &[usize]) -> Self {
        let mut outline = Self { grouping: lens.grouping, filter: lens.filter.clone(), ..Self::default() };
        let (order, mut groups) = grouped(index, lens.grouping, open);
        outline.order.reserve(order.len());
        if lens.grouping == Grouping::Rule {
            let worst = |places: &[usize]| places.iter().map(|at| index.entries[*at].severity).max();
            groups.sort_by_cached_key(|group| (Reverse(worst(&order[group.clone()])), order[group.start]));
        }
        for group in groups {
            outline.append(index, &order[group], lens);
        }
        outline.end(index, lens);
        outline
    }

    /// The same outline after a change, by app or by file. What stood under the rows `gone` did so before; these groups
    /// are made anew, from an index in which the findings of the others have moved.
    pub(super) fn change(
        &mut self,
        index: &Index,
        lens: &Lens<'_>,
        moves: &Moves,
        gone: &HashSet<usize>,
        groups: &HashSet<Group>,
    ) {
        let mut blocks: Vec<Vec<usize>> = groups
            .iter()
            .filter_map(|group| {
                let mut places = index.places_of(group)?;
                lens.filter.sift(index, &mut places);
                places.retain(|at| group_of(index.at(*at), index, lens.grouping) == *group);
                (!places.is_empty()).then_some(places)
            })
            .collect();
        blocks.sort_unstable_by_key(|places| places[0]);
        let these = Those::new(index, groups, lens.grouping);
        let mut blocks = blocks.into_iter().peekable();
        let old = std::mem::take(self);
        (self.grouping, self.filter) = (lens.grouping, lens.filter.clone());
        self.rows.reserve(old.rows.len());
        self.order.reserve(old.order.len());
        let mut rows = old.rows.into_iter().enumerate().peekable();
        while let Some((at, head)) = rows.next() {
            let places = &old.order[head.findings.clone()];
            // What is kept quiet is told anew at the end.
            let stays = head.kind == Kind::Group && !gone.contains(&at);
            if !stays || these.hold(moves.moved(places[0])) {
                while rows.next_if(|(_, row)| row.depth > 0).is_some() {}
                continue;
            }
            let first = places.iter().min().map_or(0, |at| moves.moved(*at));
            while let Some(block) = blocks.next_if(|block| block[0] < first) {
                self.append(index, &block, lens);
            }
            let (from, to) = (head.findings.start, self.order.len());
            self.order.extend(places.iter().map(|at| moves.moved(*at)));
            self.rows.push(head.moved(from, to));
            while let Some((_, row)) = rows.next_if(|(_, row)| row.depth > 0) {
                self.rows.push(row.moved(from, to));
            }
        }
        for block in blocks {
            self.append(index, &block, lens);
        }
        self.end(index, lens);
    }

    /// Puts a group below all others; its findings stand in the order of the index.
    fn append(&mut self, index: &Index, group: &[usize], lens: &Lens<'_>) {
        let start = self.order.len();
        self.order.extend_from_slice(group);
        self.order[start..].sort_by(|a, b| within_group(*a, *b, index));
        let all = start..self.order.len();
        let group = || group_of(index.at(self.order[start]), index, lens.grouping);
        let shown = lens.opens(lens.grouping != Grouping::Rule, || Node::Group(group()));
        self.push(index, Kind::Group, 0, Some(shown), all.clone());
        if !shown {
            return;
        }
        if lens.grouping == Grouping::Rule {
            return self.push_findings(index, all, 1);
        }
        let theme = |outline: &Self, at: usize| index.at(outline.order[at]).theme;
        let mut at = start;
        while at < all.end {
            let own = theme(self, at);
            let end = (at..all.end).find(|other| theme(self, *other) != own).unwrap_or(all.end);
            self.push_theme(index, at..end, lens);
            at = end;
        }
    }

    fn push_theme(&mut self, index: &Index, findings: Range<usize>, lens: &Lens<'_>) {
        // A theme of one finding is that finding: a fold around it would only cost a key.
        if findings.len() == 1 {
            return self.push_findings(index, findings, 1);
        }
        let first = index.at(self.order[findings.start]);
        let node = || Node::Theme(group_of(first, index, lens.grouping), first.theme);
        let shown = lens.opens(false, node);
        self.push(index, Kind::Theme, 1, Some(shown), findings.clone());
        if shown {
            self.push_findings(index, findings, 2);
        }
    }

    /// Below all that is open, what is kept quiet: as one fold for each reason.
    fn end(&mut self, index: &Index, lens: &Lens<'_>) {
        self.open = self.order.len();
        let mut quiet = (index.entries.len()..index.entries.len() + index.quiet.len()).collect();
        lens.filter.sift(index, &mut quiet);
        for hush in Hush::ALL {
            let start = self.order.len();
            self.order.extend(quiet.iter().filter(|at| index.at(**at).hush() == Some(hush)));
            let all = start..self.order.len();
            if all.is_empty() {
                continue;
            }
            let shown = lens.opens(false, || Node::Quiet(hush));
            self.push(index, Kind::Quiet, 0, Some(shown), all.clone());
            if shown {
                self.push_findings(index, all, 1);
            }
        }
    }

    fn push_findings(&mut self, index: &Index, findings: Range<usize>, depth: u16) {
        for at in findings {
            self.push(index, Kind::Finding, depth, None, at..at + 1);
        }
    }

    fn push(&mut self, index: &Index, kind: Kind, depth: u16, open: Option<bool>, findings: Range<usize>) {
        let worst = self.order[findings.clone()].iter().map(|at| index.at(*at).severity).max();
        self.rows.push(Row { kind, depth, open, worst: worst.unwrap_or(Severity::Info), findings });
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

/// The findings group by group, each where its file first speaks of it; and where each group stands among them.
fn grouped(index: &Index, grouping: Grouping, open: &[usize]) -> (Vec<usize>, Vec<Range<usize>>) {
    let mut known: HashMap<Group, usize> = HashMap::new();
    let mut counts: Vec<usize> = Vec::new();
    let mut last = None;
    let slots: Vec<usize> = open
        .iter()
        .map(|at| {
            let key = &index.entries[*at].key;
            let about = (&key.path, &key.subject.object);
            // Neighbours are mostly of one group.
            let slot = match last {
                Some((other, slot)) if grouping != Grouping::Rule && other == about => slot,
                _ => *known.entry(group_of(&index.entries[*at], index, grouping)).or_insert(counts.len()),
            };
            if slot == counts.len() {
                counts.push(0);
            }
            counts[slot] += 1;
            last = Some((about, slot));
            slot
        })
        .collect();
    let mut end = 0;
    let groups = counts.iter().map(|count| {
        end += count;
        end - count..end
    });
    let groups: Vec<Range<usize>> = groups.collect();
    let mut next: Vec<usize> = groups.iter().map(|group| group.start).collect();
    let mut order = vec![0; open.len()];
    for (at, slot) in open.iter().zip(slots) {
        order[next[slot]] = *at;
        next[slot] += 1;
    }
    (order, groups)
}

/// By theme, the most severe first, as the files have them.
fn within_group(a: usize, b: usize, index: &Index) -> Ordering {
    let (first, second) = (index.at(a), index.at(b));
    let severity = second.severity.cmp(&first.severity);
    first.theme.cmp(&second.theme).then(severity).then(a.cmp(&b))
}
