//! Draws what may follow the keys of a sequence that has begun, one in a line, where the footer has no room for all.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{dialog_view, safe_text};
use crate::app::{KeyBinding, ScreenArea};
use crate::theme::StyleToken;

/// The cells of the frame beside its text.
const FRAME_CELLS: usize = 4;

/// Draws the keys with what they do in a frame above the footer; false where there is no room for all.
pub(super) fn draw_continuations(
    canvas: &mut Canvas<'_>,
    pressed: &str,
    next: &[(String, &KeyBinding)],
) -> bool {
    let screen = canvas.buffer.area;
    let Ok(height) = u16::try_from(next.len() + 2) else { return false };
    let key_cells = next.iter().map(|(keys, _)| safe_text::text_width(keys)).max().unwrap_or(0);
    let words = |binding: &KeyBinding| safe_text::text_width(binding.description);
    let text_cells = next.iter().map(|(_, binding)| words(binding)).max().unwrap_or(0);
    let width = (key_cells + 2 + text_cells + FRAME_CELLS).min(usize::from(screen.width.saturating_sub(2)));
    let Ok(width) = u16::try_from(width) else { return false };
    // The header and the footer stay.
    if height > screen.height.saturating_sub(2) || usize::from(width) < key_cells + FRAME_CELLS + 8 {
        return false;
    }
    let frame = ScreenArea::new(screen.width - width - 1, screen.height - 1 - height, width, height);
    let area = dialog_view::draw_titled_frame(canvas, pressed.trim(), frame);
    for ((keys, binding), y) in next.iter().zip(area.y..area.bottom()) {
        let room = usize::from(area.width).saturating_sub(key_cells + 2);
        let words = safe_text::fitting_head(binding.description, room, canvas.glyphs().ellipsis);
        let line = Line::from(vec![
            Span::styled(format!("{keys:<key_cells$}  "), canvas.token_style(StyleToken::Focus)),
            Span::styled(words.into_owned(), canvas.token_style(StyleToken::Base)),
        ]);
        canvas.draw_line(area.x, y, area.width, &line);
    }
    true
}
