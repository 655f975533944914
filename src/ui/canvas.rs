//! Wraps the buffer and the theme for the views. Nothing drawn here leaves its area or reaches the terminal raw.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::safe_text;
use crate::app::ScreenArea;
use crate::theme::{ColourTheme, Glyphs, StyleToken};

pub(super) struct Canvas<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) theme: &'a ColourTheme,
}

impl Canvas<'_> {
    pub(super) const fn token_style(&self, slot: StyleToken) -> Style {
        self.theme.style(slot)
    }

    pub(super) const fn glyphs(&self) -> &'static Glyphs {
        self.theme.glyphs
    }

    /// Draws a line into so many cells, cut with a mark where it is longer. Gives the column after it.
    pub(super) fn draw_line(&mut self, x: u16, y: u16, cells: u16, line: &Line<'_>) -> u16 {
        let parts: Vec<(std::borrow::Cow<'_, str>, Style)> = line
            .spans
            .iter()
            .map(|s| (safe_text::clean_text(&s.content, self.glyphs().control_char), s.style))
            .collect();
        let whole: usize = parts.iter().map(|(part, _)| safe_text::text_width(part)).sum();
        let cut = whole > usize::from(cells);
        let end = x.saturating_add(cells);
        let limit = if cut { end.saturating_sub(1) } else { end };
        let mut at = x;
        let mut last = Style::new();
        for (part, style) in &parts {
            if at >= limit || !self.contains_cell(at, y) {
                break;
            }
            // What stood there before, such as a dimmed border, does not shine through.
            let style = style.remove_modifier(Modifier::all().difference(style.add_modifier));
            (at, _) = self.buffer.set_stringn(at, y, part, usize::from(limit - at), style);
            last = style;
        }
        if cut && cells > 0 && self.contains_cell(at, y) {
            (at, _) = self.buffer.set_stringn(at, y, self.glyphs().ellipsis, 1, last);
        }
        at
    }

    pub(super) fn draw_text(&mut self, x: u16, y: u16, cells: u16, content: &str, style: Style) -> u16 {
        self.draw_line(x, y, cells, &Line::from(Span::styled(content, style)))
    }

    /// Draws a line that ends at the right edge of the cells, and gives the column where it begins. A line that does
    /// not fit is not drawn.
    pub(super) fn draw_right(&mut self, x: u16, y: u16, cells: u16, line: &Line<'_>) -> u16 {
        let end = x.saturating_add(cells);
        match u16::try_from(line.width()) {
            Ok(width) if width <= cells => {
                self.draw_line(end - width, y, width, line);
                end - width
            }
            _ => end,
        }
    }

    /// Draws lines under each other, as many as fit.
    pub(super) fn draw_lines<'l>(&mut self, area: ScreenArea, lines: impl IntoIterator<Item = &'l Line<'l>>) {
        for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
            self.draw_line(area.x, y, area.width, line);
        }
    }

    /// Lays a style over the cells of an area.
    pub(super) fn overlay_style(&mut self, area: ScreenArea, style: Style) {
        self.buffer.set_style(to_rect(area).intersection(self.buffer.area), style);
    }

    /// Clears the cells of an area.
    pub(super) fn clear_area(&mut self, area: ScreenArea) {
        let blank = self.token_style(StyleToken::Base);
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(blank);
                }
            }
        }
    }

    pub(super) fn draw_sign(&mut self, x: u16, y: u16, sign: &str, style: Style) {
        if self.contains_cell(x, y) {
            self.buffer.set_stringn(x, y, sign, 1, style);
        }
    }

    pub(super) fn draw_horizontal(&mut self, x: u16, y: u16, cells: u16, style: Style) {
        for x in x..x.saturating_add(cells) {
            self.draw_sign(x, y, self.glyphs().horizontal, style);
        }
    }

    pub(super) fn draw_vertical(&mut self, x: u16, y: u16, cells: u16, style: Style) {
        for y in y..y.saturating_add(cells) {
            self.draw_sign(x, y, self.glyphs().vertical, style);
        }
    }

    /// Draws a frame around an area, one cell inside its edge.
    pub(super) fn draw_frame(&mut self, area: ScreenArea, style: Style) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.draw_horizontal(area.x, area.y, area.width, style);
        self.draw_horizontal(area.x, bottom, area.width, style);
        self.draw_vertical(area.x, area.y, area.height, style);
        self.draw_vertical(right, area.y, area.height, style);
        let corners = [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)];
        for ((x, y), sign) in corners.into_iter().zip(self.glyphs().corners) {
            self.draw_sign(x, y, sign, style);
        }
    }

    fn contains_cell(&self, x: u16, y: u16) -> bool {
        self.buffer.area.contains((x, y).into())
    }
}

pub(super) const fn to_rect(area: ScreenArea) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}
