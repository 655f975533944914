//! Draws the question for the reason why a chapter of the walk is skipped.

use crate::app::WalkPrompt;
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{dialog_view, text_field_view};

const PROMPT_WIDTH: u16 = 76;

pub(super) fn draw_prompt(canvas: &mut Canvas<'_>, asking: &WalkPrompt) {
    let WalkPrompt::SkipReason(typed) = asking;
    let area = dialog_view::open_frame(canvas, "Skip this chapter", PROMPT_WIDTH, 5);
    let words = "Why? It is kept, and stands in the results:";
    canvas.draw_text(area.x, area.y, area.width, words, canvas.token_style(StyleToken::Muted));
    let room = usize::from(area.width).saturating_sub(2);
    let shown = format!("> {}", text_field_view::shown_field(canvas, typed, room));
    canvas.draw_text(area.x, area.y + 2, area.width, &shown, canvas.token_style(StyleToken::Base));
}
