//! All keys, from the table that makes them work.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::dialog;
use crate::app::{Context, State};
use crate::theme::Slot;

/// What keys do in the walk, where that is not what they do in the panes.
const WALK: &[(&str, &str)] = &[
    ("Enter", "Write the diff in view; where there is none, go on"),
    ("v", "Change the values that would be written"),
    ("o", "Ask the registries for versions and digests; who is asked is said first"),
    ("s", "Skip the chapter with a reason, or take it up again"),
    ("n b", "Next chapter, and back"),
    ("1 to 9", "Go to a chapter"),
    ("e", "Open the cited line in the editor"),
    ("x y", "Save the results as Markdown, or copy them"),
    ("w", "Leave the walk"),
];

/// Draws the help, and gives how far it can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, scroll: usize, filter: Option<&str>) -> usize {
    let wanted = filter.unwrap_or_default().to_lowercase();
    let mut lines = Vec::new();
    if state.walk.is_some() {
        lines.push(Line::from(Span::styled("Walk", canvas.style(Slot::Heading))));
        for (keys, description) in WALK {
            lines.push(Line::from(vec![
                Span::styled(format!("  {keys:<16} "), canvas.style(Slot::Focus)),
                Span::styled(*description, canvas.style(Slot::Base)),
            ]));
        }
    }
    for context in Context::ALL {
        let rows: Vec<Line<'_>> = state
            .config
            .keymap
            .help(context)
            .filter(|(keys, binding)| {
                let text = format!("{keys} {} {}", binding.name, binding.description);
                text.to_lowercase().contains(&wanted)
            })
            .map(|(keys, binding)| row(canvas, &keys, binding.description))
            .collect();
        if rows.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(Span::styled(context.name(), canvas.style(Slot::Heading))));
        lines.extend(rows);
    }
    if filter.is_none() {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(MOUSE, canvas.style(Slot::Muted))));
    } else if lines.is_empty() {
        lines.push(Line::from(Span::styled("No key does that.", canvas.style(Slot::Muted))));
    }
    let title = filter.map_or_else(|| "Keys".to_owned(), |text| format!("Keys /{text}_"));
    let area = dialog::open(canvas, &title, 84, lines.len() + 2);
    let last = lines.len().saturating_sub(usize::from(area.height));
    canvas.lines(area, lines.iter().skip(scroll.min(last)));
    if scroll < last {
        dialog::more(canvas, area);
    }
    last
}

const MOUSE: &str = "Mouse: click selects, wheel scrolls, borders can be dragged. Shift selects text.";

fn row(canvas: &Canvas<'_>, keys: &str, description: &'static str) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("  {keys:<16} "), canvas.style(Slot::Focus)),
        Span::styled(description, canvas.style(Slot::Base)),
    ])
}
