//! Reads colours, reduces them to what a terminal can show, and measures their contrast, for themes.

use ratatui::style::{Color, Style};

/// The number of colours that the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourDepth {
    TrueColour,
    Indexed,
    Sixteen,
    /// None at all; bold and reverse stay.
    None,
}

/// `#rrggbb`, `default` or one of the sixteen names.
pub(super) fn parse_colour(text: &str) -> Option<Color> {
    if text == "default" {
        return Some(Color::Reset);
    }
    text.parse().ok()
}

/// The style with colours that the terminal can show.
pub(super) fn reduce_colours(style: Style, depth: ColourDepth) -> Style {
    let lower = |colour: Color| match (depth, colour) {
        (ColourDepth::None, _) => None,
        // Sixteen colours have no grey that every palette shows.
        (ColourDepth::Sixteen, Color::Indexed(FIRST_GREY..)) => None,
        (ColourDepth::Indexed, Color::Rgb(r, g, b)) => Some(Color::Indexed(nearest_indexed([r, g, b]))),
        _ => Some(colour),
    };
    Style { fg: style.fg.and_then(lower), bg: style.bg.and_then(lower), ..style }
}

/// The first of the fixed greys in the 256-colour palette.
const FIRST_GREY: u8 = 232;

/// The steps of the 6×6×6 cube in the 256-colour palette of xterm.
const CUBE_STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of the 240 fixed colours of the 256-colour palette.
fn nearest_indexed(rgb: [u8; 3]) -> u8 {
    let steps =
        rgb.map(|value| (0..6u8).min_by_key(|i| CUBE_STEPS[usize::from(*i)].abs_diff(value)).unwrap_or(0));
    let cube = steps.map(|i| CUBE_STEPS[usize::from(i)]);
    let mean = rgb.iter().map(|v| u16::from(*v)).sum::<u16>() / 3;
    let step = u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let grey = [8 + 10 * step; 3];
    let distance =
        |other: [u8; 3]| -> u32 { rgb.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    if distance(grey) < distance(cube) { 232 + step } else { 16 + 36 * steps[0] + 6 * steps[1] + steps[2] }
}

/// Relative luminance as WCAG 2 defines it, 0 to 1.
#[must_use]
pub fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|value| {
        let part = f64::from(value) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The contrast ratio of two colours as WCAG 2 defines it, 1 to 21.
#[must_use]
pub fn contrast_ratio(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
