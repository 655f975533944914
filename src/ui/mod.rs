//! Views: what the program knows, drawn. They change nothing and know no terminal.

mod advice;
mod canvas;
mod chrome;
mod dialog;
mod empty;
mod files;
mod findings;
mod fix;
mod footer;
mod header;
mod help;
mod highlight;
mod lookup;
mod markdown;
mod picture;
mod pins;
mod rule;
mod source;
mod text;
mod toast;
mod walk;

use ratatui::buffer::Buffer;

use canvas::Canvas;
pub use highlight::Highlighter;
pub use picture::svg;

use crate::app::{Area, Measured, Overlay, Pane, Shape, State, Wide};
use crate::theme::{Slot, Theme};

/// Draws the whole screen, and says how far what it laid out can be scrolled.
pub fn draw(buffer: &mut Buffer, state: &State, theme: &Theme, highlighter: &mut Highlighter) -> Measured {
    let mut canvas = Canvas { buffer, theme };
    let canvas = &mut canvas;
    let (width, height) = (canvas.buffer.area.width, canvas.buffer.area.height);
    canvas.clear(Area::new(0, 0, width, height));
    let layout = state.layout();
    let mut measured = state.measured;
    if layout.shape == Shape::TooSmall || width < layout.width || height < layout.height {
        empty::too_small(canvas);
        return measured;
    }
    if let Some(walking) = &state.walk {
        walk::draw(canvas, state, walking, &mut measured);
        overlay(canvas, state, &mut measured);
        footer::draw(canvas, state, &layout);
        return measured;
    }
    chrome::draw(canvas, state, &layout);
    header::draw(canvas, state, &layout);
    if state.scanned && state.store.files().next().is_none() {
        empty::nothing_here(canvas, state, layout.body);
    } else if let Some(wide) = state.wide {
        let area = layout.body;
        match wide {
            Wide::Diff => measured.patch = fix::wide(canvas, state, area),
            Wide::Page => measured.page = rule::page(canvas, state, area),
        }
    } else {
        panes(canvas, state, highlighter, &mut measured);
    }
    overlay(canvas, state, &mut measured);
    // What just happened is said over whatever else is there.
    footer::draw(canvas, state, &layout);
    measured
}

fn panes(canvas: &mut Canvas<'_>, state: &State, highlighter: &mut Highlighter, measured: &mut Measured) {
    let layout = state.layout();
    let shown = |pane| Some(layout.area(pane)).filter(|area| area.width > 0 && area.height > 0);
    if let Some(area) = shown(Pane::Files) {
        files::draw(canvas, state, area);
    }
    if let Some(area) = shown(Pane::Findings) {
        findings::draw(canvas, state, area);
    }
    if shown(Pane::Source).is_some() {
        let (own, linked) = state.source_areas();
        source::draw(canvas, state, highlighter, own);
        if let Some(area) = linked {
            source::draw_linked(canvas, state, highlighter, area);
        }
    }
    if let Some(area) = shown(Pane::Rule) {
        measured.page = rule::draw(canvas, state, area);
    }
    if let Some(area) = layout.fix {
        fix::draw(canvas, state, area);
    }
}

fn overlay(canvas: &mut Canvas<'_>, state: &State, measured: &mut Measured) {
    match &state.overlay {
        None => {}
        Some(Overlay::Help { scroll, filter }) => {
            measured.help = help::draw(canvas, state, *scroll, filter.as_deref());
        }
        Some(Overlay::Menu { choice }) => dialog::menu(canvas, state, *choice),
        Some(Overlay::Confirm { reach, keys, scroll }) => {
            measured.patch = dialog::confirm(canvas, state, *reach, keys.len(), *scroll);
        }
        Some(Overlay::Pins(asked)) => measured.patch = pins::draw(canvas, state, asked),
        Some(Overlay::Lookup(asked)) => measured.patch = lookup::draw(canvas, state, asked),
        Some(Overlay::Reason { key, text }) => dialog::reason(canvas, key, text),
        Some(Overlay::Value { form, .. }) => walk::values(canvas, form, None),
    }
}

/// A pane's title, which tells by more than colour whether the pane has the keys.
fn title(canvas: &mut Canvas<'_>, area: Area, text: &str, focused: bool) -> u16 {
    let style = canvas.style(if focused { Slot::Focus } else { Slot::Title });
    let x = if focused {
        canvas.text(area.x, area.y, area.width, canvas.glyphs().bar, style)
    } else {
        area.x + 1
    };
    canvas.text(x, area.y, area.right().saturating_sub(x), text, style)
}
