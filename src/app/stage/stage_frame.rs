//! Notes which changes of a stage a frame showed whole: no other is written.

use super::super::patch_pages::PatchPages;
use super::fix_stage::FixStage;
use super::stage_areas::StageAreas;
use crate::store::Store;

impl FixStage {
    /// Takes in that a frame was drawn of the stage as it is, on a screen of this size, where the change had so many rows
    /// more than it always has.
    pub(in crate::app) fn absorb_frame(&mut self, store: &Store, size: (u16, u16), more_rows: u16) {
        let mut area = StageAreas::new(size).rows;
        area.height += more_rows;
        let detail = self.selected_detail(store);
        let pages = PatchPages::new(&detail.lines, usize::from(area.width));
        let end = (self.detail_scroll + usize::from(area.height)).min(pages.rows.len());
        if self.detail_scroll <= self.passed_rows {
            self.passed_rows = self.passed_rows.max(end);
        }
        let before = self.seen.len();
        for (rows, (_, text)) in detail.hunk_rows(&pages).iter().zip(&detail.hunks) {
            let in_view = self.detail_scroll <= rows.start && rows.end <= end;
            if rows.end <= self.passed_rows || in_view {
                self.seen.insert(text.clone());
            }
        }
        if self.seen.len() != before {
            self.count_unseen();
        }
    }

    /// Scrolls to the next rows that were not shown yet of what is selected; false where all were.
    pub(in crate::app) fn show_next_rows(&mut self, store: &Store, size: (u16, u16)) -> bool {
        let area = StageAreas::new(size).rows;
        let detail = self.selected_detail(store);
        let is_seen = detail.hunks.iter().all(|(_, text)| self.seen.contains(text));
        let pages = PatchPages::new(&detail.lines, usize::from(area.width));
        let next = pages.next_page(self.passed_rows, usize::from(area.height));
        if is_seen || self.passed_rows >= pages.rows.len() || next <= self.detail_scroll {
            return false;
        }
        self.detail_scroll = next;
        self.revision += 1;
        true
    }

    /// The last row that what is selected can be scrolled to.
    pub(in crate::app) fn last_scroll(&self, store: &Store, size: (u16, u16)) -> usize {
        let area = StageAreas::new(size).rows;
        let detail = self.selected_detail(store);
        let count = PatchPages::new(&detail.lines, usize::from(area.width)).rows.len();
        count.saturating_sub(usize::from(area.height))
    }

    /// Scrolls to the next change of what is selected, or to the one before; false where there is none.
    pub(in crate::app) fn show_next_hunk(&mut self, store: &Store, size: (u16, u16), forward: bool) -> bool {
        let area = StageAreas::new(size).rows;
        let detail = self.selected_detail(store);
        let pages = PatchPages::new(&detail.lines, usize::from(area.width));
        let last = pages.rows.len().saturating_sub(usize::from(area.height));
        let tops = detail.hunk_rows(&pages).into_iter().map(|rows| rows.start.saturating_sub(1).min(last));
        let mut tops: Vec<usize> = tops.collect();
        if !forward {
            tops.reverse();
        }
        let at = self.detail_scroll;
        let Some(top) = tops.into_iter().find(|top| if forward { *top > at } else { *top < at }) else {
            return false;
        };
        self.detail_scroll = top;
        self.revision += 1;
        true
    }
}
