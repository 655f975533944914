//! Chooses resource bounds that the API server accepts, for the pod fixes: a request is never above its limit.

use super::CannotFix;
use crate::finding::{ResourceBound, ResourceName};
use crate::fix::risk::PodCase;
use crate::kubernetes::model::Quantity as Amount;
use crate::needs::{NeedKind, ProgramNeed};
use crate::path;
use crate::rules::{ContainerView, resource_name};
use crate::settings::ResourceDefaults;
use crate::yaml::{Lenient, YamlPath};

/// The place of a bound below the container, and its amount: the configured default, a request lowered to an existing
/// limit, a limit raised to an existing request.
pub(super) fn bound_amount(
    case: PodCase<'_>,
    view: ContainerView<'_>,
    (bound, resource): (ResourceBound, ResourceName),
) -> Result<(YamlPath, String), CannotFix> {
    let settings = view.pod.settings;
    let (object, container) = (view.pod.object.label(), view.container.name.as_deref().unwrap_or_default());
    let typed = settings.chosen_values.resources_of(view.pod.path, &object, container);
    let typed = typed.and_then(|chosen| value_of_bound(chosen, (bound, resource)).clone());
    let (key, other_key) = match bound {
        ResourceBound::Limit => ("limits", "requests"),
        ResourceBound::Request => ("requests", "limits"),
    };
    // What a person typed is taken by their word; what speaks against it is told beside it.
    let is_typed = typed.is_some();
    let name = resource_name(resource);
    let default = typed
        .or_else(|| value_of_bound(&settings.resource_defaults, (bound, resource)).clone())
        .ok_or_else(|| CannotFix::Impossible("the settings give no default for it".to_owned()))?;
    let default = match bound {
        ResourceBound::Limit if !is_typed => raise_to_needs(case, view.index, resource, default),
        ResourceBound::Limit | ResourceBound::Request => default,
    };
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

/// The default, or where the program is known to need more, that and half as much again: a heap is not all that its
/// program takes.
fn raise_to_needs(case: PodCase<'_>, container: usize, resource: ResourceName, default: String) -> String {
    let Some(raised) = amount_for_needs(case.needs_of(container), resource) else { return default };
    let [ours, theirs] = [&default, &raised].map(|text| Amount::from(text.as_str()).amount());
    if ours.zip(theirs).is_some_and(|(ours, theirs)| theirs > ours) { raised } else { default }
}

/// What these needs come to, and half as much again; none where none of them is about the resource.
pub(in crate::fix) fn amount_for_needs<'n>(
    needs: impl Iterator<Item = &'n ProgramNeed>,
    resource: ResourceName,
) -> Option<String> {
    const MEBIBYTE: u64 = 1024 * 1024;
    let needs = needs.filter_map(|need| match (resource, &need.kind) {
        (ResourceName::Memory, NeedKind::Memory(bytes)) => Some(bytes.div_ceil(MEBIBYTE)),
        (ResourceName::Cpu, NeedKind::Processor(millis)) => Some(*millis),
        _ => None,
    });
    let needed = needs.max()?;
    let with_reserve = needed.saturating_add(needed.div_ceil(2));
    Some(match resource {
        ResourceName::Memory => format!("{with_reserve}Mi"),
        ResourceName::Cpu => format!("{with_reserve}m"),
    })
}

const fn value_of_bound(
    bounds: &ResourceDefaults,
    (bound, resource): (ResourceBound, ResourceName),
) -> &Option<String> {
    match (bound, resource) {
        (ResourceBound::Limit, ResourceName::Cpu) => &bounds.cpu_limit,
        (ResourceBound::Limit, ResourceName::Memory) => &bounds.memory_limit,
        (ResourceBound::Request, ResourceName::Cpu) => &bounds.cpu_request,
        (ResourceBound::Request, ResourceName::Memory) => &bounds.memory_request,
    }
}

fn unreadable_amount(key: &str, name: &str) -> CannotFix {
    CannotFix::Impossible(format!("`resources.{key}.{name}` cannot be read, and the two must agree"))
}
