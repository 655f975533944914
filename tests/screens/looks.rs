//! Pictures of a view at the sizes that people have, each in a theme or on a terminal of its own.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use seaworthy::theme::{ColourDepth, ColourTheme, TerminalFeatures};

use crate::every::styles;
use crate::stage::{Stage, text};

const TRUE: TerminalFeatures = TerminalFeatures {
    colour_depth: ColourDepth::TrueColour,
    has_light_background: false,
    ascii_only: false,
};
const LIGHT: TerminalFeatures = TerminalFeatures { has_light_background: true, ..TRUE };
const SIXTEEN: TerminalFeatures = TerminalFeatures { colour_depth: ColourDepth::Sixteen, ..TRUE };
const COLOURLESS: TerminalFeatures = TerminalFeatures { colour_depth: ColourDepth::None, ..TRUE };

/// Width, height, theme, terminal, and what to call it.
const LOOKS: [(u16, u16, &str, TerminalFeatures, &str); 8] = [
    (80, 24, "terminal", COLOURLESS, "no colour"),
    (100, 30, "terminal", SIXTEEN, "16 colours"),
    (120, 40, "terminal", TRUE, "terminal"),
    (160, 50, "dark", TRUE, "dark"),
    (200, 60, "light", TRUE, "light"),
    (80, 24, "high-contrast", TRUE, "high-contrast"),
    (120, 40, "colour-blind", TRUE, "colour-blind"),
    (100, 30, "terminal", LIGHT, "a light terminal"),
];

/// Takes a picture of each look.
pub(crate) fn assert_looks(name: &str, stage: impl Fn(u16, u16) -> Stage) {
    assert_looks_of(name, |width, height, theme| stage(width, height).buffer(theme));
}

/// The same of what is drawn otherwise.
pub(crate) fn assert_looks_of(name: &str, draw: impl Fn(u16, u16, &ColourTheme) -> Buffer) {
    let mut out = String::new();
    for (width, height, theme, features, what) in LOOKS {
        let buffer = draw(width, height, &ColourTheme::by_name(theme, features));
        let _ = write!(out, "{width} by {height}\n{}\n{what}\n{}\n", text(&buffer), styles(&buffer));
    }
    assert_snapshot!(name, out);
}
