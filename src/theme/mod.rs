//! Colours by what they mean, loaded from `themes/`, brought down to what the terminal can show.

mod colour;
mod glyphs;
mod load;
mod slot;

use ratatui::style::Style;

pub use colour::{Depth, contrast, luminance};
pub use glyphs::Glyphs;
pub use slot::Slot;

use crate::finding::Severity;

/// The themes in the program, by name, the default first.
const FILES: [(&str, &str); 5] = [
    ("terminal", include_str!("../../themes/terminal.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
];

/// The names of the themes, the default first.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// What the terminal can show, and what the user wants of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    pub depth: Depth,
    /// Whether the terminal's own background is light, where it says so.
    pub light: bool,
    pub ascii: bool,
}

impl Default for Abilities {
    fn default() -> Self {
        Self { depth: Depth::True, light: false, ascii: false }
    }
}

/// A style for each meaning, and the signs to draw with.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: [Style; Slot::ALL.len()],
    pub glyphs: &'static Glyphs,
}

impl Theme {
    /// The theme of that name, as the terminal can show it; the default where there is none of that name. With
    /// sixteen colours or fewer it is always the default: nothing else is readable in every palette.
    #[must_use]
    pub fn named(name: &str, abilities: Abilities) -> Self {
        let few = matches!(abilities.depth, Depth::Sixteen | Depth::None);
        let (_, text) = FILES.iter().find(|(file, _)| *file == name && !few).unwrap_or(&FILES[0]);
        let mut styles = load::styles(text, abilities.light);
        for style in &mut styles {
            *style = colour::reduce(*style, abilities.depth);
        }
        Self { styles, glyphs: if abilities.ascii { &glyphs::ASCII } else { &glyphs::UNICODE } }
    }

    #[must_use]
    pub const fn style(&self, slot: Slot) -> Style {
        self.styles[slot as usize]
    }

    #[must_use]
    pub const fn severity(&self, severity: Severity) -> Style {
        self.style(match severity {
            Severity::Critical => Slot::Critical,
            Severity::High => Slot::High,
            Severity::Medium => Slot::Medium,
            Severity::Low => Slot::Low,
            Severity::Info => Slot::Info,
        })
    }
}
