//! Builds the list of findings: from nothing, from the matches of a shorter filter, or after a change.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::finding_filter::FindingFilter;
use super::findings_index::FindingsIndex;
use super::findings_list::{
    FindingGroup, FindingGrouping, FindingsList, FindingsRow, GroupMatcher, ListNode, RowKind, group_of,
};
use super::list_update::PlaceShifts;
use super::path_ranks::UNRANKED;
use super::query::QueryFacts;
use super::view_order::{GroupRanks, ListRanks};
use crate::finding::{Severity, SuppressionKind};
use crate::rules::RuleTheme;

/// The options that decide which findings are listed, and in which way.
#[derive(Clone, Copy)]
pub(super) struct ListOptions<'a> {
    pub filter: &'a FindingFilter,
    pub grouping: FindingGrouping,
    pub toggled: &'a HashSet<ListNode>,
    pub facts: QueryFacts<'a>,
    pub ranks: &'a ListRanks,
}

/// The findings of a group, and the places of the group and of its themes, looked up once.
struct RankedGroup<'a, P> {
    ranks: Option<&'a GroupRanks>,
    first: usize,
    places: P,
}

impl<P> RankedGroup<'_, P> {
    fn rank(&self) -> u32 {
        self.ranks.map_or(UNRANKED, |ranks| ranks.own)
    }

    /// By its place in the order, then by where it begins.
    fn order(&self) -> (u32, usize) {
        (self.rank(), self.first)
    }
}

impl<'a> ListOptions<'a> {
    /// The places of the group in which a finding is, in the order that was taken.
    fn ranks_at(&self, index: &FindingsIndex, place: usize) -> Option<&'a GroupRanks> {
        let ranks: &'a ListRanks = self.ranks;
        if ranks.is_empty() {
            return None;
        }
        ranks.of_group(&group_of(index.entry_at(place), index, self.grouping))
    }

    /// These findings of one group, with the places that order it.
    fn ranked<P>(&self, index: &FindingsIndex, first: usize, places: P) -> RankedGroup<'a, P> {
        RankedGroup { ranks: self.ranks_at(index, first), first, places }
    }

    /// True where the rows under a row are shown.
    fn is_expanded(&self, by_default: bool, node: impl FnOnce() -> ListNode) -> bool {
        match (!self.filter.is_active(), self.toggled.is_empty()) {
            (false, _) => true,
            (true, true) => by_default,
            (true, false) => by_default != self.toggled.contains(&node()),
        }
    }
}

impl FindingsList {
    #[must_use]
    pub fn new(
        index: &FindingsIndex,
        filter: &FindingFilter,
        grouping: FindingGrouping,
        toggled: &HashSet<ListNode>,
        facts: QueryFacts<'_>,
        ranks: &ListRanks,
    ) -> Self {
        let mut open = (0..index.entries.len()).collect();
        filter.retain_matching(index, &facts, &mut open);
        Self::from_open(index, &ListOptions { filter, grouping, toggled, facts, ranks }, &open)
    }

    /// The list of these open findings, which stand in the order of the index.
    pub(super) fn from_open(index: &FindingsIndex, lens: &ListOptions<'_>, open: &[usize]) -> Self {
        let mut outline = Self::of_groups(index, lens, open, usize::MAX);
        outline.push_suppressed(index, lens);
        outline
    }

    /// The place of the first entry of that list, without the rest of it.
    pub(super) fn first_open(index: &FindingsIndex, lens: &ListOptions<'_>, open: &[usize]) -> Option<usize> {
        Self::of_groups(index, lens, open, 1).places.first().copied()
    }

