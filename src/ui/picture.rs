//! A screen as an SVG picture, for the documentation. Every glyph has its own place, so that any font keeps the grid.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const CELL: (f32, f32) = (8.4, 18.0);
const FONT: &str = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/// The picture of a buffer. Cells without colours have those given, as `#rrggbb`.
#[must_use]
pub fn svg(buffer: &Buffer, foreground: &str, background: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f32::from(columns) * CELL.0 + 16.0, f32::from(rows) * CELL.1 + 16.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" font-family=\"{FONT}\" \
         font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{background}\"/>\n"
    );
    for y in 0..rows {
        let line: Vec<&Cell> = (0..columns).filter_map(|x| buffer.cell((x, y))).collect();
        backgrounds(&mut out, &line, y, (foreground, background));
        glyphs(&mut out, &line, y, (foreground, background));
    }
    out.push_str("</svg>\n");
    out
}

type Defaults<'a> = (&'a str, &'a str);

/// One rectangle for each run of cells of one background.
fn backgrounds(out: &mut String, line: &[&Cell], y: u16, defaults: Defaults<'_>) {
    let mut x = 0;
    for run in line.chunk_by(|a, b| colours(a, defaults).1 == colours(b, defaults).1) {
        let colour = colours(run[0], defaults).1;
        if colour != defaults.1 {
            let (left, top) = place(x, y);
            let width = CELL.0 * run.len() as f32;
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{colour}\"/>",
                CELL.1
            );
        }
        x += run.len();
    }
}

/// One text for each run of cells of one look, with a place for each glyph.
fn glyphs(out: &mut String, line: &[&Cell], y: u16, defaults: Defaults<'_>) {
    let mut x = 0;
    for run in line.chunk_by(|a, b| look(a, defaults) == look(b, defaults)) {
        let mut places = String::new();
        let mut shown = String::new();
        for (i, cell) in run.iter().enumerate().filter(|(_, cell)| !cell.symbol().trim().is_empty()) {
            let _ = write!(places, "{:.1} ", place(x + i, y).0);
            // A picture knows one place per character; marks that combine stay with theirs.
            places.extend(cell.symbol().chars().skip(1).map(|_| ' '));
            shown.push_str(cell.symbol());
        }
        if !shown.is_empty() {
            let (colour, modifiers) = look(run[0], defaults);
            let baseline = place(x, y).1 + 13.5;
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{baseline:.1}\" fill=\"{colour}\"{}>{}</text>",
                places.trim_end(),
                attributes(modifiers),
                escape(&shown)
            );
        }
        x += run.len();
    }
}

fn place(x: usize, y: u16) -> (f32, f32) {
    (8.0 + CELL.0 * x as f32, 8.0 + CELL.1 * f32::from(y))
}

fn look(cell: &Cell, defaults: Defaults<'_>) -> (String, Modifier) {
    (colours(cell, defaults).0, cell.modifier - Modifier::REVERSED)
}

/// Foreground and background as they are seen.
fn colours(cell: &Cell, (foreground, background): Defaults<'_>) -> (String, String) {
    let (fg, bg) = (hex(cell.fg, foreground), hex(cell.bg, background));
    if cell.modifier.contains(Modifier::REVERSED) { (bg, fg) } else { (fg, bg) }
}

fn hex(colour: Color, default: &str) -> String {
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

fn attributes(modifiers: Modifier) -> String {
    let all = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ];
    all.iter().filter(|(modifier, _)| modifiers.contains(*modifier)).map(|(_, text)| *text).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
