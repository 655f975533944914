//! Finds the place in the file of what stands within a scalar's text, for those who read more than YAML in it.

use super::yaml_tree::{NodeId, NodeKind, ScalarForm, ScalarText, YamlTree};
use crate::text::Span;

impl YamlTree {
    /// The place of a part of a scalar's text. Where the text is not written as it is, that is the line of a literal
    /// block, and else the whole scalar.
    #[must_use]
    pub fn span_in_scalar(&self, id: NodeId, part: Span) -> Span {
        let whole = self.span(id);
        let NodeKind::Scalar { style, text } = self.node(id).kind else { return whole };
        match text {
            ScalarText::InSource(start, _) => part.shift_by(start as usize),
            ScalarText::Owned(_) if style == ScalarForm::Literal => {
                self.literal_line(whole, self.scalar_text(id).unwrap_or_default(), part).unwrap_or(whole)
            }
            ScalarText::Owned(_) => whole,
        }
    }

    /// The place of a part that begins in a line of a literal block: to the end of it, or of that line.
    fn literal_line(&self, whole: Span, text: &str, part: Span) -> Option<Span> {
        let before = text.get(..part.start)?;
        let nth = before.matches('\n').count();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(line_start..)?.lines().next().unwrap_or_default();
        let raw = whole.slice(&self.source);
        // The first line is the block's header.
        let raw_start = raw.match_indices('\n').nth(nth)?.0 + 1;
        let raw_line = raw.get(raw_start..)?.lines().next().unwrap_or_default();
        let indent = raw_line.len().checked_sub(line.len())?;
        let start = whole.start + raw_start + indent + part.start - line_start;
        let end = start + part.len().min(line.len() - (part.start - line_start));
        Some(Span::new(start, end))
    }
}
