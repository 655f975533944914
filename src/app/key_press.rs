//! Names the keys for the program, whatever terminal library reads them.

use std::fmt;
use std::str::FromStr;

/// The key, apart from the modifiers. Shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyName {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    /// F1 to F12.
    Function(u8),
}

/// The names of the keys that are no character, for reading and for showing.
const KEY_NAMES: [(KeyName, &str); 28] = [
    (KeyName::Enter, "Enter"),
    (KeyName::Esc, "Esc"),
    (KeyName::Tab, "Tab"),
    (KeyName::BackTab, "Shift-Tab"),
    (KeyName::Backspace, "Backspace"),
    (KeyName::Delete, "Delete"),
    (KeyName::Up, "Up"),
    (KeyName::Down, "Down"),
    (KeyName::Left, "Left"),
    (KeyName::Right, "Right"),
    (KeyName::Home, "Home"),
    (KeyName::End, "End"),
    (KeyName::PageUp, "PageUp"),
    (KeyName::PageDown, "PageDown"),
    (KeyName::Char(' '), "Space"),
    (KeyName::Insert, "Insert"),
    (KeyName::Function(1), "F1"),
    (KeyName::Function(2), "F2"),
    (KeyName::Function(3), "F3"),
    (KeyName::Function(4), "F4"),
    (KeyName::Function(5), "F5"),
    (KeyName::Function(6), "F6"),
    (KeyName::Function(7), "F7"),
    (KeyName::Function(8), "F8"),
    (KeyName::Function(9), "F9"),
    (KeyName::Function(10), "F10"),
    (KeyName::Function(11), "F11"),
    (KeyName::Function(12), "F12"),
];

/// One key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPress {
    pub code: KeyName,
    pub ctrl: bool,
    pub alt: bool,
}

impl KeyPress {
    #[must_use]
    pub const fn without_modifiers(code: KeyName) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    #[must_use]
    pub const fn from_char(c: char) -> Self {
        Self::without_modifiers(KeyName::Char(c))
    }

    #[must_use]
    pub const fn with_ctrl(c: char) -> Self {
        Self { code: KeyName::Char(c), ctrl: true, alt: false }
    }

    /// The character that the key types, when it types one.
    #[must_use]
    pub const fn typed_char(self) -> Option<char> {
        match self {
            Self { code: KeyName::Char(c), ctrl: false, alt: false } => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match (KEY_NAMES.iter().find(|(code, _)| *code == self.code), self.code) {
            (Some((_, name)), _) => f.write_str(name),
            (None, KeyName::Char(c)) => write!(f, "{c}"),
            (None, code) => write!(f, "{code:?}"),
        }
    }
}

impl FromStr for KeyPress {
    type Err = String;

    /// Reads what [`Display`](fmt::Display) writes; names in any case, `Ctrl-x` and `Alt-x` before them.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut key = Self::without_modifiers(KeyName::Esc);
        let mut rest = text;
        while let Some((modifier, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            match modifier.to_ascii_lowercase().as_str() {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                _ => break,
            }
            rest = after;
        }
        let named = KEY_NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(rest)).map(|(code, _)| *code);
        let mut characters = rest.chars();
        let single = characters.next().filter(|c| characters.as_str().is_empty() && !c.is_control());
        key.code = named.or(single.map(KeyName::Char)).ok_or_else(|| format!("`{text}` is no key"))?;
        if key.ctrl
            && let KeyName::Char(c) = key.code
        {
            key.code = KeyName::Char(c.to_ascii_lowercase());
        }
        Ok(key)
    }
}
