//! Takes words apart into what they say and the variables in them, for the readers of Dockerfiles.

use super::EscapeChar;

/// A piece of a word, with the quotes and escapes around it taken off.
pub(super) enum WordPart<'t> {
    Literal(&'t str),
    /// From the `$` on; a lone `$` names none.
    Variable(&'t str),
}

/// Walks through a word's pieces by BuildKit's rules.
pub(super) struct WordParts<'t> {
    rest: &'t str,
    escape: char,
    open_quote: Option<char>,
}

impl<'t> WordParts<'t> {
    pub(super) const fn new(raw: &'t str, escape: EscapeChar) -> Self {
        Self { rest: raw, escape: escape.as_char(), open_quote: None }
    }

    /// True once every quote is closed.
    pub(super) const fn quotes_closed(&self) -> bool {
        self.open_quote.is_none()
    }

    /// Takes `length` bytes off the rest.
    fn take_bytes(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Takes off an escape and what it escapes; between double quotes it stays before all but a few.
    fn take_escaped(&mut self) -> &'t str {
        let escape = self.escape.len_utf8();
        let next = self.rest[escape..].chars().next();
        let taken = self.take_bytes(escape + next.map_or(0, char::len_utf8));
        let kept = self.open_quote.is_some()
            && !next.is_some_and(|next| matches!(next, '"' | '$') || next == self.escape);
        if kept { taken } else { &taken[escape..] }
    }
}

impl<'t> Iterator for WordParts<'t> {
    type Item = WordPart<'t>;

    fn next(&mut self) -> Option<WordPart<'t>> {
        loop {
            let c = self.rest.chars().next()?;
            match (c, self.open_quote) {
                ('\'' | '"', None) => self.open_quote = Some(c),
                (_, Some(open)) if c == open => self.open_quote = None,
                ('$', None | Some('"')) => {
                    return Some(WordPart::Variable(self.take_bytes(variable_length(self.rest))));
                }
                _ if c == self.escape && self.open_quote != Some('\'') => {
                    return Some(WordPart::Literal(self.take_escaped()));
                }
                _ => return Some(WordPart::Literal(self.take_bytes(c.len_utf8()))),
            }
            self.take_bytes(c.len_utf8());
        }
    }
}

/// The length of the variable that `text` begins with, by its `$`: one when it names none, all of `text` when its brace
/// is not closed.
fn variable_length(text: &str) -> usize {
    let rest = &text[1..];
    if !rest.starts_with('{') {
        return 1 + name_length(rest);
    }
    let mut depth = 0_usize;
    for (index, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return 1 + index + 1;
        }
    }
    text.len()
}

/// The names of the variables in a word.
pub fn variables_in(word: &str) -> impl Iterator<Item = &str> {
    let names = word.split('$').skip(1).map(|rest| rest.strip_prefix('{').unwrap_or(rest));
    names.map(|rest| &rest[..name_length(rest)])
}

/// The number of bytes at the start of `text` that name a variable.
pub(super) fn name_length(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return digits;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}
