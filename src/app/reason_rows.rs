//! Lays out the question for the reason why a finding is allowed: what is typed, and the whole line that will be written.

use super::app_state::AppState;
use super::ghost_view::gutter_cells;
use super::text_field::TextField;
use crate::finding::FindingKey;
use crate::fix::CommentPlace;
use crate::text::{LineSegment, wrap_line};

/// The cells of the question's frame, at most.
pub const REASON_CELLS: u16 = 72;
/// The cells of a frame beside its text, and the rows above and below it.
const FRAME: (u16, usize) = (4, 2);
/// The rows that always have one line: the words, the typed reason, a blank, what comes next, and the line below.
const SINGLE_ROWS: usize = 5;

/// The rows of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonRows {
    /// Where the finding stands, and its rows.
    pub place: (String, Vec<LineSegment>),
    /// The line that will be written, and its rows; none before it is known where it goes.
    pub comment: Option<(String, Vec<LineSegment>)>,
    /// The digits of the line numbers.
    pub digits: usize,
    /// The rows of all, with the frame.
    pub height: usize,
    /// True where all of it is on the screen.
    pub is_whole: bool,
}

impl AppState {
    /// Lays the question out for the screen as it is.
    #[must_use]
    pub fn compose_reason(
        &self,
        key: &FindingKey,
        typed: &TextField,
        place: Option<&CommentPlace>,
    ) -> ReasonRows {
        let cells = usize::from(REASON_CELLS.min(self.size.0).saturating_sub(FRAME.0));
        let line = self.index.find_entry(key).map(|entry| format!(":{}", entry.line)).unwrap_or_default();
        let object = key.subject.object.as_deref().map(|object| format!("{object} in ")).unwrap_or_default();
        let about = format!("{object}{}{line}", key.path);
        let rows = wrap_line(&about, cells);
        let digits = place.map_or(0, |place| (place.line + 1).to_string().len()).max(2);
        let comment = place.map(|place| {
            let line = place.written_line(key.rule, typed.text());
            let line = line.unwrap_or_else(|reason| crate::text::capitalise_text(&reason));
            let rows = wrap_line(&line, cells.saturating_sub(gutter_cells(digits)));
            (line, rows)
        });
        let written = comment.as_ref().map_or(1, |(_, rows)| rows.len());
        let height = FRAME.1 + SINGLE_ROWS + rows.len() + written;
        let is_whole = comment.is_some() && height + FRAME.1 <= usize::from(self.size.1);
        ReasonRows { place: (about, rows), comment, digits, height, is_whole }
    }
}
