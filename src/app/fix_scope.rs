//! Selects the findings of a stage by its scope: those to plan, and the others with the reason why not.

use super::app_state::AppState;
use super::file_tree::FileTreeNode;
use super::findings_list::{FindingGrouping, group_of};
use super::screen_layout::Pane;
use super::stage::{ScopedFindings, StageScope};
use crate::audit::ListedFinding;
use crate::finding::{FindingKey, Safety, Severity};
use crate::rules::BOUND_RULES;

/// Why nothing is fixed in a file that does not parse at the moment.
pub(super) const HALF_SAVED: &str =
    "its file does not parse as it was saved last: no fix until it parses again";

impl AppState {
    /// The findings of a scope, by the selection.
    #[must_use]
    pub fn findings_in_scope(&self, scope: StageScope) -> ScopedFindings {
        self.part_findings(self.entries_in_scope(scope), scope)
    }

    /// These findings, as far as they are open.
    #[must_use]
    pub fn scope_of_keys(&self, keys: &[FindingKey]) -> ScopedFindings {
        let entries = keys.iter().filter_map(|key| self.index.find_entry(key));
        self.part_findings(entries.filter(|entry| entry.is_open()).collect(), StageScope::Selected)
    }

    /// Parts findings into those that a stage plans and the others.
    fn part_findings(&self, entries: Vec<&ListedFinding>, scope: StageScope) -> ScopedFindings {
        let mut found = ScopedFindings::default();
        for entry in entries {
            let half_saved = self.store.is_half_saved(&entry.key.path).then(|| HALF_SAVED.to_owned());
            match half_saved.or_else(|| reason_to_leave(entry, scope)) {
                None => found.fixable.push(entry.key.clone()),
                Some(reason) => found.others.push((entry.key.clone(), reason)),
            }
        }
        found
    }

    /// The findings that a stage of that scope would plan.
    #[must_use]
    pub fn keys_in_scope(&self, scope: StageScope) -> Vec<FindingKey> {
        self.findings_in_scope(scope).fixable
    }

    fn entries_in_scope(&self, scope: StageScope) -> Vec<&ListedFinding> {
        if scope == StageScope::Selected {
            return self.selected_entries();
        }
        let current = self.current_finding();
        let path = self.current_path();
        let folder = self.folder_in_view();
        let app = |entry: &ListedFinding| group_of(entry, &self.index, FindingGrouping::App);
        let own_app = current.filter(|_| scope == StageScope::App).map(app);
        let entries = self.index.entries.iter().map(|entry| &**entry);
        let is_in_scope = |entry: &&ListedFinding| match scope {
            StageScope::Selected => false,
            StageScope::Rule => current.is_some_and(|own| own.key.rule == entry.key.rule),
            StageScope::File => path == Some(&entry.key.path),
            StageScope::Folder => {
                folder.as_deref().is_some_and(|folder| entry.key.path.as_str().starts_with(folder))
            }
            StageScope::App => own_app.as_ref() == Some(&app(entry)),
            StageScope::Severity => current.is_some_and(|own| own.severity == entry.severity),
            // What the first screen hides is not among the fixes that it counts.
            StageScope::Safe => {
                let is_shown = !self.first_screen.is_open
                    || self.first_screen.shows_info
                    || entry.severity > Severity::Info;
                is_shown && matches!(entry.safety(), Some(Safety::Safe | Safety::Review))
            }
            StageScope::All => true,
        };
        entries.filter(is_in_scope).collect()
    }

    /// The folder that is selected in the tree, else that of the file in view; with the slash at its end, empty at the
    /// top.
    pub(super) fn folder_in_view(&self) -> Option<String> {
        match &self.selected_path {
            Some(FileTreeNode::Folder(folder)) if self.active_list == Pane::Files => {
                Some(format!("{folder}/"))
            }
            _ => self.current_path().map(|path| folder_of(path.as_str()).to_owned()),
        }
    }

    /// A scope in words, as the selection has it.
    #[must_use]
    pub fn scope_title(&self, scope: StageScope) -> String {
        let current = self.current_finding();
        let path = self.current_path().map_or("", |path| path.as_str());
        match scope {
            StageScope::Selected => "what is selected".to_owned(),
            StageScope::Rule => current.map_or_else(String::new, |entry| entry.key.rule.to_owned()),
            StageScope::File => path.to_owned(),
            StageScope::Folder => self
                .folder_in_view()
                .filter(|folder| !folder.is_empty())
                .unwrap_or_else(|| "the whole folder".to_owned()),
            StageScope::App => match current.and_then(|entry| self.index.app_of_finding(&entry.key)) {
                Some((_, object)) => object.to_string(),
                None => path.to_owned(),
            },
            StageScope::Severity => {
                current.map_or_else(String::new, |entry| format!("severity {}", entry.severity))
            }
            StageScope::Safe => "all safe".to_owned(),
            StageScope::All => "everything, with review".to_owned(),
        }
    }
}

/// A file's folder, with the slash at its end; empty at the top.
fn folder_of(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |at| at + 1)]
}

/// Why a finding is no part of a stage; none where it is.
fn reason_to_leave(entry: &ListedFinding, scope: StageScope) -> Option<String> {
    let is_rule = matches!(scope, StageScope::Rule | StageScope::Selected);
    if entry.needs_registry() {
        return Some("a registry has its value: F i asks for the file in view, F I for all".to_owned());
    }
    match entry.safety() {
        Some(Safety::Safe | Safety::Review) => None,
        // A bound that is a mere default is written where its rule is what the person chose.
        Some(Safety::Value) if is_rule && BOUND_RULES.contains(&entry.key.rule) => None,
        Some(Safety::Value) if BOUND_RULES.contains(&entry.key.rule) => {
            Some("its bound would be a mere default: F r writes it where its rule is chosen".to_owned())
        }
        Some(Safety::Value) => Some("it needs a value from a person: v, at the finding".to_owned()),
        None => Some(match entry.finding.withheld_reason() {
            Some(reason) => reason.to_owned(),
            None => "by hand: its rule has no fix, a person decides".to_owned(),
        }),
    }
}
