//! Lists the changes of a stage, each with its places, as groups of them come.

use std::collections::{HashMap, HashSet};

use super::stage_group::StageGroup;
use super::staged_change::{ChangeText, StagedChange, StagedPlace, text_of_change};
use crate::finding::FindingKey;
use crate::fix::{StagedBlock, StagedGroup};

/// The changes in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct ChangeList {
    pub changes: Vec<StagedChange>,
    /// The number of each by its text, and whether it is safe.
    numbers: HashMap<(bool, ChangeText), usize>,
    /// The last change of each short title: of several each names all that it does.
    by_title: HashMap<String, usize>,
}

impl ChangeList {
    /// Adds what a group would write, and what was left of it.
    pub(super) fn add_group(
        &mut self,
        (number, group): (usize, &StageGroup),
        left_keys: &HashSet<FindingKey>,
    ) {
        self.add_blocks((number, group.taken()), true, |_| true);
        if group.is_parted() {
            let full = &group.full;
            let is_left = |block: &StagedBlock| {
                !block.fixes.is_empty()
                    && block.fixes.iter().all(|at| left_keys.contains(&full.fixes[*at].key))
            };
            self.add_blocks((number, full), false, is_left);
        }
    }

    fn add_blocks(
        &mut self,
        (number, group): (usize, &StagedGroup),
        is_taken: bool,
        is_wanted: impl Fn(&StagedBlock) -> bool,
    ) {
        for (patch_number, patch) in group.patches.iter().enumerate() {
            for (block_number, staged) in
                patch.blocks.iter().enumerate().filter(|(_, block)| is_wanted(block))
            {
                let text = text_of_change(&patch.patch.before, &patch.patch.after, &staged.block);
                let is_safe = is_safe_block(group, staged);
                let place = StagedPlace { group: number, patch: patch_number, block: block_number, is_taken };
                let next = self.changes.len();
                let at = *self.numbers.entry((is_safe, text.clone())).or_insert(next);
                if at == next {
                    let (title, full_title) = title_of_block(group, patch_number, staged);
                    let last = self.by_title.insert(title.clone(), at);
                    self.changes.push(StagedChange {
                        text,
                        title,
                        full_title,
                        apart: None,
                        is_safe,
                        places: Vec::new(),
                        taken: 0,
                    });
                    if let Some(last) = last {
                        self.tell_apart([last, at]);
                    }
                }
                self.changes[at].places.push(place);
                self.changes[at].taken += usize::from(is_taken);
            }
        }
    }

    /// Puts the changes in the order in which they stood before: none moves under the cursor when places of it are taken
    /// or left. What was not there comes last.
    pub(super) fn keep_order(&mut self, before: &Self) {
        let place = |change: &StagedChange| {
            before.numbers.get(&(change.is_safe, change.text.clone())).copied().unwrap_or(usize::MAX)
        };
        let mut order: Vec<usize> = (0..self.changes.len()).collect();
        order.sort_by_key(|at| place(&self.changes[*at]));
        let mut now = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, old)| now[*old] = at);
        self.numbers.values_mut().chain(self.by_title.values_mut()).for_each(|at| *at = now[*at]);
        let mut changes: Vec<(usize, StagedChange)> =
            now.into_iter().zip(std::mem::take(&mut self.changes)).collect();
        changes.sort_by_key(|(at, _)| *at);
        self.changes = changes.into_iter().map(|(_, change)| change).collect();
    }

    /// Gives a change and the last one before it, which have the same title, the whole of what they do.
    fn tell_apart(&mut self, same: [usize; 2]) {
        for at in same {
            let change = &mut self.changes[at];
            change.title.clone_from(&change.full_title);
        }
    }
}

impl ChangeList {
    /// Finds for each change of those that have one title the line that the fewest of them have.
    pub(super) fn mark_alike(&mut self) {
        let mut alike: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, change) in self.changes.iter().enumerate() {
            alike.entry(change.full_title.as_str()).or_default().push(at);
        }
        let mut marks: Vec<Option<String>> = vec![None; self.changes.len()];
        for places in alike.into_values().filter(|places| places.len() > 1) {
            let mut counts: HashMap<&str, usize> = HashMap::new();
            for at in &places {
                let lines: HashSet<&str> = self.changes[*at].text.lines().collect();
                lines.into_iter().for_each(|line| *counts.entry(line).or_default() += 1);
            }
            for at in &places {
                let lines = self.changes[*at].text.lines().filter(|line| counts[line] < places.len());
                // What comes tells more than what goes.
                let rarest = lines.min_by_key(|line| (counts[line], !line.starts_with('+')));
                marks[*at] = rarest.map(|line| line[1..].trim().to_owned());
            }
        }
        for (change, mark) in self.changes.iter_mut().zip(marks) {
            change.apart = mark;
        }
    }
}

/// True where nothing is known against what makes the change: what only goes with others is as safe as all of these.
fn is_safe_block(group: &StagedGroup, staged: &StagedBlock) -> bool {
    match staged.fixes.as_slice() {
        [] => group.fixes.iter().all(|fix| fix.is_safe),
        own => own.iter().all(|at| group.fixes[*at].is_safe),
    }
}

/// What a change does, in short and whole: the titles of its fixes; where it has none, the file that it goes with.
fn title_of_block(group: &StagedGroup, patch: usize, staged: &StagedBlock) -> (String, String) {
    let mut titles: Vec<&str> = Vec::new();
    for at in &staged.fixes {
        let title = group.fixes[*at].title.as_str();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let others = group.patches.iter().enumerate().filter(|(at, _)| *at != patch);
    let short = match (titles.as_slice(), others.map(|(_, other)| &other.patch.path).next()) {
        ([], Some(path)) => format!("Goes with {}", path.file_name()),
        ([], None) => "Goes with the other changes of the file".to_owned(),
        ([one], _) => (*one).to_owned(),
        ([first, rest @ ..], _) => format!("{first} +{}", rest.len()),
    };
    let whole = if titles.is_empty() { short.clone() } else { titles.join("; ") };
    (short, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_one_title_have_the_line_that_only_they_have() {
        let change = |text: &str, title: &str| StagedChange {
            text: text.into(),
            title: title.to_owned(),
            full_title: title.to_owned(),
            apart: None,
            is_safe: true,
            places: Vec::new(),
            taken: 0,
        };
        let changes = vec![
            change("+securityContext:\n+  runAsUser: 1\n", "Set the user"),
            change("+securityContext:\n+  runAsUser: 2\n", "Set the user"),
            change("+securityContext:\n", "Set another"),
        ];
        let mut list = ChangeList { changes, ..ChangeList::default() };
        list.mark_alike();
        let marks: Vec<Option<&str>> = list.changes.iter().map(|change| change.apart.as_deref()).collect();
        assert_eq!(marks, [Some("runAsUser: 1"), Some("runAsUser: 2"), None]);
    }
}
