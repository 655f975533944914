//! Names faults of a manifest's text, and the reasons why a document is read but never written.

use std::fmt;

use crate::text::Span;

/// Something in a file's text that keeps a document from being read, or from meaning one thing to everyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlProblem {
    pub kind: YamlProblemKind,
    /// Place of the fault in the file; empty where a parser names a point only.
    pub span: Span,
    /// One sentence without a full stop.
    pub message: String,
}

/// The kind of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YamlProblemKind {
    /// The document is no YAML; it was not audited.
    InvalidSyntax,
    /// Collections stand too deep in one another, or aliases make the document far larger than its text; it was not
    /// audited.
    TooDeeplyNested,
    /// The file, or one document of it, is larger than is read; it was not audited.
    TooLarge,
    /// A key stands twice in one mapping; the document was audited with the last one's value, as the cluster reads it.
    DuplicateKey,
}

impl YamlProblemKind {
    /// True when the document, or the whole file, went without an audit.
    #[must_use]
    pub const fn prevents_audit(self) -> bool {
        !matches!(self, Self::DuplicateKey)
    }
}

/// The reason why no edit of a document is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadOnlyReason {
    DuplicateKey,
    /// U+0085, U+2028 or U+2029: line ends to one YAML version and text to the other.
    LineSeparator,
    /// A carriage return without a line feed.
    LoneCarriageReturn,
    /// A byte-order mark that is not the first character of the file.
    ByteOrderMark,
    /// The two parsers read different values.
    ParsersDiffer,
}

impl fmt::Display for ReadOnlyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DuplicateKey => "a key stands twice in one mapping",
            Self::LineSeparator => "it holds a Unicode line separator, which YAML parsers read differently",
            Self::LoneCarriageReturn => "it has lines that end in a lone carriage return",
            Self::ByteOrderMark => "it holds a byte-order mark within the text",
            Self::ParsersDiffer => "two YAML parsers read it differently",
        })
    }
}
