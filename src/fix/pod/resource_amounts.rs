//! Chooses resource bounds that the API server accepts, for the pod fixes: a request is never above its limit.

use super::CannotFix;
use crate::finding::{ResourceBound, ResourceName};
use crate::kubernetes::model::Quantity as Amount;
use crate::path;
use crate::rules::{ContainerView, resource_name};
use crate::yaml::{Lenient, YamlPath};

/// The place of a bound below the container, and its amount: the configured default, a request lowered to an existing
/// limit, a limit raised to an existing request.
pub(super) fn bound_amount(
    view: ContainerView<'_>,
    bound: ResourceBound,
    resource: ResourceName,
) -> Result<(YamlPath, String), CannotFix> {
    let defaults = view.pod.settings.resource_defaults_of(view.pod.path, &view.pod.object.label());
    let (key, other_key, default) = match (bound, resource) {
        (ResourceBound::Limit, ResourceName::Cpu) => ("limits", "requests", &defaults.cpu_limit),
        (ResourceBound::Limit, ResourceName::Memory) => ("limits", "requests", &defaults.memory_limit),
        (ResourceBound::Request, ResourceName::Cpu) => ("requests", "limits", &defaults.cpu_request),
        (ResourceBound::Request, ResourceName::Memory) => ("requests", "limits", &defaults.memory_request),
    };
    let name = resource_name(resource);
    let default = default
        .clone()
        .ok_or_else(|| CannotFix::Impossible("the settings give no default for it".to_owned()))?;
    let resources = &view.container.model.resources;
    let others = resources.map_field(|r| if bound == ResourceBound::Limit { &r.requests } else { &r.limits });
    let other = others.map_field(|map| map.get(name).unwrap_or(&Lenient::Absent));
    let amount = match &other {
        Lenient::Absent => default,
        Lenient::Wrong(_) => return Err(unreadable_amount(other_key, name)),
        Lenient::Value(other) => {
            let (ours, theirs) = (Amount::from(default.as_str()).amount(), other.amount());
            let (Some(ours), Some(theirs)) = (ours, theirs) else {
                return Err(unreadable_amount(other_key, name));
            };
            let theirs_counts = if bound == ResourceBound::Limit { theirs > ours } else { theirs < ours };
            if theirs_counts { other.to_string() } else { default }
        }
    };
    Ok((path!["resources", key, name], amount))
}

fn unreadable_amount(key: &str, name: &str) -> CannotFix {
    CannotFix::Impossible(format!("`resources.{key}.{name}` cannot be read, and the two must agree"))
}
