//! Holds a stage while it is open, and takes in the plans of its groups as they are made.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::list_cursor::ListCursor;
use super::super::text_field::TextField;
use super::change_list::ChangeList;
use super::file_list::FileList;
use super::left_out::{LeftOutReason, group_reasons};
use super::stage_group::StageGroup;
use super::stage_row::{StageRow, StageTotals, StageView};
use super::stage_scope::{ScopedFindings, StageScope};
use super::staged_change::ChangeText;
use crate::finding::FindingKey;
use crate::fix::{FixPlan, StageOutcome, StagedGroup};
use crate::repo::RelPath;
use crate::text::to_sentence;

/// A wide fix before it is written.
#[derive(Clone, Debug, Default)]
pub struct FixStage {
    pub scope: StageScope,
    /// What was asked for, in words.
    pub title: String,
    /// The findings to plan.
    pub(super) keys: Vec<FindingKey>,
    /// The findings of the scope that nothing is planned for, with the reason.
    pub(super) unplanned: Vec<(FindingKey, String)>,
    pub(super) groups: Vec<StageGroup>,
    numbers: HashMap<RelPath, usize>,
    /// The findings whose fixes are left.
    pub(super) left_keys: HashSet<FindingKey>,
    pub changes: ChangeList,
    pub files: FileList,
    pub left_out: Vec<LeftOutReason>,
    pub breaking_reasons: Vec<LeftOutReason>,
    /// The texts that were on the screen whole.
    pub(super) seen: HashSet<ChangeText>,
    pub view: StageView,
    pub rows: Vec<StageRow>,
    pub cursor: ListCursor,
    /// The rows that are open, by their names.
    pub(super) unfolded: HashSet<String>,
    /// The place of the selected change that is shown.
    pub place: usize,
    pub detail_scroll: usize,
    /// The first line of the words about it that is shown.
    pub notes_scroll: usize,
    /// The rows of what is selected that were shown one after the other, from the first on.
    pub(super) passed_rows: usize,
    /// The words that rows must hold, and the field while they are typed.
    pub words: String,
    pub search: Option<TextField>,
    /// The findings asked for at last, and those planned of them.
    pub(super) asked_count: usize,
    pub(super) planned_count: usize,
    pub is_planned: bool,
    pub totals: StageTotals,
    /// What the repository is, and what it would come to.
    pub before: StageOutcome,
    pub outcome: Option<StageOutcome>,
    /// The findings of the file whose values are being typed.
    pub(in crate::app) value_keys: Vec<FindingKey>,
    /// The finding whose change is selected as soon as it is planned anew.
    pub(super) followed_key: Option<FindingKey>,
    /// True while it is being written.
    pub is_writing: bool,
    /// Grows with whatever changes what a frame shows.
    pub revision: u64,
}

impl FixStage {
    #[must_use]
    pub fn new(scope: StageScope, title: String, found: ScopedFindings) -> Self {
        let mut stage =
            Self { scope, title, keys: found.fixable, unplanned: found.others, ..Self::default() };
        stage.rebuild_lists(None);
        stage
    }

    /// The findings that are still to be planned; none where everything is.
    #[must_use]
    pub fn keys_to_plan(&self) -> Vec<FindingKey> {
        let known: HashSet<&FindingKey> =
            self.groups.iter().filter(|group| !group.is_pending).flat_map(|group| &group.full.keys).collect();
        let pending: HashSet<&FindingKey> =
            self.groups.iter().filter(|group| group.is_pending).flat_map(|group| &group.full.keys).collect();
        let is_wanted = |key: &&FindingKey| {
            !(known.contains(*key) || pending.contains(*key) && self.left_keys.contains(*key))
        };
        self.keys.iter().filter(is_wanted).cloned().collect()
    }

    /// Notes that these findings are asked for.
    pub(in crate::app) const fn begin_planning(&mut self, asked: usize) {
        (self.asked_count, self.planned_count) = (asked, 0);
        self.is_planned = asked == 0;
        self.outcome = None;
        self.revision += 1;
    }

    /// The findings planned so far, and all of them; none where nothing is awaited.
    #[must_use]
    pub fn progress(&self) -> Option<(usize, usize)> {
        let before = self.keys.len().saturating_sub(self.asked_count);
        (!self.is_planned).then_some((before + self.planned_count, self.keys.len()))
    }

    /// Takes in groups as they were planned.
    pub(in crate::app) fn receive_groups(&mut self, groups: Vec<StagedGroup>, planned: usize, is_last: bool) {
        self.planned_count = planned;
        let selected = self.selected_name();
        let mut is_anew = false;
        let first = self.groups.len();
        for group in groups {
            match self.numbers.get(&group.id) {
                Some(at) => {
                    let known = &mut self.groups[*at];
                    (known.parted, known.is_pending) = (Some(group), false);
                    is_anew = true;
                }
                None => {
                    self.numbers.insert(group.id.clone(), self.groups.len());
                    self.groups.push(StageGroup { full: group, parted: None, is_pending: false });
                }
            }
        }
        if is_last {
            self.is_planned = true;
        }
        let added: BTreeSet<usize> = (first..self.groups.len()).collect();
        let left = added
            .iter()
            .filter(|at| self.groups[**at].full.keys.iter().any(|key| self.left_keys.contains(key)));
        let left: BTreeSet<usize> = left.copied().collect();
        is_anew |= !left.is_empty();
        self.part_groups(&left);
        if is_anew {
            self.rebuild_lists(selected);
            return self.select_followed();
        }
        // Before the first change there was nothing that a person chose.
        let before = selected.filter(|_| !self.changes.changes.is_empty());
        if before.is_none() {
            self.cursor = ListCursor::default();
        }
        for at in added {
            self.changes.add_group((at, &self.groups[at]), &self.left_keys);
            self.files.add_group((at, &self.groups[at]));
        }
        self.finish_lists(before);
        self.select_followed();
    }

