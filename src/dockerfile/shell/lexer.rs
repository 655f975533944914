//! Shell text as tokens: words with what they substitute, operators, newlines.

use std::ops::Range;

use super::skip::{after_single_quote, closing, line_end, skip_bodies};

/// One token; ranges are in the text that is read.
pub(super) enum Token {
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
    pub(super) varies: bool,
    /// Whether any of it is quoted or escaped.
    pub(super) quoted: bool,
    /// The insides of `$( )`, backticks, `<( )` and `>( )`.
    pub(super) substitutions: Vec<Range<usize>>,
}

/// The longest first, so that each is found whole.
const OPERATORS: [&str; 24] = [
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", "|&", "&>", ">>", "<<", ">&", "<&", ">|", "<>", "&",
    "|", ";", "(", ")", "<", ">", "\n",
];

/// The operator that the text begins with; `<(` and `>(` begin a word.
fn operator(text: &str) -> Option<&'static str> {
    match text.as_bytes() {
        [b'<' | b'>', b'(', ..] => None,
        [b'&' | b'|' | b';' | b'(' | b')' | b'<' | b'>' | b'\n', ..] => {
            OPERATORS.into_iter().find(|operator| text.starts_with(operator))
        }
        _ => None,
    }
}

/// How many bytes of a text are plain characters of a word.
fn plain(text: &str) -> usize {
    let ends = |b: &u8| {
        matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
            || matches!(b, b'\\' | b'\'' | b'"' | b'$' | b'`')
    };
    text.bytes().position(|b| ends(&b)).unwrap_or(text.len())
}

pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    end: usize,
    /// The heredocs whose bodies begin after this line: terminator, and whether tabs are stripped.
    heredocs: Vec<(String, bool)>,
    /// Set by `<<`, for the word that comes next.
    opening: Option<bool>,
    /// Whether every quote and parenthesis so far is closed.
    pub(super) complete: bool,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str, within: Range<usize>) -> Self {
        let Range { start, end } = within;
        Self { text, at: start, end, heredocs: Vec::new(), opening: None, complete: true }
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let rest = self.text.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        if let Some(operator) = operator(rest) {
            return Some(self.operator(operator));
        }
        let word = self.word();
        if let Some(strip_tabs) = self.opening.take() {
            self.heredocs.push((word.text.clone(), strip_tabs));
        }
        Some(Token::Word(word))
    }

    /// The bytes at the place that comes next.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn operator(&mut self, operator: &'static str) -> Token {
        let range = self.at..self.at + operator.len();
        self.at = range.end;
        match operator {
            "<<" => self.opening = Some(false),
            "<<-" => self.opening = Some(true),
            "\n" => self.at = skip_bodies(self.text, self.at, self.end, &std::mem::take(&mut self.heredocs)),
            _ => {}
        }
        Token::Operator(operator, range)
    }

    /// Goes past blanks, continued lines and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            let rest = self.rest();
            if rest.starts_with('#') {
                self.at = line_end(self.text, self.at, self.end);
            } else if let Some(newline) = ["\\\n", "\\\r\n"].into_iter().find(|n| rest.starts_with(n)) {
                self.at += newline.len();
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> RawWord {
        let mut word = RawWord::default();
        let start = self.at;
        while let Some(c) = self.rest().chars().next() {
            let here = self.at;
            let process = here == start && matches!(c, '<' | '>');
            match c {
                '<' | '>' if process => self.substitution(&mut word, 2, b')'),
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                '\\' => self.escaped(&mut word),
                '\'' => self.single_quoted(&mut word, 1),
                '"' => self.double_quoted(&mut word),
                '$' if self.rest().starts_with("$'") => self.single_quoted(&mut word, 2),
                '$' | '`' => self.expansion(&mut word),
                _ => {
                    let length = plain(self.rest());
                    word.text.push_str(&self.rest()[..length]);
                    self.at += length;
                }
            }
        }
        word.range = start..self.at;
        word
    }

    fn escaped(&mut self, word: &mut RawWord) {
        self.at += 1;
        word.quoted = true;
        let next = self.rest().chars().next();
        word.text.extend(next.filter(|c| *c != '\n'));
        self.at += next.map_or(0, char::len_utf8);
    }

    /// `prefix` is the length of the opening quote: two where it is `$'`.
    fn single_quoted(&mut self, word: &mut RawWord, prefix: usize) {
        let start = self.at + prefix;
        let (close, after) = after_single_quote(self.text, start, self.end, prefix == 2);
        self.complete &= after > close;
        word.quoted = true;
        word.text.push_str(&self.text[start.min(close)..close]);
        self.at = after;
    }

    fn double_quoted(&mut self, word: &mut RawWord) {
        self.at += 1;
        word.quoted = true;
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    self.at += 1;
                    return;
                }
                '$' | '`' => self.expansion(word),
                '\\' => {
                    let next = self.rest()[1..].chars().next();
                    let taken = next.is_some_and(|n| matches!(n, '"' | '\\' | '$' | '`' | '\n'));
                    word.text.extend((!taken).then_some('\\'));
                    word.text.extend(next.filter(|n| *n != '\n'));
                    self.at += 1 + next.map_or(0, char::len_utf8);
                }
                _ => {
                    let rest = self.rest();
                    let length = rest.find(['"', '$', '`', '\\']).unwrap_or(rest.len());
                    word.text.push_str(&rest[..length]);
                    self.at += length;
                }
            }
        }
        self.complete = false;
    }

    /// `$name`, `${…}`, `$(…)`, `$((…))` or backticks; a lone `$` is itself.
    fn expansion(&mut self, word: &mut RawWord) {
        let rest = self.rest();
        if rest.starts_with('`') {
            self.substitution(word, 1, b'`');
        } else if rest.starts_with("$((") {
            self.skip_to(word, 2, b')');
        } else if rest.starts_with("$(") {
            self.substitution(word, 2, b')');
        } else if rest.starts_with("${") {
            self.skip_to(word, 2, b'}');
        } else {
            let name = rest[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            let special = rest[1..].starts_with(['@', '*', '#', '?', '!', '-', '$']);
            let length = 1 + if name == 0 { usize::from(special) } else { name };
            word.varies |= length > 1;
            word.text.push_str(&rest[..length]);
            self.at += length;
        }
    }

    fn substitution(&mut self, word: &mut RawWord, prefix: usize, close: u8) {
        let start = self.at + prefix;
        self.skip_to(word, prefix, close);
        let closed = self.at > start && self.text.as_bytes().get(self.at - 1) == Some(&close);
        word.substitutions.push(start..self.at - usize::from(closed));
    }

    /// Takes everything up to and with the `close` that matches, as it is.
    fn skip_to(&mut self, word: &mut RawWord, prefix: usize, close: u8) {
        let start = self.at;
        let (end, closed) = closing(self.text, start + prefix, self.end, close);
        self.complete &= closed;
        self.at = end;
        word.varies = true;
        word.text.push_str(&self.text[start..end]);
    }
}
