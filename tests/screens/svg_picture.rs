//! A screen as an SVG picture, for the documentation. Every glyph has its own place, so that any font keeps the grid.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const CELL_SIZE: (f32, f32) = (8.4, 18.0);
const FONT_FAMILY: &str = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/// The picture of a buffer. Cells without colours have those given, as `#rrggbb`.
pub(crate) fn to_svg(buffer: &Buffer, foreground: &str, background: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f32::from(columns) * CELL_SIZE.0 + 16.0, f32::from(rows) * CELL_SIZE.1 + 16.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" font-family=\"{FONT_FAMILY}\" \
         font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{background}\"/>\n"
    );
    for y in 0..rows {
        let line: Vec<&Cell> = (0..columns).filter_map(|x| buffer.cell((x, y))).collect();
        write_backgrounds(&mut out, &line, y, (foreground, background));
        write_glyphs(&mut out, &line, y, (foreground, background));
    }
    out.push_str("</svg>\n");
    out
}

type DefaultColours<'a> = (&'a str, &'a str);

/// One rectangle for each run of cells of one background.
fn write_backgrounds(out: &mut String, line: &[&Cell], y: u16, defaults: DefaultColours<'_>) {
    let mut x = 0;
    for run in line.chunk_by(|a, b| cell_colours(a, defaults).1 == cell_colours(b, defaults).1) {
        let colour = cell_colours(run[0], defaults).1;
        if colour != defaults.1 {
            let (left, top) = cell_position(x, y);
            let width = CELL_SIZE.0 * run.len() as f32;
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{colour}\"/>",
                CELL_SIZE.1
            );
        }
        x += run.len();
    }
}

/// One text for each run of cells of one look, with a place for each glyph.
fn write_glyphs(out: &mut String, line: &[&Cell], y: u16, defaults: DefaultColours<'_>) {
    let mut x = 0;
    for run in line.chunk_by(|a, b| cell_look(a, defaults) == cell_look(b, defaults)) {
        let mut places = String::new();
        let mut shown = String::new();
        for (i, cell) in run.iter().enumerate().filter(|(_, cell)| !cell.symbol().trim().is_empty()) {
            let _ = write!(places, "{:.1} ", cell_position(x + i, y).0);
            // A picture knows one place per character; marks that combine stay with theirs.
            places.extend(cell.symbol().chars().skip(1).map(|_| ' '));
            shown.push_str(cell.symbol());
        }
        if !shown.is_empty() {
            let (colour, modifiers) = cell_look(run[0], defaults);
            let baseline = cell_position(x, y).1 + 13.5;
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{baseline:.1}\" fill=\"{colour}\"{}>{}</text>",
                places.trim_end(),
                font_attributes(modifiers),
                escape_xml(&shown)
            );
        }
        x += run.len();
    }
}

fn cell_position(x: usize, y: u16) -> (f32, f32) {
    (8.0 + CELL_SIZE.0 * x as f32, 8.0 + CELL_SIZE.1 * f32::from(y))
}

fn cell_look(cell: &Cell, defaults: DefaultColours<'_>) -> (String, Modifier) {
    (cell_colours(cell, defaults).0, cell.modifier - Modifier::REVERSED)
}

/// Foreground and background as they are seen.
fn cell_colours(cell: &Cell, (foreground, background): DefaultColours<'_>) -> (String, String) {
    let (fg, bg) = (colour_hex(cell.fg, foreground), colour_hex(cell.bg, background));
    if cell.modifier.contains(Modifier::REVERSED) { (bg, fg) } else { (fg, bg) }
}

fn colour_hex(colour: Color, default: &str) -> String {
    // The sixteen colours are the terminal's own; these are close to what most show on a dark ground.
    let named = match colour {
        Color::Rgb(r, g, b) => return format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Black => "#15181d",
        Color::Red => "#f07178",
        Color::Green => "#8fc985",
        Color::Yellow => "#e6c06b",
        Color::Blue => "#82aaff",
        Color::Magenta => "#d7a0e8",
        Color::Cyan => "#74c7d4",
        Color::Gray => "#c5cad3",
        Color::DarkGray => "#808a98",
        _ => default,
    };
    named.to_owned()
}

fn font_attributes(modifiers: Modifier) -> String {
    let all = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ];
    all.iter().filter(|(modifier, _)| modifiers.contains(*modifier)).map(|(_, text)| *text).collect()
}

fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
