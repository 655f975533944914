//! Takes the view that was kept the last time, and asks to keep the one of this time when it changes.

use std::collections::HashSet;

use super::app_event::AppEffect;
use super::app_state::AppState;
use super::backend_protocol::BackendRequest;
use super::findings_list::FindingGrouping;
use super::kept_view::KeptView;
use super::view_order::ListOrder;
use crate::finding::Severity;

/// The most rows whose folds are kept: who opened more of them meant all, and finds that again with one key.
const MAX_KEPT_ROWS: usize = 2_000;

impl KeptView {
    /// True where nobody chose anything and no score is known: nothing is worth keeping.
    fn is_default(&self) -> bool {
        let is_empty = self.folded_folders.is_empty() && self.toggled.is_empty() && self.searches.is_empty();
        let is_usual = self.grouping == FindingGrouping::default() && self.order == ListOrder::default();
        is_empty && is_usual && self.min_severity == Severity::Info && self.scores.is_empty()
    }

    #[must_use]
    pub fn of_state(state: &AppState) -> Self {
        let is_few = state.toggled.len() <= MAX_KEPT_ROWS;
        Self {
            grouping: state.grouping,
            order: state.order,
            min_severity: state.filter.min_severity,
            folded_folders: state.folded_folders.iter().cloned().collect(),
            toggled: if is_few { state.toggled.clone() } else { HashSet::new() },
            scores: state.scores.clone(),
            searches: state.query_prompt.history().to_vec(),
        }
    }
}

impl AppState {
    /// Shows the repository as it was shown the last time.
    pub(super) fn restore_view(&mut self, view: KeptView) {
        self.grouping = view.grouping;
        self.order = view.order;
        self.filter.min_severity = view.min_severity;
        self.folded_folders = view.folded_folders.into_iter().collect();
        self.toggled = view.toggled;
        let own = std::mem::take(&mut self.scores);
        self.scores = view.scores;
        for score in own {
            self.push_score(score);
        }
        self.query_prompt.set_history(view.searches.clone());
        self.rebuild_lists();
        self.kept_view = Some(KeptView::of_state(self));
    }

    /// Adds a score to the history, where it is another than the last.
    pub(super) fn push_score(&mut self, score: u8) {
        if self.scores.last() != Some(&score) {
            self.scores.push(score);
            let surplus = self.scores.len().saturating_sub(MAX_SCORES);
            self.scores.drain(..surplus);
        }
    }

    /// The request to keep the view, where it has changed since it was last kept. Before the first scan is over there is
    /// nothing to keep.
    pub(super) fn request_keeping(&mut self) -> Option<AppEffect> {
        if !self.is_scanned {
            return None;
        }
        let view = KeptView::of_state(self);
        let is_known = self.kept_view.as_ref().map_or_else(|| view.is_default(), |kept| *kept == view);
        if is_known {
            return None;
        }
        self.kept_view = Some(view.clone());
        Some(AppEffect::Ask(BackendRequest::KeepView(Box::new(view))))
    }
}

/// The number of scores that the header's line shows.
const MAX_SCORES: usize = 16;
