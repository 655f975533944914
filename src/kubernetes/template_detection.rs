//! Detects templates, as opposed to manifests that merely hold `{{` in their text.

use memchr::memmem;

use crate::text::{Span, TemplateEngine, is_ytt};
use crate::yaml::yaml_tree::{CollectionLayout, NodeKind, ScalarForm, YamlTree};

/// A file that must be rendered before it is a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnrenderedTemplate {
    pub engine: TemplateEngine,
}

impl UnrenderedTemplate {
    /// The engine's name is that of the file's text as a whole: one action tells little.
    fn of_text(text: &str) -> Option<Self> {
        TemplateEngine::of_template(text).map(|engine| Self { engine })
    }
}

/// ytt's statements and values stand in comments: no reader of YAML sees them.
pub(super) fn template_in_comments(text: &str) -> Option<UnrenderedTemplate> {
    is_ytt(text).then_some(UnrenderedTemplate { engine: TemplateEngine::Ytt })
}

/// A document that does not parse and holds an action is a template.
pub(super) fn template_in_broken(text: &str, slice: Span) -> Option<UnrenderedTemplate> {
    TemplateEngine::of_template(slice.slice(text)).and_then(|_| UnrenderedTemplate::of_text(text))
}

/// So is one that parses by accident: `image: {{ .Values.image }}` is a mapping whose key is a mapping. Actions within
/// scalars, as workflow and alerting rules have them, are text; those that only another engine than Kubernetes' own
/// tools know are not, outside of texts of several lines. Nor are they where Kubernetes itself reads the text: no name
/// of an object and no image may hold one.
pub(super) fn template_in_tree(text: &str, slice: Span, tree: &YamlTree) -> Option<UnrenderedTemplate> {
    if let Some(template) = template_in_names(text, slice, tree) {
        return Some(template);
    }
    let in_scalars = TemplateEngine::may_stand_in_scalars(slice.slice(text)) && !keeps_expressions(tree);
    tree.node_ids().find_map(|id| match tree.node(id).kind {
        NodeKind::Mapping { layout: CollectionLayout::Flow, .. } => {
            let (key, _) = tree.entries(id).first()?;
            let (nested, span) = (tree.is_mapping(*key), tree.span(id));
            (nested && span.slice(text).starts_with("{{")).then(|| UnrenderedTemplate::of_text(text))?
        }
        NodeKind::Scalar { style, .. }
            if in_scalars && !matches!(style, ScalarForm::Literal | ScalarForm::Folded) =>
        {
            let engine = TemplateEngine::of_scalar(tree.scalar_text(id)?)?;
            Some(UnrenderedTemplate { engine })
        }
        _ => None,
    })
}

/// An action in the name or an image of an object that Kubernetes itself knows: `name: "{{ app }}"`. The operators of
/// other kinds may fill them in.
fn template_in_names(text: &str, slice: Span, tree: &YamlTree) -> Option<UnrenderedTemplate> {
    memmem::find(slice.slice(text).as_bytes(), b"{{")?;
    let root = tree.root()?;
    let holds_action = |node| tree.scalar_text(node).is_some_and(|text| text.contains("{{"));
    let version = tree.scalar_text(tree.get_resolved(root, "apiVersion")?)?;
    let is_own = version.split_once('/').is_none_or(|(group, _)| !group.contains('.'));
    let metadata = tree.get_resolved(root, "metadata")?;
    let named = ["name", "generateName", "namespace"].map(|key| tree.get_resolved(metadata, key));
    let mut images = tree.node_ids().filter_map(|id| tree.get_resolved(id, "image"));
    let holds_any = named.into_iter().flatten().any(holds_action) || images.any(holds_action);
    if is_own && holds_any { UnrenderedTemplate::of_text(text) } else { None }
}

/// True for an object whose texts are its own matter: the data of a ConfigMap or Secret, which some program reads; what
/// OpenShift's Template (`${{NAME}}`; OpenShift, "Using templates"), a template of Backstage's scaffolder or Kargo's
/// promotions fill in when they are used.
fn keeps_expressions(tree: &YamlTree) -> bool {
    let Some(root) = tree.root() else { return false };
    let text =
        |key| tree.get_resolved(root, key).and_then(|value| tree.scalar_text(value)).unwrap_or_default();
    let group = text("apiVersion").split_once('/').map_or("", |(group, _)| group);
    match text("kind") {
        "ConfigMap" | "Secret" => group.is_empty(),
        "Template" => matches!(group, "" | "template.openshift.io" | "scaffolder.backstage.io"),
        _ => group == "kargo.akuity.io",
    }
}
