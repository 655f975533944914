//! Chooses the lines of a patched file that a pane shows, whole and wrapped, and tells whether that is all of its fix.
//! The panes draw these rows and no others; `f` asks the same function.

use std::ops::Range;

use super::patched_file::{PatchedFile, PatchedLine};
use crate::text::diff::LineChange;
use crate::text::{LineSegment, wrap_rows};

/// Cells of a row beside a line's number and its text: sign, bar, and blanks between them.
const GUTTER_CELLS: usize = 6;
/// The unchanged lines around each change, where not all lines between the changes have room: the most that fit.
const CONTEXT_LINES: [usize; 6] = [12, 6, 3, 2, 1, 0];

/// One row of a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GhostRow {
    /// A line, or with a `part` above 0 one of the rows that it goes on in.
    Line { line: PatchedLine, part: usize, segment: LineSegment },
    /// Unchanged lines that are left out; their number.
    Gap(usize),
    /// Changed lines that have no room; their number.
    Rest(usize),
}

/// The part of a file that a pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GhostAnchor {
    /// Every change, and one line where there is room: from `top` on where all of it is in view there, else around its
    /// middle. Places.
    Changes { line: usize, top: usize },
    /// The lines from this place on.
    Lines(usize),
}

/// The room that a pane has for a file.
pub struct GhostRoom<'a> {
    /// Cells for the text of a line, beside its gutter.
    pub cells: usize,
    pub rows: usize,
    /// Cells at the right that a line does not have, for marks on it.
    pub reserved: &'a dyn Fn(PatchedLine) -> usize,
}

/// The rows of a pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GhostView {
    pub rows: Vec<GhostRow>,
    /// The changed lines, and how many of them are shown whole.
    pub changed: usize,
    pub changed_whole: usize,
    /// The place of the first line shown.
    pub top: usize,
}

impl GhostView {
    /// True where every changed line is shown, each to its end.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.changed == self.changed_whole
    }
}

/// The cells of a gutter with line numbers of so many digits.
#[must_use]
pub const fn gutter_cells(digits: usize) -> usize {
    digits + GUTTER_CELLS
}

/// The digits of the numbers of a file's lines.
#[must_use]
pub fn number_digits(file: &PatchedFile) -> usize {
    let most = file.before.line_count().max(file.after.line_count());
    most.to_string().len().max(2)
}

/// Chooses the rows of a pane.
#[must_use]
pub fn compose_view(file: &PatchedFile, anchor: GhostAnchor, room: &GhostRoom<'_>) -> GhostView {
    let composer = ViewComposer { file, room };
    let pieces = match anchor {
        GhostAnchor::Changes { line, top } => composer.pieces_around_changes(line, top),
        GhostAnchor::Lines(top) => std::iter::once(top..file.line_count()).collect(),
    };
    let view = composer.lay_out(&pieces, room.rows);
    if view.is_whole() || matches!(anchor, GhostAnchor::Lines(_)) || room.rows < 2 {
        return view;
    }
    let mut view = composer.lay_out(&pieces, room.rows - 1);
    view.rows.push(GhostRow::Rest(view.changed - view.changed_whole));
    view
}

/// The first line of a file in view, counted from 0, from which on the cursor's line is in view: `top`, or one further
/// down where lines above it wrap.
pub(super) fn top_showing_line(file: &PatchedFile, top: usize, cursor: usize, room: &GhostRoom<'_>) -> usize {
    let composer = ViewComposer { file, room };
    // A line further away than a pane has rows cannot be in view.
    let mut top = top.min(cursor).max((cursor + 1).saturating_sub(room.rows));
    while top < cursor
        && composer.rows_of(file.place_of_line(top)..file.place_of_line(cursor) + 1) > room.rows
    {
        top += 1;
    }
    top
}

struct ViewComposer<'a> {
    file: &'a PatchedFile,
    room: &'a GhostRoom<'a>,
}

