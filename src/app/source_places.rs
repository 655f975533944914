//! Keeps places of the source that can be gone back to: those that were jumped from, and those under a letter.

use std::collections::BTreeMap;

use super::findings_list::ListNode;
use super::screen_layout::Pane;
use crate::repo::RelPath;

/// A place that was left: a line of a file, what was selected, and the pane that had the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    pub path: RelPath,
    /// From 1.
    pub line: usize,
    pub node: Option<ListNode>,
    pub active_list: Pane,
    pub focus: Pane,
    /// The row of the page of what is rendered of the file, where that was in view.
    pub rendered_row: Option<usize>,
    /// The linked file that it was left for; none where another jump left it.
    pub left_for: Option<RelPath>,
}

/// The places that can be gone back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePlaces {
    /// The places that were jumped from, the latest last.
    jumps: Vec<SourcePlace>,
    /// The file that the last jump led to, while its source has had the keys since.
    arrival: Option<RelPath>,
    /// The file that was not read whole and was shown last: the next one comes after it.
    pub(super) last_unread: Option<RelPath>,
    /// The places under a letter.
    pub marks: BTreeMap<char, SourcePlace>,
    /// True for setting a mark, false for going to one, while its letter is awaited.
    pub awaited_mark: Option<bool>,
}

/// The most places that are kept to go back to.
const MAX_JUMPS: usize = 50;

impl SourcePlaces {
    pub(super) fn push_jump(&mut self, place: SourcePlace) {
        if self.jumps.last() != Some(&place) {
            self.jumps.push(place);
        }
        let surplus = self.jumps.len().saturating_sub(MAX_JUMPS);
        self.jumps.drain(..surplus);
    }

    /// The last jump led to this file.
    pub(super) fn note_arrival(&mut self, path: RelPath) {
        self.arrival = Some(path);
    }

    /// A person went on from where the last jump led.
    pub(super) fn forget_arrival(&mut self) {
        self.arrival = None;
    }

    /// True while the file in view is the one that the last jump led to.
    pub(super) fn is_arrived_at(&self, path: Option<&RelPath>) -> bool {
        path.is_some() && self.arrival.as_ref() == path && !self.jumps.is_empty()
    }

    pub(super) fn pop_jump(&mut self) -> Option<SourcePlace> {
        self.jumps.pop()
    }

    /// The place that was jumped from last.
    #[must_use]
    pub fn last_jump(&self) -> Option<&SourcePlace> {
        self.jumps.last()
    }
}
