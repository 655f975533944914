//! Holds the list of what can be taken back, while it is open: its steps, and the diff of the selected one.

use super::fix_preview::PatchLine;
use super::patch_pages::{PageRow, PatchPages};
use super::redact::SecretRedactor;
use super::screen_layout::ScreenArea;
use crate::fix::{UndoFile, UndoHunk, UndoScope, UndoStep};
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::diff::{DiffLine, LineChange};
use crate::text::{BlockPlace, SourceText};

/// The unchanged lines around a hunk.
const CONTEXT_LINES: usize = 2;
/// The most lines of a step that are laid out; nobody reads more here.
const MAX_LINES: usize = 4_000;
/// From so many columns on the diff stands beside the steps.
const BESIDE_COLUMNS: u16 = 90;

/// One part of a step's diff, in the order in which it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoDiffPart {
    File(RelPath),
    /// The head of a hunk: its place in the step, from 0.
    Hunk(usize),
    Lines(Vec<PatchLine>),
    /// Hunks that are left out; their number.
    Rest(usize),
}

/// The list, and the place in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UndoList {
    /// The newest first; none while they are being read.
    pub steps: Option<Result<Vec<UndoStep>, String>>,
    /// The selected step.
    pub row: usize,
    /// The selected hunk of the step; none while the steps have the keys.
    pub hunk: Option<usize>,
    /// The rows of the diff above those in view.
    pub scroll: usize,
    /// The diff of the selected step.
    pub parts: Vec<UndoDiffPart>,
}

/// A row of the diff, as wide as there is room for.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoDiffRow<'a> {
    File(&'a RelPath),
    Hunk(usize),
    Line(PageRow<'a>),
    Rest(usize),
}

/// The areas of the dialog: its frame, the steps, and the diff of the selected one with its title's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoAreas {
    pub frame: ScreenArea,
    pub steps: ScreenArea,
    pub title: ScreenArea,
    pub diff: ScreenArea,
    pub is_beside: bool,
}

impl UndoAreas {
    #[must_use]
    pub fn new((width, height): (u16, u16), step_count: usize) -> Self {
        let inset = if width < 40 { 0 } else { 2 };
        let frame = ScreenArea::new(inset, 1, width.saturating_sub(2 * inset), height.saturating_sub(2));
        let inner = ScreenArea::new(
            frame.x + 1,
            frame.y + 1,
            frame.width.saturating_sub(2),
            frame.height.saturating_sub(2),
        );
        let is_beside = inner.width >= BESIDE_COLUMNS;
        if is_beside {
            let own = (inner.width * 2 / 5).min(64);
            let x = inner.x + own + 1;
            let right = ScreenArea { x, width: inner.width - own - 1, ..inner };
            return Self {
                frame,
                steps: ScreenArea { width: own, ..inner },
                title: ScreenArea { height: 1, ..right },
                diff: ScreenArea { y: right.y + 1, height: right.height.saturating_sub(1), ..right },
                is_beside,
            };
        }
        let count = u16::try_from(step_count).unwrap_or(u16::MAX);
        let own = count.clamp(1, (inner.height / 3).max(1));
        let below = inner.y + own;
        Self {
            frame,
            steps: ScreenArea { height: own, ..inner },
            title: ScreenArea { y: below, height: 1, ..inner },
            diff: ScreenArea { y: below + 1, height: inner.height.saturating_sub(own + 1), ..inner },
            is_beside,
        }
    }
}

impl UndoList {
    #[must_use]
    pub fn step_count(&self) -> usize {
        self.steps.as_ref().and_then(|steps| steps.as_ref().ok()).map_or(0, Vec::len)
    }

    #[must_use]
    pub fn selected_step(&self) -> Option<&UndoStep> {
        self.steps.as_ref()?.as_ref().ok()?.get(self.row)
    }

    #[must_use]
    pub fn selected_hunk(&self) -> Option<&UndoHunk> {
        self.selected_step()?.hunks().nth(self.hunk?)
    }

