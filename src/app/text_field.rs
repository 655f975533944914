//! Edits a line of text with a cursor in it: the one field of filters, reasons and values.

use tui_input::{Input, InputRequest};

use super::key_press::{KeyName, KeyPress};

/// A line of text and the place in it of the next character. Keys edit it as they do in shells.
#[derive(Clone, Debug, Default)]
pub struct TextField {
    input: Input,
}

/// What is typed goes no further than this, in bytes: each letter is looked at by whoever follows the text, and many may
/// come at once, as where a terminal hands a paste on as keys.
const MAX_TYPED_BYTES: usize = 4096;

/// The characters that end a word, besides blanks: each part of a path or an image's name is one.
const WORD_ENDS: [char; 3] = ['/', ':', '@'];

impl TextField {
    /// A field that holds this text, with the cursor after it.
    #[must_use]
    pub fn with_text(text: impl Into<String>) -> Self {
        Self { input: Input::new(text.into()) }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// True where no more can be typed.
    #[must_use]
    pub(super) fn is_full(&self) -> bool {
        self.text().len() >= MAX_TYPED_BYTES
    }

    /// The text before the cursor, and the text after it.
    #[must_use]
    pub fn split_at_cursor(&self) -> (&str, &str) {
        let text = self.text();
        let at = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at);
        text.split_at(at)
    }

    /// Handles a key; true where it was one for a line of text.
    pub fn on_key(&mut self, key: KeyPress) -> bool {
        let by_word = key.ctrl || key.alt;
        let request = match (key.typed_char(), key.code) {
            (Some(_), _) if self.is_full() => return true,
            (Some(c), _) => InputRequest::InsertChar(c),
            (None, KeyName::Backspace) if by_word => return self.delete_word(),
            (None, KeyName::Backspace) => InputRequest::DeletePrevChar,
            (None, KeyName::Delete) => InputRequest::DeleteNextChar,
            (None, KeyName::Left) if by_word => return self.move_to_previous_word(),
            (None, KeyName::Right) if by_word => return self.move_to_next_word(),
            (None, KeyName::Left) => InputRequest::GoToPrevChar,
            (None, KeyName::Right) => InputRequest::GoToNextChar,
            (None, KeyName::Home) => InputRequest::GoToStart,
            (None, KeyName::End) => InputRequest::GoToEnd,
            (None, KeyName::Char(c)) if key.ctrl && !key.alt => match c {
                'a' => InputRequest::GoToStart,
                'e' => InputRequest::GoToEnd,
                'k' => InputRequest::DeleteTillEnd,
                'u' => InputRequest::DeleteFromStart,
                'w' => return self.delete_word(),
                _ => return false,
            },
            (None, KeyName::Char('b')) if key.alt && !key.ctrl => return self.move_to_previous_word(),
            (None, KeyName::Char('f')) if key.alt && !key.ctrl => return self.move_to_next_word(),
            _ => return false,
        };
        // It returns the change, which the owner of the field sees for himself.
        let _ = self.input.handle(request);
        true
    }

    /// Inserts text at the cursor, all at once: a paste may be long.
    pub fn insert_text(&mut self, inserted: &str) {
        let (before, after) = self.split_at_cursor();
        self.input = join_at_cursor(format!("{before}{inserted}"), after);
    }

    /// The same text with more after the cursor, which stays where it is.
    #[must_use]
    pub(super) fn followed_by(&self, after: &str) -> Self {
        Self { input: join_at_cursor(self.text().to_owned(), after) }
    }

    /// Deletes the word before the cursor, or the last part of a path or an image's name.
    fn delete_word(&mut self) -> bool {
        let (before, after) = self.split_at_cursor();
        self.input = join_at_cursor(before[..previous_word_start(before)].to_owned(), after);
        true
    }

    fn move_to_previous_word(&mut self) -> bool {
        let (before, _) = self.split_at_cursor();
        self.set_cursor(before[..previous_word_start(before)].chars().count())
    }

    fn move_to_next_word(&mut self) -> bool {
        let (_, after) = self.split_at_cursor();
        self.set_cursor(self.input.cursor() + after[..next_word_end(after)].chars().count())
    }

    fn set_cursor(&mut self, characters: usize) -> bool {
        let _ = self.input.handle(InputRequest::SetCursor(characters));
        true
    }
}

/// The text cut for a later paste is no part of a field's value.
impl PartialEq for TextField {
    fn eq(&self, other: &Self) -> bool {
        (self.text(), self.input.cursor()) == (other.text(), other.input.cursor())
    }
}

impl Eq for TextField {}

/// A text with the cursor between its two parts.
fn join_at_cursor(before: String, after: &str) -> Input {
    let cursor = before.chars().count();
    Input::new(before + after).with_cursor(cursor)
}

fn ends_word(c: char) -> bool {
    c == ' ' || WORD_ENDS.contains(&c)
}

