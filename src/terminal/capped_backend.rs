//! Draws on the terminal, and on no more of it than a screen can be, for a terminal that tells an absurd size.

use std::io::{self, Stdout};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// More columns and rows than the smallest letters make on the largest screens. Each cell takes memory, twice.
const MAX_SIZE: Size = Size::new(1600, 800);

/// The terminal, its upper left part where it says that it is larger.
pub(super) struct CappedBackend(CrosstermBackend<Stdout>);

impl CappedBackend {
    pub(super) fn new() -> Self {
        Self(CrosstermBackend::new(io::stdout()))
    }
}

fn cap_size(size: Size) -> Size {
    Size::new(size.width.min(MAX_SIZE.width), size.height.min(MAX_SIZE.height))
}

impl Backend for CappedBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.0.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size().map(cap_size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let size = self.0.window_size()?;
        Ok(WindowSize { columns_rows: cap_size(size.columns_rows), ..size })
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absurd_size_is_capped_and_no_other() {
        assert_eq!(cap_size(Size::new(u16::MAX, u16::MAX)), MAX_SIZE);
        assert_eq!(cap_size(Size::new(80, u16::MAX)), Size::new(80, MAX_SIZE.height));
        assert_eq!(cap_size(Size::new(317, 84)), Size::new(317, 84));
    }
}