    /// What `u` takes back.
    #[must_use]
    pub fn selected_scope(&self) -> Option<UndoScope> {
        let number = self.selected_step()?.number;
        Some(self.hunk.map_or(UndoScope::Step(number), |hunk| UndoScope::Hunk(number, hunk)))
    }

    /// Takes the steps in; the selection stays on the step that it was on.
    pub(super) fn receive_steps(&mut self, steps: Result<Vec<UndoStep>, String>, store: &Store) {
        let before = self.selected_step().map(|step| step.number);
        let old_hunk = self.hunk;
        let found = |steps: &Vec<UndoStep>| steps.iter().position(|step| Some(step.number) == before);
        let row = steps.as_ref().ok().and_then(found);
        self.steps = Some(steps);
        self.select_step(row.unwrap_or(0), store);
        self.hunk = old_hunk.filter(|hunk| row.is_some() && *hunk < self.hunk_count());
    }

    pub(super) fn select_step(&mut self, row: usize, store: &Store) {
        self.row = row.min(self.step_count().saturating_sub(1));
        (self.hunk, self.scroll) = (None, 0);
        self.parts = self.selected_step().map(|step| lay_out_step(step, store)).unwrap_or_default();
    }

    /// The step in the first of so many rows: as far down as keeps the selected one in view.
    #[must_use]
    pub fn first_step(&self, rows: usize) -> usize {
        (self.row + 1).saturating_sub(rows)
    }

    /// Selects the step, or the hunk of the diff, that is shown in a cell.
    pub(super) fn select_at(&mut self, (column, row): (u16, u16), size: (u16, u16), store: &Store) {
        let areas = UndoAreas::new(size, self.step_count());
        if areas.steps.contains(column, row) {
            let step = self.first_step(usize::from(areas.steps.height)) + usize::from(row - areas.steps.y);
            if step < self.step_count() {
                self.select_step(step, store);
            }
        } else if areas.diff.contains(column, row) {
            let (rows, _) = self.diff_rows(areas.diff.width);
            let top = self.scroll.min(self.last_scroll(size));
            let until = rows.len().min(top + usize::from(row - areas.diff.y) + 1);
            let hunk = rows[..until].iter().rev().find_map(|row| match row {
                UndoDiffRow::Hunk(nth) => Some(*nth),
                _ => None,
            });
            self.hunk = hunk.or(self.hunk);
        }
    }

    #[must_use]
    pub fn hunk_count(&self) -> usize {
        self.selected_step().map_or(0, |step| step.hunks().count())
    }

    /// The rows of the diff in so many cells, and the digits of their line numbers.
    #[must_use]
    pub fn diff_rows(&self, cells: u16) -> (Vec<UndoDiffRow<'_>>, usize) {
        let number = |line: &PatchLine| match line {
            PatchLine::Line(line) => line.after.max(line.before).unwrap_or(0),
            PatchLine::File(_) | PatchLine::Gap => 0,
        };
        let lines = self.parts.iter().filter_map(|part| match part {
            UndoDiffPart::Lines(lines) => lines.iter().map(number).max(),
            _ => None,
        });
        let digits = lines.max().unwrap_or(0).to_string().len().max(2);
        let mut rows = Vec::new();
        for part in &self.parts {
            match part {
                UndoDiffPart::File(path) => rows.push(UndoDiffRow::File(path)),
                UndoDiffPart::Hunk(nth) => rows.push(UndoDiffRow::Hunk(*nth)),
                UndoDiffPart::Rest(count) => rows.push(UndoDiffRow::Rest(*count)),
                UndoDiffPart::Lines(lines) => {
                    let wrapped = PatchPages::with_digits(lines, usize::from(cells), digits);
                    rows.extend(wrapped.rows.into_iter().map(UndoDiffRow::Line));
                }
            }
        }
        (rows, digits)
    }

