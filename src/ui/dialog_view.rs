//! Draws the questions over the panes.

use ratatui::text::Line;

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::{borders, fix_view, markdown, patch_pages_view, risk_lines, safe_text, scroll_marks};
use crate::app::{Action, AppState, FixScope, PreviewState, ScreenArea};
use crate::finding::FixRisk;
use crate::fix::FixPlan;
use crate::theme::StyleToken;

/// Draws a frame in the middle, of at most this size, and gives the area within it.
pub(super) fn open_frame(canvas: &mut Canvas<'_>, title: &str, width: u16, height: usize) -> ScreenArea {
    let screen = canvas.buffer.area;
    let width = width.min(screen.width);
    let height = u16::try_from(height).unwrap_or(u16::MAX).min(screen.height.saturating_sub(2)).max(3);
    let area =
        ScreenArea::new((screen.width - width) / 2, screen.height.saturating_sub(height) / 2, width, height);
    draw_titled_frame(canvas, title, area)
}

pub(super) fn draw_titled_frame(canvas: &mut Canvas<'_>, title: &str, area: ScreenArea) -> ScreenArea {
    // The lines behind it end a cell before it, so that none runs into its border.
    let (left, right) =
        (area.x.saturating_sub(1).max(1), (area.right() + 1).min(canvas.buffer.area.width - 1));
    if area.x > 1 {
        canvas.clear_area(ScreenArea { x: left, width: right - left, ..area });
    }
    canvas.clear_area(area);
    borders::close_outer_frame(canvas);
    canvas.draw_frame(area, canvas.token_style(StyleToken::Focus));
    let cells = area.width.saturating_sub(4);
    canvas.draw_text(area.x + 2, area.y, cells, &format!(" {title} "), canvas.token_style(StyleToken::Title));
    ScreenArea::new(area.x + 2, area.y + 1, cells, area.height.saturating_sub(2))
}

/// Marks in the frame's borders which part of a list or a text is in view, and the row that has the cursor.
pub(super) fn mark_place(
    canvas: &mut Canvas<'_>,
    area: ScreenArea,
    (top, len): (usize, usize),
    at: Option<usize>,
) {
    // A blank stands between the text and the border.
    let rows = ScreenArea { width: area.width + 1, ..area };
    scroll_marks::draw_list_marks(canvas, rows, (top, len), at);
}

const fn scope_label(scope: FixScope) -> &'static str {
    match scope {
        FixScope::Breaking => "This fix would break the program, as these files say",
        FixScope::Settings => "For this repository: kept in seaworthy.toml",
    }
}

/// Draws the whole patch in pages, and the question. Gives how far the patch can be scrolled.
pub(super) fn draw_confirmation(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    (reach, asked, scroll): (FixScope, usize, usize),
) -> usize {
    let areas = state.page_areas();
    canvas.clear_area(state.layout().body);
    borders::clear_outer_thumb(canvas);
    super::draw_pane_title(canvas, areas.title, scope_label(reach), true);
    let mark = canvas.glyphs().ellipsis;
    let (said, question) = match (&state.preview.state, state.preview.writable_plan()) {
        (_, Some(plan)) if plan.risk == FixRisk::WillBreak => {
            let question = patch_pages_view::page_question(state, "Write it all the same? y/N");
            return draw_breaking_question(canvas, state, highlighter, (plan, scroll, &question));
        }
        (_, Some(_)) if reach == FixScope::Settings => {
            let words = if state.keeps_values() {
                "Every fix from now on writes these values; u takes them back."
            } else {
                "Findings and fixes go by this from now on; u takes it back."
            };
            let question = patch_pages_view::page_question(state, "Write it? y/N");
            (vec![(words.to_owned(), StyleToken::Title)], question)
        }
        (_, Some(plan)) => {
            let question = patch_pages_view::page_question(state, "Write all of this? y/N");
            (plan_summary(state, plan, asked), question)
        }
        (PreviewState::Pending, None) if state.preview.is_pending_briefly() => (Vec::new(), String::new()),
        (PreviewState::Pending, None) => (Vec::new(), format!("The patch is being made {mark}")),
        (PreviewState::Failed(no_plan), None) => {
            (Vec::new(), crate::text::capitalise_text(&no_plan.to_string()))
        }
        _ => (Vec::new(), "Nothing of this can be written.".to_owned()),
    };
    let mut words = Vec::new();
    for (text, slot) in said {
        let text = safe_text::clean_text(&text, canvas.glyphs().control_char);
        words.extend(markdown::sentence_lines(&text, usize::from(areas.words.width), canvas.theme, slot));
    }
    patch_pages_view::draw_pages(canvas, state, highlighter, &words, (scroll, &question))
}

/// Draws the question whether to write what will break the program: its evidence with places, what is better, and the
/// patch.
fn draw_breaking_question(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    (plan, scroll, question): (&FixPlan, usize, &str),
) -> usize {
    let cells = usize::from(state.page_areas().words.width);
    let key = |action| state.config.keymap.keys_for(action).first().map(ToString::to_string);
    let allow =
        key(Action::Ignore).map(|key| format!("Better: {key} allows it here, with this as the reason."));
    let look = key(Action::Open).map(|key| format!("{key} goes to the evidence; only y writes it."));
    let mut ways = Vec::new();
    for text in allow.into_iter().chain(look) {
        ways.extend(risk_lines::signed_lines(canvas, None, &text, cells, StyleToken::Title));
    }
    // As much of the evidence as leaves room for what a person can do.
    let room = usize::from(state.page_areas().words.height).saturating_sub(ways.len());
    let shown = (1..=room.max(1)).rev();
    let mut evidence = shown.map(|most| risk_lines::short_risk_lines(canvas, state, plan, (cells, most)));
    let fits = |lines: &Vec<Line<'static>>| lines.len() <= room;
    let fitting = evidence.find(fits);
    let mut words = fitting.unwrap_or_else(|| risk_lines::short_risk_lines(canvas, state, plan, (cells, 1)));
    words.extend(ways);
    patch_pages_view::draw_pages(canvas, state, highlighter, &words, (scroll, question))
}

/// The size of the patch, its risks, and the findings that it leaves out.
fn plan_summary(state: &AppState, plan: &FixPlan, asked: usize) -> Vec<(String, StyleToken)> {
    let (added, removed) = state.preview.count_changes();
    let findings = safe_text::count_of(plan.resolves.len(), "finding");
    let files = safe_text::count_of(plan.patches.len(), "file");
    let mut said =
        vec![(format!("{findings} in {files}, {}: +{added} -{removed}", plan.safety), StyleToken::Title)];
    said.extend(plan.cautions.iter().map(|caution| (crate::text::to_sentence(caution), StyleToken::Caution)));
    said.extend(fix_view::breaking_fixes_text(plan));
    if let Some((_, reason)) = plan.withheld.first() {
        let withheld = format!("{} of {asked} withheld: {reason}.", plan.withheld.len());
        said.push((withheld, StyleToken::Caution));
    }
    said
}

/// Draws a frame above the footer, so that the rows it is about stay in view.
pub(super) fn open_low_frame(canvas: &mut Canvas<'_>, title: &str, width: u16, height: u16) -> ScreenArea {
    let screen = canvas.buffer.area;
    let width = width.min(screen.width);
    let height = height.min(screen.height.saturating_sub(2)).max(3);
    let y = screen.height.saturating_sub(height + 1);
    draw_titled_frame(canvas, title, ScreenArea::new((screen.width - width) / 2, y, width, height))
}
