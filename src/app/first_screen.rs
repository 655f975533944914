//! Holds the first screen: the root causes in the order of its opening, each with what mending it takes and gains.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::list_cursor::ListCursor;
use super::query::{FixRiskClass, RiskClasses};
use super::screen_layout::ScreenArea;
use super::view_order::ListOrder;
use crate::audit::ListedFinding;
use crate::causes::{CauseId, CauseRanking, CauseRow, CauseSpot, RootCause};
use crate::finding::{FindingKey, Severity};
use crate::repo::RelPath;

/// The columns from which on each row has a line for what stands behind it; fewer, and only the selected one has.
const WIDE_COLUMNS: u16 = 100;
/// The lines of a row on a narrow screen: its title, what stands behind it, and where.
const NARROW_ROW_LINES: usize = 3;
/// The lines of the score, the levels and what is for free, and the heading of the list.
const HEAD_LINES: u16 = 5;
const NARROW_HEAD_LINES: u16 = 3;

/// What became of a row since the screen was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CauseState {
    #[default]
    Open,
    /// It came since, and stands at the end.
    New,
    /// Nothing of it is open any more.
    Mended,
    /// It went with its files.
    Gone,
}

impl CauseState {
    /// True where nothing of it is open any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Mended | Self::Gone)
    }
}

/// The number of fixes by what they may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixCounts {
    pub safe: usize,
    pub may_break: usize,
    pub will_break: usize,
    pub value: usize,
    pub by_hand: usize,
    /// Not known yet.
    pub unknown: usize,
}

impl FixCounts {
    fn add_class(&mut self, class: Option<FixRiskClass>) {
        match class {
            Some(FixRiskClass::None) => self.safe += 1,
            Some(FixRiskClass::MayBreak) => self.may_break += 1,
            Some(FixRiskClass::WillBreak) => self.will_break += 1,
            Some(FixRiskClass::Value) => self.value += 1,
            Some(FixRiskClass::ByHand) => self.by_hand += 1,
            None => self.unknown += 1,
        }
    }
}

/// One row: a cause, or the rest of a kind.
#[derive(Clone, Debug)]
pub struct FirstScreenRow {
    ids: BTreeSet<CauseId>,
    pub severity: Severity,
    pub title: String,
    pub details: Vec<String>,
    pub findings: Vec<Arc<ListedFinding>>,
    pub file_count: usize,
    /// Where the first of its worst findings stands, by path.
    pub spot: Option<CauseSpot>,
    /// Where it opens: the first of its findings in the list.
    pub opens_at: Option<CauseSpot>,
    pub score_then: Option<u8>,
    pub state: CauseState,
    pub fixes: FixCounts,
}

impl FirstScreenRow {
    fn new(row: &CauseRow) -> Self {
        let files: BTreeSet<_> = row.causes.iter().flat_map(RootCause::files).collect();
        Self {
            ids: row.causes.iter().map(|cause| cause.id.clone()).collect(),
            severity: row.severity(),
            title: row.title(),
            details: row.details(),
            findings: row.causes.iter().flat_map(|cause| &cause.findings).cloned().collect(),
            file_count: files.len(),
            spot: row.causes.first().and_then(RootCause::first_spot),
            opens_at: None,
            score_then: row.score_then,
            state: CauseState::Open,
            fixes: FixCounts::default(),
        }
    }

    /// The same row as one of another time: one of their causes is the same.
    fn is_same(&self, other: &Self) -> bool {
        self.holds_any(&other.ids)
    }

    /// True where one of these causes stands in it.
    #[must_use]
    pub fn holds_any(&self, causes: &BTreeSet<CauseId>) -> bool {
        !self.ids.is_disjoint(causes)
    }

    /// The keys of its findings.
    pub fn keys(&self) -> impl Iterator<Item = &FindingKey> {
        self.findings.iter().map(|listed| &listed.key)
    }
}

/// What safe fixes alone would come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeFixes {
    pub fixes: usize,
    pub files: usize,
    pub score: Option<u8>,
}

/// The first screen, with its figures.
#[derive(Clone, Debug, Default)]
pub struct FirstScreen {
    pub is_open: bool,
    pub ranking: Option<Arc<CauseRanking>>,
    pub rows: Vec<FirstScreenRow>,
    pub cursor: ListCursor,
    pub shows_info: bool,
    /// None until the risk of every fix is known.
    pub free: Option<FreeFixes>,
    /// True from the start until it is known whether it opens by itself.
    pub(super) opens_itself: bool,
    /// True while an answer is awaited, and where what it will say is old already.
    pub(super) is_awaited: bool,
    pub(super) is_outdated: bool,
    /// True where the next answer gives the order anew.
    pub(super) takes_order: bool,
    /// True while the reason is asked for why one finding of a row is allowed, over the row's own.
    pub(super) asks_reason: bool,
}

