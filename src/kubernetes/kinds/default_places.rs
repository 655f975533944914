//! Finds the defaults that a kind lays under its containers, for the search of pods.

use super::place_search::{FoundNode, find_nodes};
use crate::kubernetes::manifest_object::ManifestObject;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// Argo's defaults of all templates of a workflow (Argo Workflows, "Template Defaults").
const TEMPLATE_DEFAULTS: &str = "templateDefaults";

/// The defaults of the container, or of the list of them, at a place with that path: Tekton's `stepTemplate` for all
/// steps beside it (Tekton, "Tasks"), Argo's defaults for all templates beside them.
pub(super) fn defaults_of(
    tree: &YamlTree,
    object: &ManifestObject,
    path: &str,
    at: &FoundNode,
) -> Option<NodeId> {
    if path == "steps" || path.ends_with("/steps") {
        return tree.get_resolved(at.holder, "stepTemplate");
    }
    let (before, after) = path.split_once("templates/[]/")?;
    let path = format!("{before}{TEMPLATE_DEFAULTS}/{after}");
    Some(find_nodes(tree, object.root, &object.path, &path).pop()?.node)
}

/// True where what stands at `context` holds for what stands at `path`: it is above, or the default of what is.
pub(super) fn reaches_path(context: &YamlPath, path: &YamlPath) -> bool {
    let is_default = || {
        let (last, above) = context.split_last()?;
        let step = path.get(above.len())?;
        let is_named = *last == PathStep::from(TEMPLATE_DEFAULTS) && *step == PathStep::from("templates");
        Some(is_named && path.starts_with(above))
    };
    path.starts_with(context) || is_default().unwrap_or_default()
}
