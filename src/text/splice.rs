//! Replaces ranges of bytes in a text, for edits.

use super::Span;

/// One replacement: the bytes of `span` give way to `text`. An empty span inserts; an empty text deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub span: Span,
    pub text: String,
}

impl Splice {
    #[must_use]
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::empty_at(at), text: text.into() }
    }

    #[must_use]
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    #[must_use]
    pub const fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// The reason why splices cannot be made in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpliceConflict {
    #[error("two edits overlap at byte {0}")]
    Overlap(usize),
    #[error("an edit at byte {0} does not fit the text")]
    OutOfText(usize),
}

/// Makes all splices at once. They may come in any order; several insertions at one place keep the order in which they
/// are given.
///
/// # Errors
/// When two splices overlap, or one does not lie on character boundaries of `text`.
pub fn apply_splices(text: &str, splices: &[Splice]) -> Result<String, SpliceConflict> {
    let mut ordered: Vec<&Splice> = splices.iter().collect();
    ordered.sort_by_key(|s| (s.span.start, s.span.end));
    let grown: usize = ordered.iter().map(|s| s.text.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut at = 0;
    for edit in ordered {
        if edit.span.start < at {
            return Err(SpliceConflict::Overlap(edit.span.start));
        }
        let kept = text.get(at..edit.span.start).ok_or(SpliceConflict::OutOfText(edit.span.start))?;
        text.get(edit.span.start..edit.span.end).ok_or(SpliceConflict::OutOfText(edit.span.end))?;
        out.push_str(kept);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).ok_or(SpliceConflict::OutOfText(at))?);
    Ok(out)
}