    /// At most so many groups of these findings.
    fn of_groups(index: &FindingsIndex, lens: &ListOptions<'_>, open: &[usize], count: usize) -> Self {
        let mut outline = Self { grouping: lens.grouping, filter: lens.filter.clone(), ..Self::default() };
        let (order, groups) = group_places(index, lens.grouping, open);
        let ranked = groups.into_iter().map(|group| lens.ranked(index, order[group.start], &order[group]));
        let mut groups: Vec<RankedGroup<'_, &[usize]>> = ranked.collect();
        if !lens.ranks.is_empty() {
            groups.sort_by_key(RankedGroup::order);
        } else if lens.grouping == FindingGrouping::Rule {
            let worst = |places: &[usize]| places.iter().map(|at| index.entries[*at].severity).max();
            groups.sort_by_cached_key(|group| (Reverse(worst(group.places)), group.first));
        }
        groups.truncate(count);
        outline.places.reserve(groups.iter().map(|group| group.places.len()).sum());
        groups.iter().for_each(|group| outline.push_group(index, group, lens));
        outline
    }

    /// The same list after a change, by app or by file. The findings under the rows `gone` were there before it; their
    /// groups are built anew, from an index in which the findings of the others have moved.
    pub(super) fn update_groups(
        &mut self,
        index: &FindingsIndex,
        lens: &ListOptions<'_>,
        moves: &PlaceShifts,
        gone: &HashSet<usize>,
        groups: &HashSet<FindingGroup>,
    ) {
        let mut blocks: Vec<RankedGroup<'_, Vec<usize>>> = groups
            .iter()
            .filter_map(|group| {
                let mut places = index.places_in_group(group)?;
                lens.filter.retain_matching(index, &lens.facts, &mut places);
                places.retain(|at| group_of(index.entry_at(*at), index, lens.grouping) == *group);
                let first = *places.first()?;
                Some(lens.ranked(index, first, places))
            })
            .collect();
        blocks.sort_by_key(RankedGroup::order);
        let these = GroupMatcher::new(index, groups, lens.grouping);
        let mut blocks = blocks.into_iter().peekable();
        let old = std::mem::take(self);
        (self.grouping, self.filter) = (lens.grouping, lens.filter.clone());
        self.rows.reserve(old.rows.len());
        self.places.reserve(old.places.len());
        let mut rows = old.rows.into_iter().enumerate().peekable();
        while let Some((at, head)) = rows.next() {
            let places = &old.places[head.findings.clone()];
            // The suppressed findings are added again at the end.
            let stays = head.kind == RowKind::Group && !gone.contains(&at);
            if !stays || these.contains_place(moves.shift(places[0])) {
                while rows.next_if(|(_, row)| row.depth > 0).is_some() {}
                continue;
            }
            let first = places.iter().min().map_or(0, |at| moves.shift(*at));
            let stands_before = |block: &RankedGroup<'_, _>| block.order() < (head.rank, first);
            while let Some(block) = blocks.next_if(stands_before) {
                self.push_group(index, &block, lens);
            }
            let (from, to) = (head.findings.start, self.places.len());
            self.places.extend(places.iter().map(|at| moves.shift(*at)));
            self.rows.push(head.shift_findings(from, to));
            while let Some((_, row)) = rows.next_if(|(_, row)| row.depth > 0) {
                self.rows.push(row.shift_findings(from, to));
            }
        }
        for block in blocks {
            self.push_group(index, &block, lens);
        }
        self.push_suppressed(index, lens);
    }

    /// Puts a group below all others; its findings stand in the order of the index.
    fn push_group(
        &mut self,
        index: &FindingsIndex,
        ranked: &RankedGroup<'_, impl AsRef<[usize]>>,
        lens: &ListOptions<'_>,
    ) {
        let (start, first) = (self.places.len(), ranked.first);
        self.places.extend_from_slice(ranked.places.as_ref());
        let theme_rank = |theme| ranked.ranks.map_or(UNRANKED, |ranks| ranks.theme_rank(theme));
        let rank_of = |at: usize| theme_rank(index.entry_at(at).theme);
        self.places[start..].sort_by_cached_key(|at| (rank_of(*at), order_in_group(*at, index)));
        let all = start..self.places.len();
        let group = || group_of(index.entry_at(first), index, lens.grouping);
        let shown = lens.is_expanded(lens.grouping != FindingGrouping::Rule, || ListNode::Group(group()));
        self.push_row(index, RowKind::Group, 0, Some(shown), all.clone());
        if let Some(row) = self.rows.last_mut() {
            row.rank = ranked.rank();
        }
        if !shown {
            return;
        }
        if lens.grouping == FindingGrouping::Rule {
            return self.push_findings(index, all, 1);
        }
        let theme = |outline: &Self, at: usize| index.entry_at(outline.places[at]).theme;
        let mut at = start;
        while at < all.end {
            let own = theme(self, at);
            let end = (at..all.end).find(|other| theme(self, *other) != own).unwrap_or(all.end);
            self.push_theme(index, at..end, lens);
            at = end;
        }
    }

