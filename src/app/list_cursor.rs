//! Keeps a place in a list: the selected row, and the first row in view.

/// A place in a list, in rows from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCursor {
    pub row: usize,
    pub top: usize,
}

impl ListCursor {
    /// Moves up or down, and stays within `len` rows.
    pub const fn move_by(&mut self, by: isize, len: usize) {
        self.move_to(self.row.saturating_add_signed(by), len);
    }

    pub const fn move_to(&mut self, row: usize, len: usize) {
        let last = len.saturating_sub(1);
        self.row = if row < last { row } else { last };
    }

    /// Moves the view so that the row is in it, `margin` rows from its edges where there is room.
    pub fn scroll_to_row(&mut self, len: usize, height: usize, margin: usize) {
        // A list that is not shown keeps its view for later.
        if height == 0 {
            return;
        }
        let margin = margin.min(height.saturating_sub(1) / 2);
        let lowest = self.row.saturating_sub(margin);
        let highest = (self.row + margin + 1).saturating_sub(height);
        self.top = self.top.min(lowest).max(highest).min(len.saturating_sub(height));
    }

    /// Moves the view alone.
    pub fn scroll_by(&mut self, by: isize, len: usize, height: usize) {
        self.top = self.top.saturating_add_signed(by).min(len.saturating_sub(height));
    }
}
