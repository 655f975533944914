//! Holds the palette while it is open: the words that are typed, and the row that is chosen.

use super::text_field::TextField;

/// The palette while it is open: what is typed, and the row that Enter does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionPalette {
    pub field: TextField,
    pub choice: usize,
}
