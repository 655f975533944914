//! Loads themes, colours by their meaning, from `themes/`, for the screen, and reduces them to what the terminal can
//! show.

mod colour;
mod glyphs;
mod style_token;
mod theme_file;

use ratatui::style::Style;

pub use colour::{ColourDepth, contrast_ratio, luminance};
pub use glyphs::Glyphs;
pub use style_token::StyleToken;

use crate::finding::Severity;

/// The themes in the program, by name, the default first.
const THEME_FILES: [(&str, &str); 5] = [
    ("terminal", include_str!("../../themes/terminal.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
];

/// The names of the themes, the default first.
pub fn theme_names() -> impl Iterator<Item = &'static str> {
    THEME_FILES.iter().map(|(name, _)| *name)
}

/// The features of the terminal, and the user's wishes about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalFeatures {
    pub colour_depth: ColourDepth,
    /// True when the terminal's own background is light, where that is known.
    pub has_light_background: bool,
    pub ascii_only: bool,
}

impl Default for TerminalFeatures {
    fn default() -> Self {
        Self { colour_depth: ColourDepth::TrueColour, has_light_background: false, ascii_only: false }
    }
}

/// A style for each meaning, and the signs to draw with.
#[derive(Clone, Debug)]
pub struct ColourTheme {
    styles: [Style; StyleToken::ALL.len()],
    pub glyphs: &'static Glyphs,
}

impl ColourTheme {
    /// The theme of that name, as the terminal can show it; the default where there is none of that name. With
    /// sixteen colours or fewer it is always the default: nothing else is readable in every palette.
    #[must_use]
    pub fn by_name(name: &str, abilities: TerminalFeatures) -> Self {
        let few = matches!(abilities.colour_depth, ColourDepth::Sixteen | ColourDepth::None);
        let (_, text) = THEME_FILES.iter().find(|(file, _)| *file == name && !few).unwrap_or(&THEME_FILES[0]);
        let mut styles = theme_file::load_styles(text, abilities.has_light_background);
        for style in &mut styles {
            *style = colour::reduce_colours(*style, abilities.colour_depth);
        }
        Self { styles, glyphs: if abilities.ascii_only { &glyphs::ASCII } else { &glyphs::UNICODE } }
    }

    #[must_use]
    pub const fn style(&self, slot: StyleToken) -> Style {
        self.styles[slot as usize]
    }

    #[must_use]
    pub const fn severity_style(&self, severity: Severity) -> Style {
        self.style(match severity {
            Severity::Critical => StyleToken::Critical,
            Severity::High => StyleToken::High,
            Severity::Medium => StyleToken::Medium,
            Severity::Low => StyleToken::Low,
            Severity::Info => StyleToken::Info,
        })
    }
}