/// The start of the last word of a text; a character that ends a word is a word itself when it stands last.
fn previous_word_start(before: &str) -> usize {
    let words = before.trim_end();
    match words.rfind(ends_word) {
        None => 0,
        Some(end) if end + 1 == words.len() => end,
        Some(end) => end + 1,
    }
}

/// The end of the first word of a text, by the same rule.
fn next_word_end(after: &str) -> usize {
    let words = after.trim_start();
    let skipped = after.len() - words.len();
    match words.find(ends_word) {
        None => after.len(),
        Some(0) => skipped + 1,
        Some(end) => skipped + end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `|` where the cursor is, after keys as the keymap writes them.
    fn typed(text: &str, keys: &str) -> String {
        let mut field = TextField::with_text(text);
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            assert!(field.on_key(key.parse().expect("a key")), "{key} is a key of the field");
        }
        let (before, after) = field.split_at_cursor();
        format!("{before}|{after}")
    }

    #[test]
    fn the_cursor_moves_by_characters_and_to_both_ends() {
        assert_eq!(typed("ops", ""), "ops|");
        assert_eq!(typed("ops", "Left Left"), "o|ps");
        assert_eq!(typed("ops", "Home Left"), "|ops");
        assert_eq!(typed("ops", "Home Right"), "o|ps");
        assert_eq!(typed("ops", "Ctrl-a x"), "x|ops");
        assert_eq!(typed("ops", "Home End"), "ops|");
        assert_eq!(typed("ops", "Home Ctrl-e Right"), "ops|");
    }

    #[test]
    fn a_word_ends_at_blanks_and_between_the_parts_of_a_name() {
        assert_eq!(typed("as agreed", "Alt-b"), "as |agreed");
        assert_eq!(typed("as agreed", "Alt-b Ctrl-Left"), "|as agreed");
        assert_eq!(typed("as agreed", "Home Alt-f"), "as| agreed");
        assert_eq!(typed("as agreed", "Home Alt-f Ctrl-Right"), "as agreed|");
        assert_eq!(typed("a.example/shop:1.2", "Alt-b"), "a.example/shop:|1.2");
        assert_eq!(typed("a.example/shop:1.2", "Alt-b Alt-b Alt-b"), "a.example/|shop:1.2");
        assert_eq!(typed("a.example/shop", "Home Alt-f Alt-f Alt-f"), "a.example/shop|");
    }

    #[test]
    fn deleting_takes_what_is_on_its_side_of_the_cursor() {
        assert_eq!(typed("agreed", "Left Left Backspace"), "agr|ed");
        assert_eq!(typed("agreed", "Left Left Delete"), "agre|d");
        assert_eq!(typed("with ops team", "Alt-b Ctrl-w"), "with |team");
        assert_eq!(typed("/var/cache", "Alt-Backspace"), "/var/|");
        assert_eq!(typed("/var/cache", "Alt-Backspace Alt-Backspace"), "/var|");
        assert_eq!(typed("with ops team", "Alt-b Ctrl-u"), "|team");
        assert_eq!(typed("with ops team", "Alt-b Ctrl-k"), "with ops |");
        assert_eq!(typed("", "Backspace Delete Ctrl-w Ctrl-u Ctrl-k Left Right Home End Alt-b Alt-f"), "|");
    }

    #[test]
    fn what_a_person_sees_as_one_character_is_one() {
        assert_eq!(typed("日本", "Left Backspace"), "|本");
        assert_eq!(typed("e\u{301}a", "Left Left"), "|e\u{301}a");
        assert_eq!(typed("ae\u{301}", "Backspace"), "a|");
        assert_eq!(typed("日 本", "Alt-b Alt-b"), "|日 本");
    }

    #[test]
    fn a_paste_goes_where_the_cursor_is_and_its_length_is_no_matter() {
        let mut field = TextField::with_text("as ops");
        for _ in 0..3 {
            field.on_key("Left".parse().expect("a key"));
        }
        field.insert_text("agreed with ");
        assert_eq!(field.split_at_cursor(), ("as agreed with ", "ops"));
        field.insert_text(&"日".repeat(200_000));
        assert_eq!(field.split_at_cursor().1, "ops");
    }

    #[test]
    fn no_more_is_typed_than_a_field_holds() {
        let mut field = TextField::default();
        for _ in 0..2 * MAX_TYPED_BYTES {
            assert!(field.on_key("x".parse().expect("a key")));
        }
        assert_eq!(field.text().len(), MAX_TYPED_BYTES);
        assert!(field.on_key("Backspace".parse().expect("a key")) && !field.is_full());
    }

    #[test]
    fn other_keys_are_not_taken() {
        let mut field = TextField::with_text("ops");
        for key in ["Up", "Down", "Tab", "Enter", "Esc", "Ctrl-d", "Alt-x", "PageUp"] {
            assert!(!field.on_key(key.parse().expect("a key")), "{key}");
        }
        assert_eq!(field, TextField::with_text("ops"));
    }
}
