//! Parses theme files: they are part of the program, so that faults in one are found by the tests.

use std::collections::BTreeMap;

use ratatui::style::{Modifier, Style};
use serde::Deserialize;

use super::colour;
use super::style_token::StyleToken;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ThemeFile {
    styles: BTreeMap<String, StyleSpec>,
    /// The styles that differ on a terminal with a light background.
    #[serde(default)]
    on_light: BTreeMap<String, StyleSpec>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StyleSpec {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
    dim: bool,
}

/// The style of each token. One that the file does not name has no style of its own.
pub(super) fn load_styles(text: &str, light: bool) -> [Style; StyleToken::ALL.len()] {
    let mut styles = [Style::new(); StyleToken::ALL.len()];
    let Ok(file) = toml::from_str::<ThemeFile>(text) else { return styles };
    for slot in StyleToken::ALL {
        let on_light = file.on_light.get(slot.name()).filter(|_| light);
        if let Some(spec) = on_light.or_else(|| file.styles.get(slot.name())) {
            styles[*slot as usize] = spec.to_style();
        }
    }
    // The selection is never dimmed.
    for slot in [StyleToken::Selection, StyleToken::SelectionAway] {
        styles[slot as usize] = styles[slot as usize].remove_modifier(Modifier::DIM);
    }
    styles
}

impl StyleSpec {
    fn to_style(&self) -> Style {
        let mut style = Style::new();
        style.fg = self.fg.as_deref().and_then(colour::parse_colour);
        style.bg = self.bg.as_deref().and_then(colour::parse_colour);
        let modifiers = [
            (self.bold, Modifier::BOLD),
            (self.italic, Modifier::ITALIC),
            (self.underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
            (self.dim, Modifier::DIM),
        ];
        for (_, modifier) in modifiers.iter().filter(|(on, _)| *on) {
            style = style.add_modifier(*modifier);
        }
        style
    }
}
