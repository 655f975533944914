//! Draws the help with all keys, from the table that makes them work.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{dialog_view, legend, query_view, safe_text, text_field_view};
use crate::app::{ActionGroup, AppState, TextField, WALK_BINDINGS, WalkAction};
use crate::theme::StyleToken;

/// Draws the help, and gives how far it can be scrolled.
pub(super) fn draw_help(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    scroll: usize,
    filter: Option<&TextField>,
) -> usize {
    let wanted = filter.map(TextField::text).unwrap_or_default().to_lowercase();
    let mut lines = Vec::new();
    if state.walk.is_some() {
        let rows = walk_rows(state)
            .into_iter()
            .filter(|(keys, description)| format!("{keys} {description}").to_lowercase().contains(&wanted));
        let rows: Vec<Line<'_>> =
            rows.flat_map(|(keys, description)| help_rows(canvas, &keys, description)).collect();
        if !rows.is_empty() {
            lines.push(Line::from(Span::styled("Walk", canvas.token_style(StyleToken::Heading))));
            lines.extend(rows);
        }
    }
    for context in ActionGroup::ALL {
        let rows: Vec<Line<'_>> = state
            .config
            .keymap
            .help_rows(context)
            .filter(|(keys, binding)| {
                let text = format!("{keys} {} {}", binding.name, binding.description);
                text.to_lowercase().contains(&wanted)
            })
            .flat_map(|(keys, binding)| help_rows(canvas, &keys, binding.description))
            .collect();
        if rows.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(Span::styled(context.name(), canvas.token_style(StyleToken::Heading))));
        lines.extend(rows);
    }
    let fields: Vec<Line<'_>> = query_view::field_rows()
        .into_iter()
        .filter(|(example, meaning)| format!("{example} {meaning}").to_lowercase().contains(&wanted))
        .flat_map(|(example, meaning)| help_rows(canvas, &example, &meaning))
        .collect();
    if !fields.is_empty() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(Span::styled("Search", canvas.token_style(StyleToken::Heading))));
        lines.extend(fields);
    }
    let legend = legend::legend_rows(canvas)
        .into_iter()
        .filter(|(sign, _, meaning)| format!("{sign} {meaning}").to_lowercase().contains(&wanted));
    let legend: Vec<Line<'_>> =
        legend.flat_map(|(sign, style, meaning)| explained_rows(canvas, (&sign, style), &meaning)).collect();
    if !legend.is_empty() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(Span::styled("Signs and words", canvas.token_style(StyleToken::Heading))));
        lines.extend(legend);
    }
    if filter.is_none() {
        lines.push(Line::default());
        let muted = canvas.token_style(StyleToken::Muted);
        let mouse = safe_text::wrap_words(MOUSE_HELP, frame_cells(canvas));
        lines.extend(mouse.into_iter().map(|part| Line::from(Span::styled(part, muted))));
    } else if lines.is_empty() {
        lines.push(Line::from(Span::styled("No key does that.", canvas.token_style(StyleToken::Muted))));
    }
    let title = filter.map_or_else(|| "Keys".to_owned(), |field| search_title(canvas, field));
    let area = dialog_view::open_frame(canvas, &title, HELP_WIDTH, lines.len() + 2);
    let last = lines.len().saturating_sub(usize::from(area.height));
    canvas.draw_lines(area, lines.iter().skip(scroll.min(last)));
    dialog_view::mark_place(canvas, area, (scroll.min(last), lines.len()), None);
    last
}

/// The keys of the walk, where they do something else than in the panes; those of the chapters in one row.
fn walk_rows(state: &AppState) -> Vec<(String, &'static str)> {
    let rows = WALK_BINDINGS.iter().filter_map(|binding| match binding.action {
        WalkAction::GoToChapter(0) => Some(("1 to 9".to_owned(), "Go to a chapter")),
        WalkAction::GoToChapter(_) => None,
        _ => Some((binding.keys_as_text(&state.config.keymap), binding.description)),
    });
    rows.collect()
}

const HELP_WIDTH: u16 = 84;

/// The text searched for, in the frame's upper border.
fn search_title(canvas: &Canvas<'_>, field: &TextField) -> String {
    let room = usize::from(HELP_WIDTH.min(canvas.buffer.area.width)).saturating_sub(4 + " Keys / ".len());
    format!("Keys /{}", text_field_view::shown_field(canvas, field, room))
}

const MOUSE_HELP: &str = "Mouse: click selects, wheel scrolls, borders can be dragged. Shift selects text.";

/// The cells of a line: the frame has a border and a blank on either side.
fn frame_cells(canvas: &Canvas<'_>) -> usize {
    usize::from(HELP_WIDTH.min(canvas.buffer.area.width)).saturating_sub(4)
}

fn help_rows(canvas: &Canvas<'_>, keys: &str, description: &str) -> Vec<Line<'static>> {
    explained_rows(canvas, (keys, canvas.token_style(StyleToken::Focus)), description)
}

/// A word or a sign with its meaning, which goes on below itself where the frame is narrow.
fn explained_rows(canvas: &Canvas<'_>, (word, style): (&str, Style), meaning: &str) -> Vec<Line<'static>> {
    let word = format!("  {word:<16} ");
    let indent = safe_text::text_width(&word);
    let parts = safe_text::wrap_words(meaning, frame_cells(canvas).saturating_sub(indent));
    let row = |(at, part): (usize, String)| {
        let lead = if at == 0 { word.clone() } else { " ".repeat(indent) };
        Line::from(vec![Span::styled(lead, style), Span::styled(part, canvas.token_style(StyleToken::Base))])
    };
    parts.into_iter().enumerate().map(row).collect()
}
