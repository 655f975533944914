//! Resource bounds, as the API server accepts them: a request is never above its limit.

use super::CannotFix;
use crate::finding::{Bound, Quantity};
use crate::kubernetes::model::Quantity as Amount;
use crate::path;
use crate::rules::{ContainerView, resource_name};
use crate::yaml::Lenient;
use crate::yaml::YamlPath;

/// Where a bound goes below the container, and how much: the configured default, a request lowered to an existing
/// limit, a limit raised to an existing request.
pub(super) fn bound_amount(
    view: ContainerView<'_>,
    bound: Bound,
    quantity: Quantity,
) -> Result<(YamlPath, String), CannotFix> {
    let defaults = view.pod.settings.resource_defaults_of(view.pod.path, &view.pod.object.label());
    let (key, other_key, default) = match (bound, quantity) {
        (Bound::Limit, Quantity::Cpu) => ("limits", "requests", &defaults.cpu_limit),
        (Bound::Limit, Quantity::Memory) => ("limits", "requests", &defaults.memory_limit),
        (Bound::Request, Quantity::Cpu) => ("requests", "limits", &defaults.cpu_request),
        (Bound::Request, Quantity::Memory) => ("requests", "limits", &defaults.memory_request),
    };
    let name = resource_name(quantity);
    let default = default
        .clone()
        .ok_or_else(|| CannotFix::Impossible("the settings give no default for it".to_owned()))?;
    let resources = &view.container.model.resources;
    let others = resources.map_field(|r| if bound == Bound::Limit { &r.requests } else { &r.limits });
    let other = others.map_field(|map| map.get(name).unwrap_or(&Lenient::Absent));
    let amount = match &other {
        Lenient::Absent => default,
        Lenient::Wrong(_) => return Err(unreadable_amount(other_key, name)),
        Lenient::Value(other) => {
            let (ours, theirs) = (Amount::from(default.as_str()).amount(), other.amount());
            let (Some(ours), Some(theirs)) = (ours, theirs) else {
                return Err(unreadable_amount(other_key, name));
            };
            let theirs_counts = if bound == Bound::Limit { theirs > ours } else { theirs < ours };
            if theirs_counts { other.to_string() } else { default }
        }
    };
    Ok((path!["resources", key, name], amount))
}

fn unreadable_amount(key: &str, name: &str) -> CannotFix {
    CannotFix::Impossible(format!("`resources.{key}.{name}` cannot be read, and the two must agree"))
}
