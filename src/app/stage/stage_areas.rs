//! Parts the screen for a stage: the list beside the change from a hundred columns on, above it where there are fewer.

use super::super::screen_layout::ScreenArea;

/// From so many columns on the change stands beside the list.
const BESIDE_COLUMNS: u16 = 100;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageAreas {
    pub frame: ScreenArea,
    pub list: ScreenArea,
    /// The row above the change: its file.
    pub title: ScreenArea,
    pub rows: ScreenArea,
    /// What is known of the risk, and the places of the change.
    pub notes: ScreenArea,
    pub is_beside: bool,
}

impl StageAreas {
    #[must_use]
    pub fn new((width, height): (u16, u16)) -> Self {
        let frame = ScreenArea::new(0, 0, width, height);
        let inner = ScreenArea::new(1, 1, width.saturating_sub(2), height.saturating_sub(2));
        let is_beside = inner.width + 2 >= BESIDE_COLUMNS;
        let (list, right) = if is_beside {
            let own = (inner.width / 2).min(70);
            let x = inner.x + own + 1;
            (ScreenArea { width: own, ..inner }, ScreenArea { x, width: inner.width - own - 1, ..inner })
        } else {
            let own = (inner.height * 2 / 5).max(1);
            let (y, height) = (inner.y + own, inner.height.saturating_sub(own));
            (ScreenArea { height: own, ..inner }, ScreenArea { y, height, ..inner })
        };
        let notes = if is_beside { (right.height / 3).min(12) } else { (right.height / 4).min(4) };
        let rows = right.height.saturating_sub(1 + notes).max(1);
        let part = |y, height| ScreenArea { y, height, ..right };
        Self {
            frame,
            list,
            title: part(right.y, 1),
            rows: part(right.y + 1, rows),
            notes: part(right.y + 1 + rows, notes.min(right.height.saturating_sub(1 + rows))),
            is_beside,
        }
    }
}
