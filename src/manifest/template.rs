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
    tree.ids().find_map(|id| match tree.node(id).kind {
        Kind::Mapping { layout: Layout::Flow, .. } => {
            let (key, _) = tree.entries(id).first()?;
            let (nested, span) = (tree.is_mapping(*key), tree.span(id));
            (nested && span.of(text).starts_with("{{")).then_some(Template { span })
        }
        _ => None,
    })
}