    fn push_theme(&mut self, index: &FindingsIndex, findings: Range<usize>, lens: &ListOptions<'_>) {
        // A theme of one finding is that finding: a fold around it would only cost a key.
        if findings.len() == 1 {
            return self.push_findings(index, findings, 1);
        }
        let first = index.entry_at(self.places[findings.start]);
        let node = || ListNode::Theme(group_of(first, index, lens.grouping), first.theme);
        let shown = lens.is_expanded(false, node);
        self.push_row(index, RowKind::Theme, 1, Some(shown), findings.clone());
        if shown {
            self.push_findings(index, findings, 2);
        }
    }

    /// Adds the suppressed findings below all open ones, as one fold for each kind.
    fn push_suppressed(&mut self, index: &FindingsIndex, lens: &ListOptions<'_>) {
        self.open_count = self.places.len();
        let mut quiet = (index.entries.len()..index.entries.len() + index.suppressed.len()).collect();
        lens.filter.retain_matching(index, &lens.facts, &mut quiet);
        for hush in SuppressionKind::ALL {
            let start = self.places.len();
            self.places
                .extend(quiet.iter().filter(|at| index.entry_at(**at).suppression_kind() == Some(hush)));
            let all = start..self.places.len();
            if all.is_empty() {
                continue;
            }
            let shown = lens.is_expanded(false, || ListNode::Suppressed(hush));
            self.push_row(index, RowKind::Suppressed, 0, Some(shown), all.clone());
            if shown {
                self.push_findings(index, all, 1);
            }
        }
    }

    fn push_findings(&mut self, index: &FindingsIndex, findings: Range<usize>, depth: u16) {
        for at in findings {
            self.push_row(index, RowKind::Finding, depth, None, at..at + 1);
        }
    }

    fn push_row(
        &mut self,
        index: &FindingsIndex,
        kind: RowKind,
        depth: u16,
        open: Option<bool>,
        findings: Range<usize>,
    ) {
        let worst = self.places[findings.clone()].iter().map(|at| index.entry_at(*at).severity).max();
        self.rows.push(FindingsRow {
            kind,
            depth,
            expanded: open,
            worst_severity: worst.unwrap_or(Severity::Info),
            findings,
            rank: UNRANKED,
        });
    }
}

impl FindingsRow {
    /// The same row, where its findings begin elsewhere in the order.
    fn shift_findings(mut self, from: usize, to: usize) -> Self {
        let place = |at: usize| at + to - from;
        self.findings = place(self.findings.start)..place(self.findings.end);
        self
    }
}

/// The findings group by group, each where its file first has one; and the place of each group among them.
fn group_places(
    index: &FindingsIndex,
    grouping: FindingGrouping,
    open: &[usize],
) -> (Vec<usize>, Vec<Range<usize>>) {
    let mut known: HashMap<FindingGroup, usize> = HashMap::new();
    let mut counts: Vec<usize> = Vec::new();
    let mut last = None;
    let slots: Vec<usize> = open
        .iter()
        .map(|at| {
            let key = &index.entries[*at].key;
            let about = (&key.path, &key.subject.object);
            // Neighbours are mostly of one group.
            let slot = match last {
                Some((other, slot)) if grouping != FindingGrouping::Rule && other == about => slot,
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

/// The order by theme, the most severe first, then that of the files.
fn order_in_group(at: usize, index: &FindingsIndex) -> (Option<RuleTheme>, Reverse<Severity>, usize) {
    let entry = index.entry_at(at);
    (entry.theme, Reverse(entry.severity), at)
}
