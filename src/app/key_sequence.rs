//! What an action is bound to in the keymap: one key, or several that are pressed one after the other.

use std::fmt;
use std::str::FromStr;

use super::key_press::{KeyName, KeyPress};

/// One key, or several in their order. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeySequence(Vec<KeyPress>);

impl KeySequence {
    /// These keys, where there are any.
    #[must_use]
    pub fn from_presses(presses: &[KeyPress]) -> Option<Self> {
        (!presses.is_empty()).then(|| Self(presses.to_vec()))
    }

    #[must_use]
    pub fn presses(&self) -> &[KeyPress] {
        &self.0
    }

    /// What is left to press after these keys; none where it does not begin with them, or ends with them.
    #[must_use]
    pub fn after_prefix(&self, prefix: &[KeyPress]) -> Option<Self> {
        self.0.strip_prefix(prefix).and_then(Self::from_presses)
    }
}

impl From<KeyPress> for KeySequence {
    fn from(key: KeyPress) -> Self {
        Self(vec![key])
    }
}

/// As it is shown: letters close together, `gg`; keys that have names apart, `g Home`.
impl fmt::Display for KeySequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_letter = |key: &KeyPress| key.typed_char().is_some_and(|c| c != ' ');
        let between = if self.0.iter().all(is_letter) { "" } else { " " };
        for (at, key) in self.0.iter().enumerate() {
            write!(f, "{}{key}", if at > 0 { between } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for KeySequence {
    type Err = String;

    /// Reads a key as [`KeyPress`] does, or keys with blanks between them: `g d`.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(key) = text.parse::<KeyPress>() {
            return Ok(key.into());
        }
        let no_key = || format!("`{text}` is no key; of a sequence the keys stand apart, as in \"g d\"");
        let presses: Vec<KeyPress> =
            text.split_whitespace().map(str::parse).collect::<Result<_, String>>().map_err(|_| no_key())?;
        if presses.len() > 1 && presses.iter().any(|key| key.code == KeyName::Esc) {
            return Err(format!("`{text}` has Esc in it, which leaves a sequence"));
        }
        Self::from_presses(&presses).ok_or_else(no_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_read_with_blanks_and_shown_without_where_that_is_plain() {
        for (text, shown, keys) in [
            ("g d", "gd", 2),
            ("g  G n", "gGn", 3),
            ("g Home", "g Home", 2),
            ("g Space", "g Space", 2),
            ("Ctrl-x Ctrl-c", "Ctrl-x Ctrl-c", 2),
            ("Space", "Space", 1),
            (" ", "Space", 1),
            ("Ctrl- ", "Ctrl-Space", 1),
            ("-", "-", 1),
        ] {
            let sequence: KeySequence = text.parse().unwrap();
            assert_eq!((sequence.to_string().as_str(), sequence.presses().len()), (shown, keys), "{text:?}");
        }
        for text in ["", "  ", "gd", "g Hyper-x", "g Esc"] {
            assert!(text.parse::<KeySequence>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_left_after_a_prefix() {
        let sequence: KeySequence = "g d x".parse().unwrap();
        let after = |keys: &str| {
            let prefix: KeySequence = keys.parse().unwrap();
            sequence.after_prefix(prefix.presses()).map(|rest| rest.to_string())
        };
        assert_eq!(after("g").as_deref(), Some("dx"));
        assert_eq!(after("g d").as_deref(), Some("x"));
        assert_eq!((after("g d x"), after("d"), after("g d x y")), (None, None, None));
    }
}
