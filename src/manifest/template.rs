//! Helm templates, told from manifests that merely hold `{{` in their text.

use super::tree::{Kind, Layout, Tree};
use crate::text::Span;

/// A file that must be rendered before it is a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The first action that shows it.
    pub span: Span,
}

/// A document that does not parse and holds an action is a template.
pub(super) fn of_broken(text: &str, slice: Span) -> Option<Template> {
    let at = slice.start + slice.of(text).find("{{")?;
    Some(Template { span: Span::new(at, at + 2) })
}

/// So is one that parses by accident: `image: {{ .Values.image }}` is a mapping whose key is a mapping. Actions within
/// scalars, as workflow and alerting rules have them, are text.
pub(super) fn of_tree(text: &str, tree: &Tree) -> Option<Template> {
    tree.nodes.iter().find_map(|node| match &node.kind {
        Kind::Mapping { layout: Layout::Flow, entries } => {
            let (key, _) = entries.first()?;
            let nested = matches!(tree.node(*key).kind, Kind::Mapping { .. });
            (nested && node.span.of(text).starts_with("{{")).then_some(Template { span: node.span })
        }
        _ => None,
    })
}
