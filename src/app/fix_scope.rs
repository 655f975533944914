//! Selects the findings of a wider fix, for its menu and its plan.

use super::app_state::AppState;
use super::dialog_state::FixScope;
use crate::audit::ListedFinding;
use crate::finding::{FindingKey, Safety};
use crate::rules::BOUND_RULES;

impl AppState {
    /// The findings that a fix of that scope fixes, by the selection.
    #[must_use]
    pub fn keys_in_scope(&self, reach: FixScope) -> Vec<FindingKey> {
        self.entries_in_scope(reach).map(|entry| entry.key.clone()).collect()
    }

    /// The number of findings that a fix of that scope fixes.
    #[must_use]
    pub fn count_in_scope(&self, reach: FixScope) -> usize {
        self.entries_in_scope(reach).count()
    }

    fn entries_in_scope(&self, reach: FixScope) -> impl Iterator<Item = &ListedFinding> {
        let rule = self.current_finding().map(|entry| entry.key.rule);
        let path = self.current_path();
        let safe = Some(Safety::Safe);
        let review = [safe, Some(Safety::Review)];
        // A fix that lacks another value is made by a person, one at a time; a bound that is a mere default, where its
        // rule is what the person chose.
        let by_rule = matches!(reach, FixScope::RuleInFile | FixScope::RuleEverywhere);
        let fixable = move |entry: &&ListedFinding| {
            let is_bound = by_rule && BOUND_RULES.contains(&entry.key.rule) && entry.safety().is_some();
            review.contains(&entry.safety()) || entry.needs_registry() || is_bound
        };
        let entries = self.index.entries.iter().map(|entry| &**entry).filter(fixable);
        entries.filter(move |entry| match reach {
            FixScope::Selected | FixScope::Breaking | FixScope::Settings => false,
            FixScope::RuleInFile => rule == Some(entry.key.rule) && path == Some(&entry.key.path),
            FixScope::RuleEverywhere => rule == Some(entry.key.rule),
            FixScope::SafeInFile => entry.safety() == safe && path == Some(&entry.key.path),
            FixScope::Safe => entry.safety() == safe,
            FixScope::Review => !entry.needs_registry(),
            FixScope::ImagesInFile => entry.needs_registry() && path == Some(&entry.key.path),
            FixScope::Images => entry.needs_registry(),
        })
    }
}
