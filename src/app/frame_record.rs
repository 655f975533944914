//! Tells which part of the fix in view a frame shows, so that a key writes nothing that was not on the screen.

use super::app_state::{AppState, FullscreenView};
use super::dialog_state::{DialogState, FixScope};
use super::patch_pages::{PageAreas, PatchPages, part_page};
use super::patched_file::PatchSide;
use super::screen_layout::LayoutShape;
use crate::repo::RelPath;

/// The part of the fix that a frame showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameRecord {
    /// The request that the fix is the answer to.
    pub generation: u64,
    /// True where every line that the fix writes or removes was shown whole: in this frame, or in pages up to it.
    pub is_whole: bool,
    /// The rows of the patch in pages, and how many of them were shown one after the other, from the first on.
    pub page_rows: usize,
    pub passed_rows: usize,
    /// The cells that the pages were laid out in.
    width: u16,
    /// The stage as it was drawn, by its revision; none where it was not.
    pub stage: Option<u64>,
    /// The rows that the stage's change had beside those that it always has.
    pub stage_rows: u16,
}

impl AppState {
    /// What the frame shows that is drawn of this state: a pure function of it. The views draw what it asks.
    #[must_use]
    pub fn record_frame(&self) -> FrameRecord {
        let stage = self.stage.as_ref().filter(|_| self.shows_stage());
        FrameRecord { stage: stage.map(|stage| stage.revision), ..self.record_fix() }
    }

    /// True where a stage is on the screen, and nothing over it.
    #[must_use]
    pub fn shows_stage(&self) -> bool {
        self.stage.is_some() && self.dialog.is_none() && self.layout().shape != LayoutShape::TooSmall
    }

    fn record_fix(&self) -> FrameRecord {
        let generation = self.preview.generation;
        let Some(plan) = self.preview.writable_plan() else {
            return FrameRecord { generation, ..FrameRecord::default() };
        };
        if self.dialog.is_some() && self.risk_scroll.is_some() {
            return FrameRecord { generation, ..self.scroll_limits.frame };
        }
        if let Some(scroll) = self.pages_scroll() {
            return self.record_page(scroll);
        }
        let hidden =
            self.dialog.is_some() || self.stage.is_some() || self.walk.is_some() || self.fullscreen.is_some();
        let panes = if hidden { Vec::new() } else { self.file_panes() };
        let shows = |path: &RelPath| {
            panes.iter().any(|pane| {
                pane.file.path == *path && pane.file.side == PatchSide::Both && pane.shows_whole_fix()
            })
        };
        let is_whole = !hidden && plan.patches.iter().all(|patch| shows(&patch.path));
        FrameRecord { generation, is_whole, ..FrameRecord::default() }
    }

    fn record_page(&self, scroll: usize) -> FrameRecord {
        let areas = self.page_areas();
        let pages = PatchPages::new(&self.preview.lines, usize::from(areas.rows.width));
        let before = self.scroll_limits.frame;
        let (generation, width) = (self.preview.generation, areas.rows.width);
        let is_same = before.generation == generation && before.width == width;
        let passed = if is_same { before.passed_rows } else { 0 };
        let page_rows = pages.rows.len();
        let end = (scroll + usize::from(areas.rows.height)).min(page_rows);
        let passed_rows = if scroll <= passed { passed.max(end) } else { passed };
        FrameRecord {
            generation,
            is_whole: passed_rows >= page_rows,
            page_rows,
            passed_rows,
            width,
            ..FrameRecord::default()
        }
    }

    /// True where the first screen is drawn: it is open, and no patch takes the whole body for its pages.
    #[must_use]
    pub fn shows_first_screen(&self) -> bool {
        self.first_screen.is_open && self.stage.is_none() && self.pages_scroll().is_none()
    }

    /// The first row in view of the patch in pages; none where the pages are not on the screen.
    #[must_use]
    pub fn pages_scroll(&self) -> Option<usize> {
        match (&self.dialog, self.fullscreen) {
            (Some(DialogState::ConfirmFix { scroll, .. }), _) => Some(*scroll),
            (None, Some(FullscreenView::Diff)) if self.walk.is_none() => Some(self.patch_scroll),
            _ => None,
        }
    }

    /// The parts of the screen while a patch is shown in pages.
    #[must_use]
    pub fn page_areas(&self) -> PageAreas {
        // A question about what will break repeats its evidence, which has the first place.
        let breaking =
            matches!(&self.dialog, Some(DialogState::ConfirmFix { scope: FixScope::Breaking, .. }));
        part_page(self.layout().body, if breaking { 2 } else { 5 })
    }

    /// True where the fix in view was shown whole in the frames so far.
    #[must_use]
    pub fn is_fix_seen(&self) -> bool {
        let frame = self.scroll_limits.frame;
        frame.generation == self.preview.generation && frame.is_whole
    }

    /// The first row of the next page that was not shown yet.
    pub(super) fn next_page_scroll(&self) -> usize {
        let passed = self.scroll_limits.frame.passed_rows;
        let area = self.page_areas().rows;
        let pages = PatchPages::new(&self.preview.lines, usize::from(area.width));
        pages.next_page(passed, usize::from(area.height))
    }
}
