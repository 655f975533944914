//! Holds the line in which a search is typed: its candidates, what Tab takes of them, and the searches before it.

use std::ops::Range;

use super::super::findings_index::FindingsIndex;
use super::query_completion::{QueryCandidate, find_candidates};
use super::query_evaluator::QueryFacts;

/// What goes with the text while a search is typed, and what is kept of earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryPrompt {
    /// What may be taken for the term at the cursor.
    pub candidates: Vec<QueryCandidate>,
    /// The candidate that was taken, while Tab goes through them.
    pub taken: Option<usize>,
    /// The place in the text of what a candidate replaces.
    replaced: Range<usize>,
    /// The searches before, the latest last.
    history: Vec<String>,
    /// The place in the history, and what had been typed before it was gone to.
    recalled: Option<(usize, String)>,
}

/// The most searches that are kept.
const MAX_HISTORY: usize = 50;

impl QueryPrompt {
    /// Looks for the candidates anew, after the text changed.
    pub(in super::super) fn refresh(
        &mut self,
        before_cursor: &str,
        index: &FindingsIndex,
        facts: &QueryFacts<'_>,
    ) {
        (self.replaced, self.candidates) = find_candidates(before_cursor, index, facts);
        self.taken = None;
    }

    /// The suggestion is what Tab takes, in the place of the text it is for.
    pub(in super::super) fn suggest(&mut self, text: String, replaced: Range<usize>) {
        self.candidates = vec![QueryCandidate { text, is_whole: true }];
        (self.replaced, self.taken) = (replaced, None);
    }

    /// Takes the next candidate, or the one before: the text before the cursor with it. At the end of the line a blank
    /// follows where nothing else can.
    pub(in super::super) fn take_candidate(
        &mut self,
        before_cursor: &str,
        forward: bool,
        is_at_end: bool,
    ) -> Option<String> {
        let count = self.candidates.len();
        let at = match (self.taken, forward) {
            _ if count == 0 => return None,
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        let candidate = &self.candidates[at];
        let (before, after) = (&before_cursor[..self.replaced.start], &before_cursor[self.replaced.end..]);
        let end = if candidate.is_whole && count == 1 && is_at_end && after.is_empty() { " " } else { "" };
        let text = format!("{before}{}{end}{after}", candidate.text);
        self.replaced.end = self.replaced.start + candidate.text.len();
        self.taken = Some(at);
        Some(text)
    }

    /// True while Tab goes through several candidates, which stay as they are.
    pub(in super::super) fn is_choosing(&self) -> bool {
        self.taken.is_some() && self.candidates.len() > 1
    }

    /// The search before this one in the history, or after it; at the end what had been typed.
    pub(in super::super) fn recall(&mut self, typed: &str, back: bool) -> Option<String> {
        let (at, draft) = self.recalled.take().unwrap_or_else(|| (self.history.len(), typed.to_owned()));
        let next = if back { at.checked_sub(1) } else { Some(at + 1).filter(|at| *at <= self.history.len()) };
        let next = next.unwrap_or(at);
        let text = self.history.get(next).cloned().unwrap_or_else(|| draft.clone());
        self.recalled = (next < self.history.len()).then_some((next, draft));
        (text != typed).then_some(text)
    }

    /// The searches so far, the latest last.
    #[must_use]
    pub fn history(&self) -> &[String] {
        &self.history
    }

    pub(in super::super) fn set_history(&mut self, history: Vec<String>) {
        self.history = history;
    }

    /// Ends the typing, and keeps the search where it is one.
    pub(in super::super) fn close(&mut self, text: &str) {
        (self.candidates, self.taken, self.recalled) = (Vec::new(), None, None);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.history.retain(|other| other != text);
        self.history.push(text.to_owned());
        let surplus = self.history.len().saturating_sub(MAX_HISTORY);
        self.history.drain(..surplus);
    }
}
