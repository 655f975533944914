//! Draws the program's state on the screen for the user. Views change nothing and know no terminal.

mod allow_question_view;
mod borders;
mod breaking_words;
mod canvas;
mod change_log_view;
mod continuations_view;
mod dialog_view;
mod effective_values;
mod empty_states;
mod file_tree_view;
mod finding_page;
mod findings_view;
mod first_screen_view;
mod fix_strip;
mod fix_view;
mod footer;
mod ghost_lines_view;
mod group_label;
mod header;
mod help;
mod highlight;
mod legend;
mod link_choice_view;
mod lookup_view;
mod markdown;
mod no_fix_hints;
mod obstacle_text;
mod pair_view;
mod palette_view;
mod patch_pages_view;
mod pinned_images_view;
mod query_view;
mod rendered_view;
mod risk_lines;
mod rule_view;
mod safe_text;
mod scroll_marks;
mod source_view;
mod stage_detail_view;
mod stage_rows_view;
mod stage_view;
mod terminal_title;
mod text_field_view;
mod toast_text;
mod trial_view;
mod undo_list_view;
mod value_fields_view;
mod walk;

use ratatui::buffer::Buffer;

use canvas::Canvas;
pub use highlight::Highlighter;
pub use terminal_title::terminal_title;

use crate::app::{AppState, DialogState, FullscreenView, LayoutShape, Pane, ScreenArea, ScrollLimits};
use crate::theme::{ColourTheme, StyleToken};

/// Draws the whole screen, and gives how far each part of it can be scrolled.
pub fn draw_screen(
    buffer: &mut Buffer,
    state: &AppState,
    theme: &ColourTheme,
    highlighter: &mut Highlighter,
) -> ScrollLimits {
    let mut canvas = Canvas { buffer, theme };
    let canvas = &mut canvas;
    let (width, height) = (canvas.buffer.area.width, canvas.buffer.area.height);
    canvas.clear_area(ScreenArea::new(0, 0, width, height));
    let layout = state.layout();
    let mut measured = state.scroll_limits;
    measured.frame = state.record_frame();
    if layout.shape == LayoutShape::TooSmall || width < layout.width || height < layout.height {
        empty_states::draw_too_small(canvas);
        measured.frame.stage = None;
        return measured;
    }
    if let Some(stage) = state.stage.as_ref().filter(|stage| !stage.is_aside()) {
        (measured.notes, measured.frame.stage_rows) =
            stage_view::draw_stage(canvas, state, highlighter, stage);
        draw_dialog(canvas, state, highlighter, &mut measured);
        footer::draw_footer(canvas, state, &layout, &measured);
        return measured;
    }
    if let Some(walking) = &state.walk {
        walk::draw_walk(canvas, state, walking, &mut measured);
        draw_dialog(canvas, state, highlighter, &mut measured);
        footer::draw_footer(canvas, state, &layout, &measured);
        scroll_marks::draw_place(canvas, state, &layout, &measured);
        return measured;
    }
    if state.shows_first_screen() {
        first_screen_view::draw_first_screen(canvas, state);
        header::draw_header(canvas, state, &layout);
        draw_dialog(canvas, state, highlighter, &mut measured);
        footer::draw_footer(canvas, state, &layout, &measured);
        scroll_marks::draw_place(canvas, state, &layout, &measured);
        return measured;
    }
    borders::draw_borders(canvas, state, &layout);
    header::draw_header(canvas, state, &layout);
    if let (Some(field), Some(area)) = (&state.filter_field, layout.prompt) {
        query_view::draw_query_prompt(canvas, state, field, area);
    }
    if state.is_scanned && state.store.files().next().is_none() {
        empty_states::draw_no_candidates(canvas, state, layout.body);
    } else if let Some(wide) = state.fullscreen {
        let area = layout.body;
        match wide {
            FullscreenView::Diff => measured.patch = fix_strip::draw_fix_pages(canvas, state, highlighter),
            FullscreenView::Pairs => pair_view::draw_pairs(canvas, state, area),
            FullscreenView::Rendered => rendered_view::draw_rendered(canvas, state, highlighter, area),
            FullscreenView::Page => measured.page = rule_view::draw_rule_fullscreen(canvas, state, area),
        }
    } else if state.pages_scroll().is_none() {
        draw_panes(canvas, state, highlighter, &mut measured);
    }
    draw_dialog(canvas, state, highlighter, &mut measured);
    scroll_marks::draw_scroll_marks(canvas, state, &layout, &measured);
    // A toast is drawn over everything else, and so is what may follow a key.
    footer::draw_footer(canvas, state, &layout, &measured);
    scroll_marks::draw_place(canvas, state, &layout, &measured);
    measured
}

