//! Cuts a template into tokens as Go's `text/template` does: same spaces, same trims, same refusals.

use std::ops::Range;

use super::number_lexer::scan_number;
use super::template_token::{KeywordKind, SyntaxError, TemplateToken, TokenKind};

pub(super) struct TemplateLexer<'a> {
    text: &'a str,
    at: usize,
    inside: bool,
    parens: usize,
    tokens: Vec<TemplateToken>,
}

/// All tokens of a text, the last one its end.
pub(super) fn lex_template(text: &str) -> Result<Vec<TemplateToken>, SyntaxError> {
    let mut lexer = TemplateLexer { text, at: 0, inside: false, parens: 0, tokens: Vec::new() };
    while lexer.at < text.len() {
        if lexer.inside {
            lexer.lex_inside()?;
        } else {
            lexer.lex_text()?;
        }
    }
    if lexer.inside {
        return Err(SyntaxError::new(text.len(), "unclosed action"));
    }
    lexer.add(TokenKind::End, text.len()..text.len(), false);
    Ok(lexer.tokens)
}

/// What the language calls white space.
pub(super) fn is_template_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word_char(char: char) -> bool {
    char == '_' || char.is_alphanumeric()
}

impl TemplateLexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn add(&mut self, kind: TokenKind, span: Range<usize>, trim: bool) {
        self.tokens.push(TemplateToken { kind, span, trim });
    }

    /// Takes `length` bytes as a token.
    fn take(&mut self, kind: TokenKind, length: usize) {
        let start = self.at;
        self.at += length;
        self.add(kind, start..self.at, false);
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.at, message))
    }

    fn lex_text(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let Some(next) = self.rest().find("{{") else {
            self.take(TokenKind::Text, self.text.len() - start);
            return Ok(());
        };
        let delim = start + next;
        self.at = delim + 2;
        let trim = self.byte(0) == Some(b'-') && self.byte(1).is_some_and(is_template_space);
        let mut end = delim;
        while trim && end > start && is_template_space(self.text.as_bytes()[end - 1]) {
            end -= 1;
        }
        if end > start {
            self.add(TokenKind::Text, start..end, false);
        }
        if trim {
            self.at += 2;
        }
        if self.rest().starts_with("/*") {
            return self.lex_comment(delim, trim);
        }
        self.add(TokenKind::LeftDelim, delim..self.at, trim);
        self.inside = true;
        self.parens = 0;
        Ok(())
    }

    fn lex_comment(&mut self, start: usize, trim: bool) -> Result<(), SyntaxError> {
        let Some(end) = self.rest().find("*/") else { return self.error("unclosed comment") };
        self.at += end + 2;
        let Some(trim_after) = self.right_delim() else {
            return self.error("comment ends before closing delimiter");
        };
        self.at += if trim_after { 4 } else { 2 };
        self.add(TokenKind::Comment, start..self.at, trim);
        if trim_after {
            self.skip_spaces();
        }
        Ok(())
    }

    /// Whether the action ends here, and if so whether it eats the space behind.
    fn right_delim(&self) -> Option<bool> {
        if self.rest().starts_with("}}") {
            return Some(false);
        }
        let trims = self.byte(0).is_some_and(is_template_space)
            && self.byte(1) == Some(b'-')
            && self.text.as_bytes()[self.at + 2..].starts_with(b"}}");
        trims.then_some(true)
    }

    fn skip_spaces(&mut self) {
        while self.byte(0).is_some_and(is_template_space) {
            self.at += 1;
        }
    }

    fn lex_right_delim(&mut self, trim: bool) {
        let start = self.at;
        self.at += if trim { 4 } else { 2 };
        self.add(TokenKind::RightDelim, start..self.at, trim);
        if trim {
            self.skip_spaces();
        }
        self.inside = false;
    }

    fn lex_inside(&mut self) -> Result<(), SyntaxError> {
        if let Some(trim) = self.right_delim() {
            if self.parens > 0 {
                return self.error("unclosed left paren");
            }
            self.lex_right_delim(trim);
            return Ok(());
        }
        let Some(char) = self.rest().chars().next() else { return self.error("unclosed action") };
        match char {
            ' ' | '\t' | '\r' | '\n' => self.lex_space(),
            '=' => self.take(TokenKind::Assign, 1),
            ':' if self.byte(1) == Some(b'=') => self.take(TokenKind::Declare, 2),
            ':' => return self.error("expected :="),
            '|' => self.take(TokenKind::Pipe, 1),
            '"' => return self.lex_quoted('"', TokenKind::Quoted, "unterminated quoted string"),
            '\'' => return self.lex_quoted('\'', TokenKind::CharConstant, "unterminated character constant"),
            '`' => {
                let Some(end) = self.text[self.at + 1..].find('`') else {
                    return self.error("unterminated raw quoted string");
                };
                self.take(TokenKind::RawQuoted, end + 2);
            }
            '$' => return self.lex_field(TokenKind::Variable, TokenKind::Variable),
            '.' if !self.byte(1).is_some_and(|next| next.is_ascii_digit()) => {
                return self.lex_field(TokenKind::Dot, TokenKind::Field);
            }
            '.' | '+' | '-' | '0'..='9' => return self.lex_number(),
            '(' => {
                self.parens += 1;
                self.take(TokenKind::LeftParen, 1);
            }
            ')' => {
                let Some(parens) = self.parens.checked_sub(1) else {
                    return self.error("unexpected right paren");
                };
                self.parens = parens;
                self.take(TokenKind::RightParen, 1);
            }
            ',' => self.take(TokenKind::Comma, 1),
            char if is_word_char(char) => return self.lex_word(),
            char if char.is_ascii_graphic() => self.take(TokenKind::OtherChar, 1),
            char => return self.error(format!("unrecognized character in action: {char:?}")),
        }
        Ok(())
    }

    /// Spaces up to a trimming delimiter's own, which belongs to it.
    fn lex_space(&mut self) {
        let start = self.at;
        self.skip_spaces();
        let end = self.at;
        self.at = end - 1;
        if self.right_delim() != Some(true) {
            self.at = end;
        }
        if self.at > start {
            self.add(TokenKind::Space, start..self.at, false);
        }
    }

    fn lex_quoted(&mut self, quote: char, kind: TokenKind, unclosed: &str) -> Result<(), SyntaxError> {
        let mut escaped = false;
        for (at, char) in self.rest().char_indices().skip(1) {
            match char {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                char if char == quote => {
                    self.take(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        self.error(unclosed)
    }

    /// A name behind a dot or a dollar; `bare` is what either is alone.
    fn lex_field(&mut self, bare: TokenKind, named: TokenKind) -> Result<(), SyntaxError> {
        let name = self.text[self.at + 1..].chars().take_while(|char| is_word_char(*char));
        let length = name.map(char::len_utf8).sum::<usize>();
        self.expect_terminator(self.at + 1 + length)?;
        self.take(if length == 0 { bare } else { named }, 1 + length);
        Ok(())
    }

    fn lex_word(&mut self) -> Result<(), SyntaxError> {
        let length = self.rest().chars().take_while(|char| is_word_char(*char)).map(char::len_utf8).sum();
        self.expect_terminator(self.at + length)?;
        let kind = match &self.text[self.at..self.at + length] {
            "true" => TokenKind::Bool(true),
            "false" => TokenKind::Bool(false),
            "nil" => TokenKind::Nil,
            word => KeywordKind::from_word(word).map_or(TokenKind::Identifier, TokenKind::Keyword),
        };
        self.take(kind, length);
        Ok(())
    }

    fn expect_terminator(&self, at: usize) -> Result<(), SyntaxError> {
        let rest = &self.text[at..];
        match rest.chars().next() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => Ok(()),
            Some(_) if rest.starts_with("}}") => Ok(()),
            Some(char) => Err(SyntaxError::new(at, format!("bad character {char:?}"))),
        }
    }

    fn lex_number(&mut self) -> Result<(), SyntaxError> {
        match scan_number(self.rest()) {
            Ok(length) => {
                self.take(TokenKind::Number, length);
                Ok(())
            }
            Err(text) => self.error(format!("bad number syntax: {text:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex_template(text).expect("lexes").into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn trims_eat_the_space_beside_them_and_nothing_else() {
        let tokens = lex_template("a \n{{- .x -}} \t b").expect("lexes");
        let texts: Vec<&str> = tokens
            .iter()
            .filter(|t| t.kind == TokenKind::Text)
            .map(|t| &"a \n{{- .x -}} \t b"[t.span.clone()])
            .collect();
        assert_eq!(texts, ["a", "b"]);
    }

    #[test]
    fn a_dash_without_space_is_a_number() {
        assert_eq!(
            kinds("{{-3}}"),
            [TokenKind::LeftDelim, TokenKind::Number, TokenKind::RightDelim, TokenKind::End]
        );
        assert!(lex_template("{{3-}}").is_err());
    }

    #[test]
    fn comments_carry_trims_and_stand_alone() {
        assert_eq!(
            kinds("x {{- /* c */ -}} y"),
            [TokenKind::Text, TokenKind::Comment, TokenKind::Text, TokenKind::End]
        );
        assert!(lex_template("{{/* c */ x}}").is_err());
        assert!(lex_template("{{ /* c */ }}").is_ok_and(|tokens| tokens.len() > 3));
    }

    #[test]
    fn braces_inside_raw_strings_are_text() {
        assert_eq!(kinds("{{ `{{ }}` }}")[2], TokenKind::RawQuoted);
    }

    #[test]
    fn unclosed_things_are_refused_where_they_begin() {
        for text in ["{{", "{{ \"a }}", "{{ `a }}", "{{/* a", "{{ (a }}", "{{ a) }}", "{{ 'a }}", "{{ a: }}"]
        {
            assert!(lex_template(text).is_err(), "{text}");
        }
    }
}
