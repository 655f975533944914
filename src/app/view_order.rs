//! Holds the order of the lists: groups and themes of findings, files and folders, and the rows of the first screen.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::findings_index::FindingsIndex;
use super::findings_list::{FindingGroup, FindingGrouping, ListNode, group_of};
use super::path_ranks::{PathRanks, UNRANKED};
use crate::audit::ListedFinding;
use crate::causes::{CauseWeight, FindingWeights};
use crate::finding::Severity;
use crate::repo::RelPath;
use crate::rules::RuleTheme;

/// The order of the lists, as a person chose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// By the worst severity, then by the weight that the first screen goes by.
    #[default]
    Weight,
    /// What changed since git's last commit first, then by weight.
    Changed,
    /// By the worst severity, then by path.
    Severity,
    /// What has the most findings first; on the first screen, what stands in the most files.
    Number,
    Path,
}

impl ListOrder {
    pub const ALL: [Self; 5] = [Self::Weight, Self::Changed, Self::Severity, Self::Number, Self::Path];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weight => "by weight",
            Self::Changed => "changed first",
            Self::Severity => "by severity",
            Self::Number => "by number",
            Self::Path => "by path",
        }
    }

    /// The order after this one; that of changes only where there are any.
    pub(super) fn next_order(self, has_changes: bool) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self).unwrap_or_default();
        let next = Self::ALL[(at + 1) % Self::ALL.len()];
        if next == Self::Changed && !has_changes { Self::Severity } else { next }
    }

    /// True where the weights of findings are needed for it.
    pub(super) const fn needs_weights(self) -> bool {
        matches!(self, Self::Weight | Self::Changed)
    }
}

/// The places of what the lists hold, as they were when the order was taken: what changes later keeps its place, and
/// what is new stands behind all that has one. Without any, lists are in the order of paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListRanks {
    groups: HashMap<FindingGroup, GroupRanks>,
    pub(super) paths: PathRanks,
}

/// The places of a group and of its themes among their kind: the same for what stands as high.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GroupRanks {
    pub own: u32,
    themes: Vec<(Option<RuleTheme>, u32)>,
}

impl Default for GroupRanks {
    fn default() -> Self {
        Self { own: UNRANKED, themes: Vec::new() }
    }
}

impl GroupRanks {
    pub(super) fn theme_rank(&self, theme: Option<RuleTheme>) -> u32 {
        self.themes.iter().find(|(known, _)| *known == theme).map_or(UNRANKED, |(_, rank)| *rank)
    }
}

impl ListRanks {
    /// Takes the order of what is open.
    pub(super) fn of_index(
        index: &FindingsIndex,
        order: ListOrder,
        weights: &FindingWeights,
        changed: &BTreeSet<RelPath>,
    ) -> Self {
        if order == ListOrder::Path {
            return Self::default();
        }
        let mut nodes: HashMap<ListNode, Vec<&ListedFinding>> = HashMap::new();
        let mut paths: HashMap<&str, Vec<&ListedFinding>> = HashMap::new();
        for entry in &index.entries {
            for grouping in FindingGrouping::ALL {
                let group = group_of(entry, index, grouping);
                if grouping != FindingGrouping::Rule {
                    nodes.entry(ListNode::Theme(group.clone(), entry.theme)).or_default().push(entry);
                }
                nodes.entry(ListNode::Group(group)).or_default().push(entry);
            }
            let mut path = entry.key.path.as_str();
            paths.entry(path).or_default().push(entry);
            while let Some((folder, _)) = path.rsplit_once('/') {
                paths.entry(folder).or_default().push(entry);
                path = folder;
            }
        }
        let about = |node: &ListNode| match node {
            ListNode::Group(FindingGroup::Object(_, object))
            | ListNode::Theme(FindingGroup::Object(_, object), _) => Some(object.to_string()),
            _ => None,
        };
        let measure = |entries: &[&ListedFinding], about: Option<&str>| {
            let is_changed = || entries.iter().any(|entry| changed.contains(&entry.key.path));
            (order == ListOrder::Changed && is_changed(), measure(entries, order, weights, about))
        };
        let nodes = nodes.into_iter().map(|(node, entries)| {
            let about = about(&node);
            let measure = measure(&entries, about.as_deref());
            (node, measure)
        });
        let paths = paths.into_iter().map(|(path, entries)| (path.to_owned(), measure(&entries, None)));
        let mut groups: HashMap<FindingGroup, GroupRanks> = HashMap::new();
        for (node, rank) in rank_all(nodes.collect()) {
            match node {
                ListNode::Group(group) => groups.entry(group).or_default().own = rank,
                ListNode::Theme(group, theme) => groups.entry(group).or_default().themes.push((theme, rank)),
                _ => {}
            }
        }
        Self { groups, paths: PathRanks::new(rank_all(paths.collect())) }
    }

    /// True where no order was taken, or that of paths.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.paths.is_empty()
    }

    /// The places of a group and of its themes; none of one that came later, or where no order was taken.
    pub(super) fn of_group(&self, group: &FindingGroup) -> Option<&GroupRanks> {
        self.groups.get(group)
    }
}

/// What something is ordered by: the greatest first.
fn measure(
    entries: &[&ListedFinding],
    order: ListOrder,
    weights: &FindingWeights,
    about: Option<&str>,
) -> (CauseWeight, usize) {
    let worst = || entries.iter().map(|entry| entry.severity).max().unwrap_or(Severity::Info);
    let of_severity = |severity| CauseWeight { severity, halves: 0 };
    match order {
        ListOrder::Weight | ListOrder::Changed => {
            let keys = entries.iter().map(|entry| &entry.key);
            (weights.total(keys, about), 0)
        }
        ListOrder::Severity => (of_severity(worst()), 0),
        ListOrder::Number => (of_severity(Severity::Info), entries.len()),
        ListOrder::Path => (of_severity(Severity::Info), 0),
    }
}

/// Ranks from 0, the greatest first, the same for what is the same.
fn rank_all<K: Hash + Eq, M: Ord>(measured: HashMap<K, M>) -> HashMap<K, u32> {
    let mut by_measure: BTreeMap<Reverse<M>, Vec<K>> = BTreeMap::new();
    for (key, measure) in measured {
        by_measure.entry(Reverse(measure)).or_default().push(key);
    }
    let ranked = by_measure.into_values().zip(0u32..);
    ranked.flat_map(|(keys, rank)| keys.into_iter().map(move |key| (key, rank))).collect()
}
