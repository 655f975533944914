//! Splits shell text into tokens, for the shell parser: words with their substitutions, operators, newlines.

use std::ops::Range;

use super::skip_quoted::{after_single_quote, find_closing, find_line_end, skip_bodies};

/// One token; ranges are in the text that is read.
pub(super) enum ShellToken {
    Word(RawWord),
    /// `;`, `&&`, `|`, `(`, `>`, … or a newline.
    Operator(&'static str, Range<usize>),
}

/// A word as it is lexed.
#[derive(Default)]
pub(super) struct RawWord {
    pub(super) range: Range<usize>,
    /// Without quotes and escapes.
    pub(super) text: String,
    pub(super) has_variables: bool,
    /// True when any of it is quoted or escaped.
    pub(super) has_quotes: bool,
    /// The insides of `$( )`, backticks, `<( )` and `>( )`.
    pub(super) substitutions: Vec<Range<usize>>,
}

/// The longest first, so that each is found whole.
const OPERATORS: [&str; 24] = [
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", "|&", "&>", ">>", "<<", ">&", "<&", ">|", "<>", "&",
    "|", ";", "(", ")", "<", ">", "\n",
];

/// The operator that the text begins with; `<(` and `>(` begin a word.
fn match_operator(text: &str) -> Option<&'static str> {
    match text.as_bytes() {
        [b'<' | b'>', b'(', ..] => None,
        [b'&' | b'|' | b';' | b'(' | b')' | b'<' | b'>' | b'\n', ..] => {
            OPERATORS.into_iter().find(|operator| text.starts_with(operator))
        }
        _ => None,
    }
}

/// The number of bytes of a text that are plain characters of a word.
fn plain_length(text: &str) -> usize {
    let ends = |b: &u8| {
        matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
            || matches!(b, b'\\' | b'\'' | b'"' | b'$' | b'`')
    };
    text.bytes().position(|b| ends(&b)).unwrap_or(text.len())
}

pub(super) struct ShellLexer<'t> {
    pub(super) text: &'t str,
    pub(super) offset: usize,
    end: usize,
    /// The heredocs whose bodies begin after this line: terminator, and whether tabs are stripped.
    pending_heredocs: Vec<(String, bool)>,
    /// Set by `<<`, for the word that comes next.
    strips_tabs: Option<bool>,
    /// True when every quote and parenthesis so far is closed.
    pub(super) is_complete: bool,
}

impl<'t> ShellLexer<'t> {
    pub(super) const fn new(text: &'t str, within: Range<usize>) -> Self {
        let Range { start, end } = within;
        Self { text, offset: start, end, pending_heredocs: Vec::new(), strips_tabs: None, is_complete: true }
    }

    pub(super) fn next(&mut self) -> Option<ShellToken> {
        self.skip_blanks();
        let rest = self.text.get(self.offset..self.end).filter(|rest| !rest.is_empty())?;
        if let Some(operator) = match_operator(rest) {
            return Some(self.read_operator(operator));
        }
        let word = self.read_word();
        if let Some(strip_tabs) = self.strips_tabs.take() {
            self.pending_heredocs.push((word.text.clone(), strip_tabs));
        }
        Some(ShellToken::Word(word))
    }

