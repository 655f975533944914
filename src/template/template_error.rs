//! Why a template cannot be read or run, and where.

use std::fmt;

/// What kind of end a template came to, for who must tell a chart's own refusal from a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateErrorKind {
    Syntax,
    Execution,
    /// `required`: the chart asks for a value.
    Required,
    /// `fail`: the chart refuses.
    Fail,
    /// One of our own bounds, which no honest chart reaches.
    Limit,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    pub kind: TemplateErrorKind,
    /// The file's path on disk, from the chart's folder.
    pub path: String,
    /// Bytes from the file's start.
    pub offset: usize,
    /// From 1; zero where the text stands in no file.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    /// The actions that led there, the outermost first.
    pub chain: Vec<(String, usize)>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

impl std::error::Error for TemplateError {}