    /// Lists anew what is taken of these groups.
    pub(in crate::app) fn take_groups_anew(&mut self, numbers: &BTreeSet<usize>) {
        let selected = self.selected_name();
        self.part_groups(numbers);
        self.rebuild_lists(selected);
    }

    /// Says what is taken of these groups, as far as that needs no plan; the others are pending.
    fn part_groups(&mut self, numbers: &BTreeSet<usize>) {
        for at in numbers {
            let group = &mut self.groups[*at];
            let left = group.full.keys.iter().filter(|key| self.left_keys.contains(*key)).count();
            let is_fixed = |key: &FindingKey| group.full.fixes.iter().any(|fix| fix.key == *key);
            let mut taken = group.full.keys.iter().filter(|key| !self.left_keys.contains(*key));
            (group.parted, group.is_pending) = if left == 0 {
                (None, false)
            } else if taken.any(is_fixed) {
                (group.parted.take().or_else(|| Some(group.full.clone())), true)
            } else {
                let (id, keys) = (group.full.id.clone(), group.full.keys.clone());
                (Some(StagedGroup::without_fixes(id, keys)), false)
            };
        }
    }

    /// Forgets the groups that these files are part of, and findings that are there no more. True where there were any.
    pub(in crate::app) fn forget_files(
        &mut self,
        files: &BTreeSet<RelPath>,
        is_open: impl Fn(&FindingKey) -> bool,
    ) -> bool {
        let touches = |group: &StagedGroup| {
            group.keys.iter().any(|key| files.contains(&key.path))
                || group.patches.iter().any(|patch| files.contains(&patch.patch.path))
        };
        let selected = self.selected_name();
        let before = (self.groups.len(), self.keys.len(), self.unplanned.len());
        self.keys.retain(&is_open);
        self.unplanned.retain(|(key, _)| is_open(key));
        self.groups.retain(|group| !touches(&group.full) && group.full.keys.iter().all(&is_open));
        let is_changed = before != (self.groups.len(), self.keys.len(), self.unplanned.len());
        if is_changed {
            self.numbers =
                self.groups.iter().enumerate().map(|(at, group)| (group.full.id.clone(), at)).collect();
            self.rebuild_lists(selected);
        }
        is_changed
    }

    /// Leaves out what stands in files that do not parse at the moment, for that reason, and takes it in again once they
    /// do. True where that changes anything.
    pub(in crate::app) fn park_findings(
        &mut self,
        is_half_saved: impl Fn(&FindingKey) -> bool,
        reason: &str,
    ) -> bool {
        let (parked, kept) = std::mem::take(&mut self.keys).into_iter().partition(&is_half_saved);
        let parked: Vec<FindingKey> = parked;
        self.keys = kept;
        let is_back = |(key, why): &(FindingKey, String)| why == reason && !is_half_saved(key);
        let (back, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.unplanned).into_iter().partition(is_back);
        let is_changed = !parked.is_empty() || !back.is_empty();
        self.unplanned = rest;
        self.unplanned.extend(parked.into_iter().map(|key| (key, reason.to_owned())));
        self.keys.extend(back.into_iter().map(|(key, _)| key));
        is_changed
    }

    /// Forgets every plan of these findings: a value that they write is another now.
    pub(in crate::app) fn forget_findings(&mut self, keys: &[FindingKey]) {
        let files = keys.iter().map(|key| key.path.clone()).collect();
        self.followed_key = keys.first().cloned();
        self.forget_files(&files, |_| true);
    }

    /// Lists everything anew. The row of that name, of before anything was changed, keeps the cursor.
    fn rebuild_lists(&mut self, selected: Option<String>) {
        let before = std::mem::take(&mut self.changes);
        self.files = FileList::default();
        for (at, group) in self.groups.iter().enumerate() {
            self.changes.add_group((at, group), &self.left_keys);
            self.files.add_group((at, group));
        }
        self.changes.keep_order(&before);
        self.finish_lists(selected);
    }

    fn finish_lists(&mut self, before: Option<String>) {
        self.changes.mark_alike();
        // What has no fix of its own may go along with another's.
        let resolved: HashSet<&FindingKey> =
            self.groups.iter().flat_map(|group| &group.full.resolves).collect();
        let unplanned = self.unplanned.iter().filter(|(key, _)| !resolved.contains(key));
        let withheld = self.groups.iter().flat_map(|group| &group.full.withheld).chain(unplanned);
        self.left_out = group_reasons(withheld.map(|(key, reason)| (key, to_sentence(reason))));
        let breaking = self.groups.iter().flat_map(|group| &group.full.breaking_fixes);
        self.breaking_reasons = group_reasons(breaking.map(|fix| {
            let causes = fix.assessment.causes();
            let reason =
                causes.first().map_or("nothing says that the program goes on with it", String::as_str);
            (&fix.key, to_sentence(reason))
        }));
        self.count_totals();
        self.rebuild_rows(before);
        self.revision += 1;
    }

    /// The plan that writes all that is taken.
    #[must_use]
    pub fn joined_plan(&self) -> FixPlan {
        let title = format!("Fix {} findings", self.totals.resolved);
        StagedGroup::join_groups(self.groups.iter().map(StageGroup::taken), &title)
    }

    /// True while the values of one of its files are typed, which has the panes.
    #[must_use]
    pub const fn is_aside(&self) -> bool {
        !self.value_keys.is_empty()
    }

    /// The groups by their numbers in places.
    #[must_use]
    pub fn groups(&self) -> &[StageGroup] {
        &self.groups
    }
}