impl FirstScreen {
    /// Closes the screen, and forgets what was on it: it is opened with the order of then.
    pub(super) fn close(&mut self) {
        self.is_open = false;
        (self.ranking, self.free) = (None, None);
        self.rows.clear();
    }

    /// Leaves the screen for what stands behind a row. Its rows stay as they are for the way back.
    pub(super) const fn leave(&mut self) {
        self.is_open = false;
    }

    /// Takes a ranking in. What stood before keeps its place, and what is mended is struck; what is new is marked at the
    /// end, unless the order is taken anew.
    pub(super) fn receive_ranking(
        &mut self,
        ranking: Arc<CauseRanking>,
        order: ListOrder,
        changed: &BTreeSet<RelPath>,
        is_there: impl Fn(&RelPath) -> bool,
    ) {
        let mut fresh: Vec<FirstScreenRow> = ranking.rows.iter().map(FirstScreenRow::new).collect();
        if std::mem::take(&mut self.takes_order) || self.rows.is_empty() {
            let selected = self.selected_row().map(|row| row.ids.clone());
            self.rows = fresh;
            self.sort_rows(order, changed);
            self.select_again(selected);
        } else {
            let selected = self.selected_row().map(|row| row.ids.clone());
            let open: BTreeSet<&FindingKey> = ranking.rows.iter().flat_map(CauseRow::keys).collect();
            self.rows.retain_mut(|row| {
                match fresh.iter().position(|new| new.is_same(row)) {
                    Some(at) => {
                        let state = if row.state == CauseState::New { row.state } else { CauseState::Open };
                        *row = FirstScreenRow { state, ..fresh.remove(at) };
                    }
                    // What is open stands in a row of several now.
                    None if row.keys().any(|key| open.contains(key)) => return false,
                    None if row.keys().any(|key| is_there(&key.path)) => row.state = CauseState::Mended,
                    None => row.state = CauseState::Gone,
                }
                true
            });
            self.rows.extend(fresh.into_iter().map(|row| FirstScreenRow { state: CauseState::New, ..row }));
            if self.selected_row().map(|row| &row.ids) != selected.as_ref() {
                self.select_again(selected);
            }
        }
        self.ranking = Some(ranking);
        self.climb_rows();
    }

    /// Notes for each row on which finding it opens.
    pub(super) fn note_openings(&mut self, first_of: impl Fn(&FirstScreenRow) -> Option<CauseSpot>) {
        for row in &mut self.rows {
            row.opens_at = first_of(row).or_else(|| row.spot.clone());
        }
    }

    /// Counts the fixes of each row by their risk, and what the safe ones come to. Where all are being weighed, what has no
    /// fix of its own is not known before: another fix may mend it along.
    pub(super) fn count_fixes(&mut self, classes: &RiskClasses, is_weighing: bool) {
        let mut free: Vec<&FindingKey> = Vec::new();
        let mut unknown = 0;
        for row in &mut self.rows {
            row.fixes = FixCounts::default();
            if row.state.is_over() {
                continue;
            }
            for listed in &row.findings {
                let class = classes.class_of(&listed.key, &listed.finding);
                row.fixes.add_class(class);
                if class == Some(FixRiskClass::None) {
                    free.push(&listed.key);
                }
            }
            if is_weighing && row.fixes.unknown > 0 {
                row.fixes.unknown += std::mem::take(&mut row.fixes.by_hand);
            }
            unknown += row.fixes.unknown;
        }
        let ranking = self.ranking.as_ref().filter(|_| unknown == 0 && !free.is_empty());
        self.free = ranking.map(|ranking| {
            let mut sheet = (*ranking.sheet).clone();
            sheet.mend(free.iter().copied());
            let files: BTreeSet<_> = free.iter().map(|key| &key.path).collect();
            FreeFixes { fixes: free.len(), files: files.len(), score: sheet.score() }
        });
    }

    /// Puts the rows in another order.
    pub(super) fn take_order(&mut self, order: ListOrder, changed: &BTreeSet<RelPath>) {
        let selected = self.selected_row().map(|row| row.ids.clone());
        self.rows.retain(|row| !row.state.is_over());
        self.rows.iter_mut().for_each(|row| row.state = CauseState::Open);
        self.sort_rows(order, changed);
        self.climb_rows();
        self.select_again(selected);
    }

    /// Selects the row that holds what was selected before the order was taken anew; else the first.
    fn select_again(&mut self, selected: Option<BTreeSet<CauseId>>) {
        let at = selected.and_then(|ids| self.rows.iter().position(|row| row.holds_any(&ids)));
        self.cursor = ListCursor { row: at.unwrap_or_default(), ..ListCursor::default() };
    }

