//! What the views draw on: a buffer and a theme. Nothing drawn here leaves its place or reaches the terminal raw.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text;
use crate::app::Area;
use crate::theme::{Glyphs, Slot, Theme};

pub(super) struct Canvas<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) theme: &'a Theme,
}

impl Canvas<'_> {
    pub(super) const fn style(&self, slot: Slot) -> Style {
        self.theme.style(slot)
    }

    pub(super) const fn glyphs(&self) -> &'static Glyphs {
        self.theme.glyphs
    }

    /// Writes a line into so many cells, cut with a mark where it is longer. Gives the column after it.
    pub(super) fn line(&mut self, x: u16, y: u16, cells: u16, line: &Line<'_>) -> u16 {
        let parts: Vec<(std::borrow::Cow<'_, str>, Style)> =
            line.spans.iter().map(|s| (text::clean(&s.content, self.glyphs().control), s.style)).collect();
        let whole: usize = parts.iter().map(|(part, _)| text::width(part)).sum();
        let cut = whole > usize::from(cells);
        let end = x.saturating_add(cells);
        let limit = if cut { end.saturating_sub(1) } else { end };
        let mut at = x;
        let mut last = Style::new();
        for (part, style) in &parts {
            if at >= limit || !self.holds(at, y) {
                break;
            }
            (at, _) = self.buffer.set_stringn(at, y, part, usize::from(limit - at), *style);
            last = *style;
        }
        if cut && cells > 0 && self.holds(at, y) {
            (at, _) = self.buffer.set_stringn(at, y, self.glyphs().cut, 1, last);
        }
        at
    }

    pub(super) fn text(&mut self, x: u16, y: u16, cells: u16, content: &str, style: Style) -> u16 {
        self.line(x, y, cells, &Line::from(Span::styled(content, style)))
    }

    /// Writes a line that ends at the right edge of the cells, and gives the column where it begins. What does not fit
    /// is not drawn.
    pub(super) fn right(&mut self, x: u16, y: u16, cells: u16, line: &Line<'_>) -> u16 {
        let end = x.saturating_add(cells);
        match u16::try_from(line.width()) {
            Ok(width) if width <= cells => {
                self.line(end - width, y, width, line);
                end - width
            }
            _ => end,
        }
    }

    /// Lines under each other, as many as fit.
    pub(super) fn lines<'l>(&mut self, area: Area, lines: impl IntoIterator<Item = &'l Line<'l>>) {
        for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
            self.line(area.x, y, area.width, line);
        }
    }

    /// Lays a style over what is drawn.
    pub(super) fn wash(&mut self, area: Area, style: Style) {
        self.buffer.set_style(rect(area).intersection(self.buffer.area), style);
    }

    /// Wipes what is drawn.
    pub(super) fn clear(&mut self, area: Area) {
        let blank = self.style(Slot::Base);
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(blank);
                }
            }
        }
    }

    pub(super) fn sign(&mut self, x: u16, y: u16, sign: &str, style: Style) {
        if self.holds(x, y) {
            self.buffer.set_stringn(x, y, sign, 1, style);
        }
    }

    pub(super) fn across(&mut self, x: u16, y: u16, cells: u16, style: Style) {
        for x in x..x.saturating_add(cells) {
            self.sign(x, y, self.glyphs().horizontal, style);
        }
    }

    pub(super) fn down(&mut self, x: u16, y: u16, cells: u16, style: Style) {
        for y in y..y.saturating_add(cells) {
            self.sign(x, y, self.glyphs().vertical, style);
        }
    }

    /// A frame around an area, which stands one cell within it.
    pub(super) fn frame(&mut self, area: Area, style: Style) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.across(area.x, area.y, area.width, style);
        self.across(area.x, bottom, area.width, style);
        self.down(area.x, area.y, area.height, style);
        self.down(right, area.y, area.height, style);
        let corners = [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)];
        for ((x, y), sign) in corners.into_iter().zip(self.glyphs().corners) {
            self.sign(x, y, sign, style);
        }
    }

    fn holds(&self, x: u16, y: u16) -> bool {
        self.buffer.area.contains((x, y).into())
    }
}

pub(super) const fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}
