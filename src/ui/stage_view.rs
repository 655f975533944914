//! Draws the stage of a wide fix: its title with what the whole comes to, the list, and the selected change.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::{safe_text, stage_detail_view, stage_rows_view};
use crate::app::{AppState, FixStage, StageAreas, StageView};
use crate::theme::StyleToken;

/// Draws the stage, and gives how far the words about the selected change can be scrolled, and how many rows more than
/// it always has that change has.
pub(super) fn draw_stage(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    stage: &FixStage,
) -> (usize, u16) {
    let areas = StageAreas::new(state.size);
    let border = canvas.token_style(StyleToken::Border);
    canvas.draw_frame(areas.frame, border);
    if areas.is_beside {
        let x = areas.rows.x - 1;
        canvas.draw_vertical(x, areas.list.y, areas.list.height, border);
        let [down, up, ..] = canvas.glyphs().junctions;
        canvas.draw_sign(x, areas.frame.y, down, border);
        canvas.draw_sign(x, areas.frame.bottom().saturating_sub(1), up, border);
    }
    draw_title(canvas, stage, &areas);
    stage_rows_view::draw_rows(canvas, state, stage, areas.list);
    stage_detail_view::draw_detail(canvas, state, highlighter, stage, &areas)
}

/// Draws the title: what was asked for at the left, what is taken of it and what that comes to at the right.
fn draw_title(canvas: &mut Canvas<'_>, stage: &FixStage, areas: &StageAreas) {
    let cells = areas.frame.width.saturating_sub(4);
    let words = title_words(canvas, stage, areas.is_beside);
    let title = safe_text::clean_text(&stage.title, canvas.glyphs().control_char).into_owned();
    let whole_title = format!(" stage: {title} ");
    // What does not fit goes from the end; what is taken stays, and so does enough of what it is about.
    let for_title = safe_text::text_width(&whole_title).clamp(14, 28);
    let mut words = words.as_slice();
    let between = format!(" {} ", canvas.glyphs().separator);
    let line = |words: &[String]| format!(" {} ", words.join(&between));
    while words.len() > 1 && safe_text::text_width(&line(words)) + for_title > usize::from(cells) {
        words = &words[..words.len() - 1];
    }
    let right = Line::from(Span::styled(line(words), canvas.token_style(StyleToken::Title)));
    let end = canvas.draw_right(2, 0, cells, &right);
    let room = usize::from(end.saturating_sub(3));
    let view = if stage.view == StageView::Changes { ", by change" } else { ", by file" };
    let whole = format!(" stage: {title}{view} ");
    let title = if safe_text::text_width(&whole) <= room { whole } else { whole_title };
    let title = safe_text::fit_middle(&title, room, canvas.glyphs().ellipsis);
    canvas.draw_text(
        2,
        0,
        u16::try_from(room).unwrap_or(u16::MAX),
        &title,
        canvas.token_style(StyleToken::Focus),
    );
}

fn title_words(canvas: &Canvas<'_>, stage: &FixStage, is_wide: bool) -> Vec<String> {
    let totals = stage.totals;
    let taken = match stage.view {
        StageView::Changes => format!("{} of {} places", totals.taken_places, totals.places),
        StageView::Files => format!("{} of {} files", totals.taken_files, totals.files),
    };
    let mut words = Vec::new();
    if let Some((done, all)) = stage.progress() {
        words.push(format!("{done} of {all} findings planned"));
    }
    words.push(taken);
    let now = stage.before;
    let [arrow, later] = [canvas.glyphs().rightward, canvas.glyphs().ellipsis];
    let score = |score: Option<u8>| score.map_or_else(|| "-".to_owned(), |score| score.to_string());
    let after = stage.outcome.filter(|_| totals.taken_places > 0);
    let after = if totals.taken_places == 0 { Some(now) } else { after };
    let next = after.map_or_else(|| later.to_owned(), |after| score(after.score));
    words.push(format!("score {} {arrow} {next}", score(now.score)));
    if now.workloads > 0 {
        let next = after.map_or_else(|| later.to_owned(), |after| after.restricted.to_string());
        words.push(match is_wide {
            true => format!("restricted {} {arrow} {next} of {}", now.restricted, now.workloads),
            false => format!("restr {} {arrow} {next}/{}", now.restricted, now.workloads),
        });
    }
    words
}