    /// Gives each row the score once it and all above it are mended, as they stand on the screen.
    fn climb_rows(&mut self) {
        let Some(ranking) = &self.ranking else { return };
        let mut sheet = (*ranking.sheet).clone();
        for row in self.rows.iter_mut().filter(|row| !row.state.is_over()) {
            let is_known = sheet.mend(row.findings.iter().map(|listed| &listed.key));
            row.score_then = is_known.then(|| sheet.score()).flatten();
        }
    }

    fn sort_rows(&mut self, order: ListOrder, changed: &BTreeSet<RelPath>) {
        let ranked = |row: &FirstScreenRow, ranking: &Option<Arc<CauseRanking>>| {
            let rows = ranking.as_ref().map(|ranking| ranking.rows.as_slice()).unwrap_or_default();
            let is_it = |other: &CauseRow| other.causes.iter().any(|cause| row.ids.contains(&cause.id));
            rows.iter().position(is_it)
        };
        match order {
            ListOrder::Weight => {
                let ranking = self.ranking.clone();
                self.rows.sort_by_cached_key(|row| ranked(row, &ranking));
            }
            ListOrder::Changed => {
                let ranking = self.ranking.clone();
                let is_same = |row: &FirstScreenRow| !row.keys().any(|key| changed.contains(&key.path));
                self.rows.sort_by_cached_key(|row| (is_same(row), ranked(row, &ranking)));
            }
            ListOrder::Severity => {
                self.rows.sort_by_cached_key(|row| (Reverse(row.severity), row.spot.clone()));
            }
            ListOrder::Number => self.rows.sort_by_key(|row| Reverse(row.file_count)),
            ListOrder::Path => self.rows.sort_by(|a, b| a.spot.cmp(&b.spot)),
        }
    }

    #[must_use]
    pub fn selected_row(&self) -> Option<&FirstScreenRow> {
        self.rows.get(self.cursor.row)
    }

    /// Moves the selection, and the view so that it is in it.
    pub(super) fn move_by(&mut self, by: isize, size: (u16, u16)) {
        self.cursor.move_by(by, self.rows.len());
        self.show_selection(size);
    }

    pub(super) fn show_selection(&mut self, size: (u16, u16)) {
        let height = usize::from(FirstScreenAreas::new(size).rows.height);
        // A closed screen has no rows, and its terminal may get another size.
        self.cursor.row = self.cursor.row.min(self.rows.len().saturating_sub(1));
        let ListCursor { row, mut top } = self.cursor;
        top = top.min(row);
        let lines = |top: usize| (top..=row).map(|at| self.lines_of(at, size)).sum::<usize>();
        while top < row && lines(top) > height {
            top += 1;
        }
        self.cursor.top = top;
    }

    /// The lines that a row takes. On a narrow screen the selected one has all, and the others what is left over from the
    /// top on: first what stands behind each, then where.
    #[must_use]
    pub fn lines_of(&self, at: usize, size: (u16, u16)) -> usize {
        match (size.0 >= WIDE_COLUMNS, at == self.cursor.row) {
            (true, _) => 2,
            (false, true) => NARROW_ROW_LINES,
            (false, false) => {
                let height = usize::from(FirstScreenAreas::new(size).rows.height);
                let others = self.rows.len().saturating_sub(1);
                let spare = height.saturating_sub(NARROW_ROW_LINES + others);
                let before = if at < self.cursor.row { at } else { at - 1 };
                1 + (1..NARROW_ROW_LINES).filter(|nth| before + (nth - 1) * others < spare).count()
            }
        }
    }

    /// The row that is drawn on a line of the list.
    pub(super) fn row_at_line(&self, line: usize, size: (u16, u16)) -> Option<usize> {
        let mut end = 0;
        (self.cursor.top..self.rows.len()).find(|at| {
            end += self.lines_of(*at, size);
            line < end
        })
    }
}

/// The areas of the first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstScreenAreas {
    pub head: ScreenArea,
    pub rows: ScreenArea,
    /// What the signs mean, where there is room.
    pub legend: Option<ScreenArea>,
    pub is_wide: bool,
}

impl FirstScreenAreas {
    #[must_use]
    pub const fn new((width, height): (u16, u16)) -> Self {
        let is_wide = width >= WIDE_COLUMNS;
        let has_frame = width >= 60 && height >= 15;
        let inset = if has_frame { 1 } else { 0 };
        let body = ScreenArea::new(inset, 1, width.saturating_sub(2 * inset), height.saturating_sub(2));
        let wanted = if is_wide { HEAD_LINES } else { NARROW_HEAD_LINES };
        let head = if wanted * 2 > body.height { body.height / 3 } else { wanted };
        let legend = if is_wide && body.height > 16 { 1 } else { 0 };
        let rows = body.height.saturating_sub(head + legend);
        Self {
            head: ScreenArea { height: head, ..body },
            rows: ScreenArea { y: body.y + head, height: rows, ..body },
            legend: if legend > 0 {
                Some(ScreenArea { y: body.y + head + rows, height: 1, ..body })
            } else {
                None
            },
            is_wide,
        }
    }
}