    /// Scrolls the diff so that the selected hunk is in view from its head on.
    pub(super) fn show_hunk(&mut self, size: (u16, u16)) {
        let Some(hunk) = self.hunk else { return };
        let areas = UndoAreas::new(size, self.step_count());
        let (rows, _) = self.diff_rows(areas.diff.width);
        let last = rows.len().saturating_sub(usize::from(areas.diff.height));
        let head = rows.iter().position(|row| *row == UndoDiffRow::Hunk(hunk)).unwrap_or(0);
        // The file's name stands above its first hunk.
        let head = head.saturating_sub(usize::from(matches!(
            head.checked_sub(1).map(|above| &rows[above]),
            Some(UndoDiffRow::File(_))
        )));
        self.scroll = head.min(last);
    }

    /// The last row that the diff can be scrolled to.
    pub(super) fn last_scroll(&self, size: (u16, u16)) -> usize {
        let areas = UndoAreas::new(size, self.step_count());
        self.diff_rows(areas.diff.width).0.len().saturating_sub(usize::from(areas.diff.height))
    }
}

/// The diff of a step, without its secrets.
fn lay_out_step(step: &UndoStep, store: &Store) -> Vec<UndoDiffPart> {
    let mut parts = Vec::new();
    let (mut nth, mut lines) = (0, 0);
    for file in &step.files {
        if lines >= MAX_LINES {
            break;
        }
        parts.push(UndoDiffPart::File(file.path.clone()));
        let redactor = SecretRedactor::for_texts(store, &file.path, [&file.before, &file.after]);
        for hunk in &file.hunks {
            parts.push(UndoDiffPart::Hunk(nth));
            nth += 1;
            if lines >= MAX_LINES {
                break;
            }
            let mut shown = hunk_lines(file, hunk);
            shown.truncate(MAX_LINES);
            lines += shown.len();
            for line in &mut shown {
                redactor.redact_line(line);
            }
            parts.push(UndoDiffPart::Lines(shown.into_iter().map(PatchLine::Line).collect()));
        }
    }
    let all = step.hunks().count();
    if nth < all {
        parts.push(UndoDiffPart::Rest(all - nth));
    }
    parts
}

/// The lines of a hunk as it was written, with those around it; where it stands, with the numbers that they have now.
fn hunk_lines(file: &UndoFile, hunk: &UndoHunk) -> Vec<DiffLine> {
    let (before, after) = (&hunk.block.before, &hunk.block.after);
    let text = |source: &SourceText, at: usize| source.line_span(at + 1).slice(source.text()).to_owned();
    // Where the file was removed, what stands around is the file before alone.
    let context = |at: usize, shift: isize| DiffLine {
        change: LineChange::Unchanged,
        before: at.checked_add_signed(shift).map(|at| at + 1),
        after: Some(at + 1),
        text: text(&file.after, at),
    };
    let shift = before.start as isize - after.start as isize;
    let mut lines: Vec<DiffLine> =
        (after.start.saturating_sub(CONTEXT_LINES)..after.start).map(|at| context(at, shift)).collect();
    lines.extend(before.clone().map(|at| DiffLine {
        change: LineChange::Removed,
        before: Some(at + 1),
        after: None,
        text: text(&file.before, at),
    }));
    lines.extend(after.clone().map(|at| DiffLine {
        change: LineChange::Added,
        before: None,
        after: Some(at + 1),
        text: text(&file.after, at),
    }));
    let line_count = file.after.text().lines().count();
    let shift = before.end as isize - after.end as isize;
    lines.extend((after.end..(after.end + CONTEXT_LINES).min(line_count)).map(|at| context(at, shift)));
    if let BlockPlace::Standing(now) = &hunk.place {
        let moved = now.start as isize - after.start as isize;
        for line in &mut lines {
            line.after = line.after.and_then(|number| number.checked_add_signed(moved));
        }
    }
    lines
}
