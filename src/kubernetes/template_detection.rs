//! Detects Helm templates, as opposed to manifests that merely hold `{{` in their text.

use crate::text::Span;
use crate::yaml::yaml_tree::{CollectionLayout, NodeKind, YamlTree};

/// A file that must be rendered before it is a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnrenderedTemplate {
    /// The first action that shows it.
    pub span: Span,
}

/// A document that does not parse and holds an action is a template.
pub(super) fn template_in_broken(text: &str, slice: Span) -> Option<UnrenderedTemplate> {
    let at = slice.start + slice.slice(text).find("{{")?;
    Some(UnrenderedTemplate { span: Span::new(at, at + 2) })
}

/// So is one that parses by accident: `image: {{ .Values.image }}` is a mapping whose key is a mapping. Actions within
/// scalars, as workflow and alerting rules have them, are text.
pub(super) fn template_in_tree(text: &str, tree: &YamlTree) -> Option<UnrenderedTemplate> {
    tree.node_ids().find_map(|id| match tree.node(id).kind {
        NodeKind::Mapping { layout: CollectionLayout::Flow, .. } => {
            let (key, _) = tree.entries(id).first()?;
            let (nested, span) = (tree.is_mapping(*key), tree.span(id));
            (nested && span.slice(text).starts_with("{{")).then_some(UnrenderedTemplate { span })
        }
        _ => None,
    })
}