impl ViewComposer<'_> {
    fn segments(&self, place: usize) -> (PatchedLine, Vec<LineSegment>) {
        let line = self.file.line_at(place);
        let cells = self.room.cells.saturating_sub((self.room.reserved)(line));
        // More rows than a pane has are as good as all.
        (line, wrap_rows(self.file.text_of(line), cells, self.room.rows + 1))
    }

    /// The rows that these lines take, counted no further than a pane and one.
    fn rows_of(&self, lines: Range<usize>) -> usize {
        let mut rows = 0;
        for place in lines {
            if rows > self.room.rows {
                break;
            }
            rows += self.segments(place).1.len();
        }
        rows
    }

    /// All changes with the lines around them: the whole run where it has room, else with gaps between them.
    fn pieces_around_changes(&self, anchor: usize, top: usize) -> Vec<Range<usize>> {
        let count = self.file.line_count();
        let anchor = anchor.min(count.saturating_sub(1));
        let changes: Vec<Range<usize>> =
            self.file.changed_lines().filter(|lines| !lines.is_empty()).collect();
        let mut must = changes.clone();
        must.push(anchor..(anchor + 1).min(count));
        must.sort_by_key(|lines| lines.start);
        let whole = must[0].start..must.iter().map(|lines| lines.end).max().unwrap_or_default();
        if top <= whole.start && self.rows_of(top..whole.end) <= self.room.rows {
            return self.grow_downwards(top..whole.end);
        }
        if self.rows_of(whole.clone()) <= self.room.rows {
            return self.grow(std::iter::once(whole).collect());
        }
        let fitting = CONTEXT_LINES.into_iter().find_map(|context| self.pieces_with(&must, context));
        if let Some(pieces) = fitting.or_else(|| self.pieces_with(&changes, 0)) {
            return self.grow(pieces);
        }
        // Not even the changes alone have room: as many of them as have.
        self.join_pieces(&changes, 0)
    }

    /// The lines with so many around them, where they have room.
    fn pieces_with(&self, must: &[Range<usize>], context: usize) -> Option<Vec<Range<usize>>> {
        let pieces = self.join_pieces(must, context);
        (self.rows_with_gaps(&pieces) <= self.room.rows).then_some(pieces)
    }

    /// The lines with so many around them, joined where no more than one line would be left out.
    fn join_pieces(&self, must: &[Range<usize>], context: usize) -> Vec<Range<usize>> {
        let count = self.file.line_count();
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for lines in must {
            let wide = lines.start.saturating_sub(context)..(lines.end + context).min(count);
            match pieces.last_mut() {
                Some(last) if wide.start <= last.end + 1 => last.end = last.end.max(wide.end),
                _ => pieces.push(wide),
            }
        }
        pieces
    }

    fn rows_with_gaps(&self, pieces: &[Range<usize>]) -> usize {
        let mut rows = pieces.len().saturating_sub(1);
        for piece in pieces {
            if rows > self.room.rows {
                break;
            }
            rows += self.rows_of(piece.clone());
        }
        rows
    }

    /// Fills the room that is left with the lines above and below, in equal parts.
    fn grow(&self, mut pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let left = self.room.rows.saturating_sub(self.rows_with_gaps(&pieces));
        let count = self.file.line_count();
        let Some(last) = pieces.len().checked_sub(1) else { return pieces };
        let mut above = left / 2;
        let mut below = left - above;
        self.grow_upwards(&mut pieces[0], &mut above);
        below += above;
        while pieces[last].end < count && self.take_line(pieces[last].end, &mut below) {
            pieces[last].end += 1;
        }
        // At the end of the file, the rest goes above; elsewhere the next line is begun.
        if pieces[last].end < count {
            pieces[last].end += usize::from(below > 0);
        } else {
            self.grow_upwards(&mut pieces[0], &mut below);
        }
        pieces
    }

    /// Fills the room that is left with the lines below.
    fn grow_downwards(&self, mut piece: Range<usize>) -> Vec<Range<usize>> {
        let mut below = self.room.rows.saturating_sub(self.rows_of(piece.clone()));
        while piece.end < self.file.line_count() && self.take_line(piece.end, &mut below) {
            piece.end += 1;
        }
        piece.end = (piece.end + usize::from(below > 0)).min(self.file.line_count());
        std::iter::once(piece).collect()
    }

    fn grow_upwards(&self, piece: &mut Range<usize>, rows: &mut usize) {
        while piece.start > 0 && self.take_line(piece.start - 1, rows) {
            piece.start -= 1;
        }
    }

    /// Takes the rows of a line, where so many are left.
    fn take_line(&self, place: usize, rows: &mut usize) -> bool {
        let left = rows.checked_sub(self.segments(place).1.len());
        *rows = left.unwrap_or(*rows);
        left.is_some()
    }

    /// The rows of these lines, as many as have room.
    fn lay_out(&self, pieces: &[Range<usize>], rows: usize) -> GhostView {
        let mut view = GhostView {
            changed: self.file.changed_lines().map(|lines| lines.len()).sum(),
            top: pieces.first().map_or(0, |piece| piece.start),
            ..GhostView::default()
        };
        let mut before = None;
        'pieces: for piece in pieces {
            if let Some(end) = before.replace(piece.end) {
                view.rows.push(GhostRow::Gap(piece.start - end));
            }
            for place in piece.clone() {
                let (line, segments) = self.segments(place);
                let is_whole = view.rows.len() + segments.len() <= rows;
                view.changed_whole += usize::from(is_whole && line.change != LineChange::Unchanged);
                let parts = segments.into_iter().enumerate();
                view.rows.extend(parts.map(|(part, segment)| GhostRow::Line { line, part, segment }));
                if view.rows.len() >= rows {
                    break 'pieces;
                }
            }
        }
        view.rows.truncate(rows);
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::FilePatch;
    use crate::text::SourceText;

    fn numbered(lines: usize) -> String {
        (1..=lines).map(|n| format!("line {n}\n")).collect()
    }

    fn patched(before: &str, after: &str) -> PatchedFile {
        let (before, after) = (SourceText::new(before), SourceText::new(after));
        PatchedFile::new(&FilePatch { path: "a".into(), before, after })
    }

    fn view(file: &PatchedFile, anchor: GhostAnchor, cells: usize, rows: usize) -> (Vec<String>, GhostView) {
        let view = compose_view(file, anchor, &GhostRoom { cells, rows, reserved: &|_| 0 });
        let row = |row: &GhostRow| match row {
            GhostRow::Line { line, segment, .. } => file.text_of(*line)[segment.bytes.clone()].to_owned(),
            GhostRow::Gap(count) => format!("gap of {count}"),
            GhostRow::Rest(count) => format!("rest of {count}"),
        };
        (view.rows.iter().map(row).collect(), view)
    }

    #[test]
    fn a_change_stands_in_the_middle_of_its_pane() {
        let file = patched(&numbered(40), &numbered(40).replace("line 20\n", "line 20\nnew\n"));
        let (rows, view) = view(&file, GhostAnchor::Changes { line: 19, top: 30 }, 20, 6);
        assert_eq!(rows, ["line 18", "line 19", "line 20", "new", "line 21", "line 22"]);
        assert!(view.is_whole());
    }

    #[test]
    fn changes_far_apart_are_joined_by_gaps() {
        let after = numbered(40).replace("line 3\n", "three\n").replace("line 30\n", "line 30\nnew\n");
        let (rows, view) =
            view(&patched(&numbered(40), &after), GhostAnchor::Changes { line: 2, top: 10 }, 20, 8);
        assert!(view.is_whole(), "{rows:?}");
        assert_eq!(rows[1..], ["line 3", "three", "line 4", "gap of 25", "line 30", "new", "line 31"]);
    }

    #[test]
    fn what_has_no_room_is_counted_and_is_not_whole() {
        let after = numbered(40).replace("line 20\n", &"added\n".repeat(9));
        let (rows, view) =
            view(&patched(&numbered(40), &after), GhostAnchor::Changes { line: 19, top: 30 }, 20, 5);
        assert_eq!(rows, ["line 20", "added", "added", "added", "rest of 6"]);
        assert_eq!((view.changed, view.changed_whole, view.is_whole()), (10, 4, false));
    }

    #[test]
    fn a_long_line_takes_as_many_rows_as_it_needs() {
        let file = patched("a\n", "a\n  one two three\n");
        let (rows, whole) = view(&file, GhostAnchor::Changes { line: 0, top: 9 }, 9, 3);
        assert_eq!((rows, whole.is_whole()), (vec!["a".into(), "  one two".into(), "three".into()], true));
        let (_, cut) = view(&file, GhostAnchor::Changes { line: 0, top: 9 }, 9, 1);
        assert!(!cut.is_whole(), "{cut:?}");
    }

    #[test]
    fn places_keep_still_where_the_change_is_in_view_already() {
        let file = patched(&numbered(40), &numbered(40).replace("line 20\n", "line 20\nnew\n"));
        let (rows, _) = view(&file, GhostAnchor::Changes { line: 19, top: 18 }, 20, 6);
        assert_eq!(rows, ["line 19", "line 20", "new", "line 21", "line 22", "line 23"]);
    }

    #[test]
    fn a_cursor_is_in_view_and_the_file_stops_at_its_end() {
        let source = SourceText::new(format!("{}long long long\n", numbered(5)));
        let file = PatchedFile::unchanged("a".into(), &source);
        let top = top_showing_line(&file, 0, 5, &GhostRoom { cells: 9, rows: 3, reserved: &|_| 0 });
        let (rows, _) = view(&file, GhostAnchor::Lines(top), 9, 3);
        assert_eq!(rows, ["line 5", "long long", "long"]);
        let (rows, _) = view(&file, GhostAnchor::Lines(4), 20, 6);
        assert_eq!(rows, ["line 5", "long long long"]);
    }
}
