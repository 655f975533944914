//! sprig's merges, which change their first map and share what they take from the others.

use super::argument_access::map;
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;
use crate::template::value_compare::is_empty_value;

const MAX_DEPTH: usize = 400;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::variadic("merge", &[Map], Map, |state, arguments| merge_all(state, arguments, false)),
    FunctionSpec::variadic("mustMerge", &[Map], Map, |state, arguments| merge_all(state, arguments, false)),
    FunctionSpec::variadic("mergeOverwrite", &[Map], Map, |state, arguments| {
        merge_all(state, arguments, true)
    }),
    FunctionSpec::variadic("mustMergeOverwrite", &[Map], Map, |state, arguments| {
        merge_all(state, arguments, true)
    }),
];

fn merge_all(state: &mut RenderState, arguments: &[TemplateValue], overwrite: bool) -> CallResult {
    let into = map(arguments, 0);
    for index in 1..arguments.len() {
        merge_maps(state, &into, &map(arguments, index), overwrite, 0)?;
    }
    Ok(TemplateValue::Map(into))
}

fn merge_maps(
    state: &mut RenderState,
    into: &ValueMap,
    from: &ValueMap,
    overwrite: bool,
    depth: usize,
) -> Result<(), CallError> {
    if depth > MAX_DEPTH {
        return Err("the maps are nested too deeply to merge".into());
    }
    if into.is_same(from) {
        return Ok(());
    }
    state.note_mutation(into);
    let entries = from.entries();
    state.charge_steps(entries.len())?;
    state.charge_values(entries.len())?;
    for (key, entry) in entries {
        let own = into.get(&key);
        match (&own, &entry.value) {
            (Some(TemplateValue::Map(own)), TemplateValue::Map(theirs)) => {
                merge_maps(state, own, theirs, overwrite, depth + 1)?;
            }
            _ if takes(own.as_ref(), &entry.value, overwrite) => into.insert_entry(key, entry),
            _ => {}
        }
    }
    Ok(())
}

/// Whether the other map's value replaces ours: where we have none, unless it is nil, and an empty one gives way. What
/// overwrites does so with nil and empty values too.
fn takes(own: Option<&TemplateValue>, theirs: &TemplateValue, overwrite: bool) -> bool {
    match own {
        _ if overwrite => true,
        None => !theirs.is_nil(),
        Some(own) => is_empty_value(own) && !is_empty_value(theirs),
    }
}