fn draw_panes(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    measured: &mut ScrollLimits,
) {
    let layout = state.layout();
    let is_clean = empty_states::is_clean_body(state, &layout);
    let shown = |pane| Some(layout.pane_area(pane)).filter(|area| area.width > 0 && area.height > 0);
    if let Some(area) = shown(Pane::Files) {
        file_tree_view::draw_file_tree(canvas, state, area);
    }
    if let Some(area) = shown(Pane::Findings) {
        findings_view::draw_findings(canvas, state, area);
    }
    if is_clean {
        return empty_states::draw_clean_body(canvas, state, &layout);
    }
    if shown(Pane::Source).is_some() {
        source_view::draw_files(canvas, state, highlighter);
    }
    if let Some(area) = shown(Pane::Rule) {
        measured.page = rule_view::draw_rule(canvas, state, area);
    }
    match layout.fix {
        Some(area) if state.focus == Pane::Source => {
            measured.page = rule_view::draw_rule(canvas, state, area);
        }
        Some(area) => fix_strip::draw_fix_strip(canvas, state, highlighter, area),
        None => {}
    }
}

fn draw_dialog(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    measured: &mut ScrollLimits,
) {
    match &state.dialog {
        None => {}
        Some(DialogState::Help { scroll, filter }) => {
            measured.help = help::draw_help(canvas, state, *scroll, filter.as_ref());
        }
        Some(DialogState::Palette(palette)) => palette_view::draw_palette(canvas, state, palette),
        Some(DialogState::ChangeLog { row }) => change_log_view::draw_log(canvas, state, *row),
        Some(DialogState::LinkChoice(choice)) => link_choice_view::draw_link_choice(canvas, choice),
        Some(DialogState::UndoList(list)) => {
            measured.patch = undo_list_view::draw_undo_list(canvas, state, highlighter, list);
        }
        Some(DialogState::ConfirmFix { scope: reach, keys, scroll }) => {
            let (reach, asked, scroll) = (*reach, keys.len(), *scroll);
            measured.patch =
                dialog_view::draw_confirmation(canvas, state, highlighter, (reach, asked, scroll));
        }
        Some(DialogState::PinCheck(asked)) => {
            measured.patch = pinned_images_view::draw_pin_check(canvas, state, highlighter, asked);
        }
        Some(DialogState::Trial(trial)) => measured.patch = trial_view::draw_trial(canvas, trial),
        Some(DialogState::Lookup(asked)) => {
            measured.patch = lookup_view::draw_lookup(canvas, state, highlighter, asked);
        }
        Some(DialogState::SuppressReason { key, text, place }) => {
            allow_question_view::draw_reason(canvas, state, key, (text, place.as_ref()));
        }
        Some(DialogState::Values(editor)) => {
            value_fields_view::draw_editor(canvas, state, highlighter, editor);
        }
    }
}

/// Draws a pane's title, in the colour of the focus where the pane has the keys.
fn draw_pane_title(canvas: &mut Canvas<'_>, area: ScreenArea, text: &str, focused: bool) -> u16 {
    let style = canvas.token_style(if focused { StyleToken::Focus } else { StyleToken::Title });
    let x = area.x + 1;
    canvas.draw_text(x, area.y, area.right().saturating_sub(x), text, style)
}

/// Marks in its title a pane that has the keys and no row that could be marked.
fn mark_pane_without_row(canvas: &mut Canvas<'_>, area: ScreenArea) {
    canvas.draw_sign(area.x, area.y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
}

/// Marks the selected row of a list: only where the list has the keys with the bar, of which there is one on the screen.
fn mark_selected_row(canvas: &mut Canvas<'_>, row: ScreenArea, focused: bool) {
    if focused {
        canvas.draw_sign(row.x, row.y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
    }
    let token = if focused { StyleToken::Selection } else { StyleToken::SelectionAway };
    canvas.overlay_style(row, canvas.token_style(token));
}
