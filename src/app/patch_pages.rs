//! Lays a whole patch out in pages of full width, for what no pane has room for: its lines wrap and are never cut, and
//! what was passed is counted in rows.

use super::fix_preview::PatchLine;
use super::ghost_view::gutter_cells;
use super::screen_layout::ScreenArea;
use crate::text::{LineSegment, wrap_line};

/// One row of a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow<'a> {
    pub line: &'a PatchLine,
    /// 0 for the first row of a line.
    pub part: usize,
    pub segment: LineSegment,
}

/// The rows of a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchPages<'a> {
    pub rows: Vec<PageRow<'a>>,
    /// The digits of its line numbers.
    pub digits: usize,
}

impl<'a> PatchPages<'a> {
    /// Lays out a patch in so many cells.
    #[must_use]
    pub fn new(lines: &'a [PatchLine], cells: usize) -> Self {
        let number = |line: &PatchLine| match line {
            PatchLine::Line(line) => line.after.max(line.before).unwrap_or(0),
            PatchLine::File(_) | PatchLine::Gap => 0,
        };
        let digits = lines.iter().map(number).max().unwrap_or(0).to_string().len().max(2);
        Self::with_digits(lines, cells, digits)
    }

    /// The same, with line numbers of so many digits.
    pub(super) fn with_digits(lines: &'a [PatchLine], cells: usize, digits: usize) -> Self {
        let room = cells.saturating_sub(gutter_cells(digits));
        let rows = lines.iter().flat_map(|line| {
            let segments = match line {
                PatchLine::File(path) => wrap_line(path.as_str(), cells),
                PatchLine::Gap => wrap_line("", cells),
                PatchLine::Line(line) => wrap_line(&line.text, room),
            };
            segments.into_iter().enumerate().map(move |(part, segment)| PageRow { line, part, segment })
        });
        Self { rows: rows.collect(), digits }
    }

    /// The first row of the page of so many rows that follows the rows passed. A line that is longer than a row is
    /// not parted by the turn of a page, unless it is longer than a page.
    #[must_use]
    pub fn next_page(&self, passed: usize, height: usize) -> usize {
        let is_begun = |at: usize| self.rows.get(at).is_some_and(|row| row.part > 0);
        let mut first = passed;
        while is_begun(first) && passed - first < height {
            first -= 1;
        }
        let first = if is_begun(first) || passed - first >= height { passed } else { first };
        first.min(self.rows.len().saturating_sub(height))
    }
}

/// The parts of a page, from above: title, words on the fix, rows of the patch, and what a key does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageAreas {
    pub title: ScreenArea,
    pub words: ScreenArea,
    pub rows: ScreenArea,
    pub status: ScreenArea,
}

/// Parts an area for a page. The words have the fixed part of it that `share` divides it into, so that a page has the
/// same rows whatever they say.
pub(super) fn part_page(body: ScreenArea, share: u16) -> PageAreas {
    let inner = ScreenArea { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let words = match body.height {
        0..8 => 1,
        height => (height / share).min(40 / share),
    };
    let line = |y, height| ScreenArea { y, height, ..inner };
    let rows = body.height.saturating_sub(2 + words).max(1);
    PageAreas {
        title: ScreenArea { height: 1, ..body },
        words: line(body.y + 1, words),
        rows: line(body.y + 1 + words, rows),
        status: line(body.bottom().saturating_sub(1), 1),
    }
}
