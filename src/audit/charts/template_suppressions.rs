//! Finds the suppressions in a template's own comments, which leave no trace in what it renders, for the audit.

use memchr::memmem;

use crate::finding::InlineSuppression;
use crate::suppress::find_in_text_comment;
use crate::text::Span;

/// The suppressions in the actions that are comments, `{{/* seaworthy: allow rule -- reason */}}`. Each reaches the
/// next line of text, with the lines below that are further indented.
pub(super) fn find_in_template(text: &str) -> Vec<InlineSuppression> {
    let mut found = Vec::new();
    for start in memmem::find_iter(text.as_bytes(), "{{") {
        let inner = text[start + 2..].trim_start_matches('-').trim_start();
        let Some(comment) = inner.strip_prefix("/*") else { continue };
        let Some(length) = comment.find("*/") else { continue };
        let at = text.len() - comment.len();
        let reach = reach_below(text, at + length);
        found.extend(find_in_text_comment(text, Span::new(at, at + length), reach));
    }
    found
}

/// The first line of text below the offset that is no comment, and the lines under it that are further indented.
fn reach_below(text: &str, from: usize) -> Option<Span> {
    let mut at = from + text[from..].find('\n')? + 1;
    let mut reach: Option<(usize, Span)> = None;
    for line in text[at..].split_inclusive('\n') {
        let content = line.trim_start();
        let (indent, end) = (line.len() - content.len(), at + line.len());
        let is_blank =
            content.trim().is_empty() || content.starts_with("{{/*") || content.starts_with("{{- /*");
        match reach {
            _ if is_blank => {}
            None => reach = Some((indent, Span::new(at, end))),
            Some((outer, span)) if indent > outer => reach = Some((outer, Span::new(span.start, end))),
            Some(_) => break,
        }
        at = end;
    }
    reach.map(|(_, span)| span)
}

#[cfg(test)]
mod tests {
    use super::find_in_template;

    #[test]
    fn a_comment_reaches_the_block_below_it() {
        let text = "spec:\n  {{- /* seaworthy: allow host-network -- the mesh needs it */}}\n  hostNetwork: true\n  containers:\n";
        let found = find_in_template(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rules, ["host-network"]);
        assert_eq!(found[0].reason.as_deref(), Some("the mesh needs it"));
        assert_eq!(found[0].reach.map(|reach| reach.slice(text)), Some("  hostNetwork: true\n"));
        assert!(find_in_template("{{/* nothing for us */}}\nspec: {}\n").is_empty());
    }
}
