//! The tokens of a Go template.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Text,
    Comment,
    LeftDelim,
    RightDelim,
    Space,
    Assign,
    Declare,
    Pipe,
    Comma,
    LeftParen,
    RightParen,
    Dot,
    Field,
    Variable,
    Identifier,
    Keyword(KeywordKind),
    Bool(bool),
    Nil,
    Number,
    CharConstant,
    Quoted,
    RawQuoted,
    /// A printable character that means nothing to the language.
    OtherChar,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeywordKind {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl KeywordKind {
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "block" => Self::Block,
            "break" => Self::Break,
            "continue" => Self::Continue,
            "define" => Self::Define,
            "else" => Self::Else,
            "end" => Self::End,
            "if" => Self::If,
            "range" => Self::Range,
            "template" => Self::Template,
            "with" => Self::With,
            _ => return None,
        })
    }
}

/// A token and the bytes that it stands on. Of delimiters and comments, `trim` says that they eat the white space beside
/// them, and the bytes are those of the delimiter or comment with its dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateToken {
    pub kind: TokenKind,
    pub span: Range<usize>,
    pub trim: bool,
}

/// What is wrong with a template's text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub offset: usize,
    pub message: String,
}

impl SyntaxError {
    pub fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}