    /// The bytes at the place that comes next.
    pub(super) fn remaining_text(&self) -> &'t str {
        self.text.get(self.offset..self.end).unwrap_or_default()
    }

    fn read_operator(&mut self, operator: &'static str) -> ShellToken {
        let range = self.offset..self.offset + operator.len();
        self.offset = range.end;
        match operator {
            "<<" => self.strips_tabs = Some(false),
            "<<-" => self.strips_tabs = Some(true),
            "\n" => {
                self.offset =
                    skip_bodies(self.text, self.offset, self.end, &std::mem::take(&mut self.pending_heredocs))
            }
            _ => {}
        }
        ShellToken::Operator(operator, range)
    }

    /// Goes past blanks, continued lines and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.remaining_text();
            self.offset += rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            let rest = self.remaining_text();
            if rest.starts_with('#') {
                self.offset = find_line_end(self.text, self.offset, self.end);
            } else if let Some(newline) = ["\\\n", "\\\r\n"].into_iter().find(|n| rest.starts_with(n)) {
                self.offset += newline.len();
            } else {
                return;
            }
        }
    }

    fn read_word(&mut self) -> RawWord {
        let mut word = RawWord::default();
        let start = self.offset;
        while let Some(c) = self.remaining_text().chars().next() {
            let here = self.offset;
            let process = here == start && matches!(c, '<' | '>');
            match c {
                '<' | '>' if process => self.read_substitution(&mut word, 2, b')'),
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                '\\' => self.read_escape(&mut word),
                '\'' => self.read_single_quoted(&mut word, 1),
                '"' => self.read_double_quoted(&mut word),
                '$' if self.remaining_text().starts_with("$'") => self.read_single_quoted(&mut word, 2),
                '$' | '`' => self.read_expansion(&mut word),
                _ => {
                    let length = plain_length(self.remaining_text());
                    word.text.push_str(&self.remaining_text()[..length]);
                    self.offset += length;
                }
            }
        }
        word.range = start..self.offset;
        word
    }

    fn read_escape(&mut self, word: &mut RawWord) {
        self.offset += 1;
        word.has_quotes = true;
        let next = self.remaining_text().chars().next();
        word.text.extend(next.filter(|c| *c != '\n'));
        self.offset += next.map_or(0, char::len_utf8);
    }

    /// `prefix` is the length of the opening quote: two where it is `$'`.
    fn read_single_quoted(&mut self, word: &mut RawWord, prefix: usize) {
        let start = self.offset + prefix;
        let (close, after) = after_single_quote(self.text, start, self.end, prefix == 2);
        self.is_complete &= after > close;
        word.has_quotes = true;
        word.text.push_str(&self.text[start.min(close)..close]);
        self.offset = after;
    }

    fn read_double_quoted(&mut self, word: &mut RawWord) {
        self.offset += 1;
        word.has_quotes = true;
        while let Some(c) = self.remaining_text().chars().next() {
            match c {
                '"' => {
                    self.offset += 1;
                    return;
                }
                '$' | '`' => self.read_expansion(word),
                '\\' => {
                    let next = self.remaining_text()[1..].chars().next();
                    let taken = next.is_some_and(|n| matches!(n, '"' | '\\' | '$' | '`' | '\n'));
                    word.text.extend((!taken).then_some('\\'));
                    word.text.extend(next.filter(|n| *n != '\n'));
                    self.offset += 1 + next.map_or(0, char::len_utf8);
                }
                _ => {
                    let rest = self.remaining_text();
                    let length = rest.find(['"', '$', '`', '\\']).unwrap_or(rest.len());
                    word.text.push_str(&rest[..length]);
                    self.offset += length;
                }
            }
        }
        self.is_complete = false;
    }

    /// `$name`, `${…}`, `$(…)`, `$((…))` or backticks; a lone `$` is itself.
    fn read_expansion(&mut self, word: &mut RawWord) {
        let rest = self.remaining_text();
        if rest.starts_with('`') {
            self.read_substitution(word, 1, b'`');
        } else if rest.starts_with("$((") {
            self.read_until(word, 2, b')');
        } else if rest.starts_with("$(") {
            self.read_substitution(word, 2, b')');
        } else if rest.starts_with("${") {
            self.read_until(word, 2, b'}');
        } else {
            let name = rest[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            let special = rest[1..].starts_with(['@', '*', '#', '?', '!', '-', '$']);
            let length = 1 + if name == 0 { usize::from(special) } else { name };
            word.has_variables |= length > 1;
            word.text.push_str(&rest[..length]);
            self.offset += length;
        }
    }

    fn read_substitution(&mut self, word: &mut RawWord, prefix: usize, close: u8) {
        let start = self.offset + prefix;
        self.read_until(word, prefix, close);
        let closed = self.offset > start && self.text.as_bytes().get(self.offset - 1) == Some(&close);
        word.substitutions.push(start..self.offset - usize::from(closed));
    }

    /// Takes everything up to and with the `close` that matches, as it is.
    fn read_until(&mut self, word: &mut RawWord, prefix: usize, close: u8) {
        let start = self.offset;
        let (end, closed) = find_closing(self.text, start + prefix, self.end, close);
        self.is_complete &= closed;
        self.offset = end;
        word.has_variables = true;
        word.text.push_str(&self.text[start..end]);
    }
}
