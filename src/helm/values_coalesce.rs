//! How Helm brings together the values of a chart and its subcharts: the user's over the parent's over the child's.

use super::chart_error::ChartError;
use super::chart_node::ChartNode;
use crate::template::template_value::{NilKind, TemplateValue};
use crate::template::value_collection::{MapEntry, ValueMap};
use crate::template::value_copy::deep_copy;

/// How many nodes the values of all charts may have together.
const MAX_NODES: usize = 2_000_000;

const GLOBAL: &str = "global";

/// A copy that shares nothing.
pub(super) fn copy_map(map: &ValueMap) -> ValueMap {
    let mut left = MAX_NODES;
    match deep_copy(&TemplateValue::Map(map.clone()), &mut left) {
        Some(TemplateValue::Map(copy)) => copy,
        _ => ValueMap::default(),
    }
}

/// The values of a chart and of all below it, nulls removed as a user removes a default.
pub(super) fn coalesce_values(chart: &ChartNode<'_>, values: &ValueMap) -> Result<ValueMap, ChartError> {
    let own = copy_map(values);
    coalesce(chart, &own, false)?;
    Ok(own)
}

/// The same with nulls kept.
pub(super) fn merge_values(chart: &ChartNode<'_>, values: &ValueMap) -> Result<ValueMap, ChartError> {
    let own = copy_map(values);
    coalesce(chart, &own, true)?;
    Ok(own)
}

fn coalesce(chart: &ChartNode<'_>, values: &ValueMap, merge: bool) -> Result<(), ChartError> {
    coalesce_own(chart, values, merge);
    for child in &chart.children {
        let table = match values.get(&child.name) {
            None => {
                let table = ValueMap::default();
                values.insert(&child.name, TemplateValue::Map(table.clone()));
                table
            }
            Some(TemplateValue::Map(table)) => table,
            Some(other) => return Err(type_mismatch(&child.name, &other)),
        };
        coalesce_globals(&table, values);
        coalesce(child, &table, merge)?;
    }
    Ok(())
}

fn type_mismatch(name: &str, value: &TemplateValue) -> ChartError {
    let shown = match value {
        TemplateValue::Nil(_) => "%!t(<nil>)".to_owned(),
        TemplateValue::Bool(flag, _) => flag.to_string(),
        other => format!("%!t({})", other.type_name()),
    };
    let message = format!("type mismatch on {name}: {shown}");
    ChartError::Values { path: "values.yaml".to_owned(), line: 1, message }
}

/// Globals of the parent over those of the child.
fn coalesce_globals(child: &ValueMap, parent: &ValueMap) {
    let own = match child.get(GLOBAL) {
        None => ValueMap::default(),
        Some(TemplateValue::Map(own)) => own,
        Some(_) => return,
    };
    let theirs = match parent.get(GLOBAL) {
        None => ValueMap::default(),
        Some(TemplateValue::Map(theirs)) => theirs,
        Some(_) => return,
    };
    for (key, entry) in theirs.entries() {
        match (&entry.value, own.get(&key)) {
            (TemplateValue::Map(table), None) => {
                let copy = table.shallow_copy(table.map_type());
                own.insert_entry(key, MapEntry { value: TemplateValue::Map(copy), ..entry });
            }
            (TemplateValue::Map(table), Some(TemplateValue::Map(below))) => {
                // As in Helm, what lies deeper is the parent's own, into which the child's defaults go, too.
                let copy = table.shallow_copy(table.map_type());
                coalesce_tables(&copy, &below, true);
                own.insert_entry(key, MapEntry { value: TemplateValue::Map(copy), ..entry });
            }
            (TemplateValue::Map(_), Some(_)) | (_, Some(TemplateValue::Map(_))) => {}
            _ => own.insert_entry(key, entry),
        }
    }
    child.insert(GLOBAL, TemplateValue::Map(own));
}

/// The chart's own defaults under the values it is given.
fn coalesce_own(chart: &ChartNode<'_>, values: &ValueMap, merge: bool) {
    let defaults = copy_map(&chart.values);
    for (key, entry) in defaults.entries() {
        match (values.get(&key), &entry.value) {
            (Some(TemplateValue::Nil(_)), _) if !merge => {
                values.remove(&key);
            }
            (Some(TemplateValue::Map(own)), TemplateValue::Map(table)) => {
                let merge = merge || chart.children.iter().any(|child| *child.name == *key);
                if !merge {
                    clean_nils(table);
                }
                coalesce_tables(&own, table, merge);
            }
            (Some(_), _) => {}
            (None, value) => {
                if !merge {
                    match value {
                        TemplateValue::Nil(_) => continue,
                        TemplateValue::Map(table) => clean_nils(table),
                        _ => {}
                    }
                }
                values.insert_entry(key, entry);
            }
        }
    }
}

/// Fills `own` with what `defaults` has; a null of ours removes a default unless nulls are kept.
pub(super) fn coalesce_tables(own: &ValueMap, defaults: &ValueMap, merge: bool) {
    let had: Vec<_> = defaults.entries().into_iter().filter(|(_, entry)| !entry.value.is_nil()).collect();
    for (key, entry) in own.entries() {
        if entry.value.is_nil() {
            defaults.insert(&key, TemplateValue::Nil(NilKind::Interface));
        }
    }
    for (key, entry) in defaults.entries() {
        match (own.get(&key), &entry.value) {
            (Some(TemplateValue::Nil(_)), _) if !merge && had.iter().any(|(name, _)| *name == key) => {
                own.remove(&key);
            }
            (None, _) => own.insert_entry(key, entry),
            (Some(TemplateValue::Map(own)), TemplateValue::Map(table)) => coalesce_tables(&own, table, merge),
            _ => {}
        }
    }
}

fn clean_nils(map: &ValueMap) {
    for (key, entry) in map.entries() {
        match &entry.value {
            TemplateValue::Nil(_) => {
                map.remove(&key);
            }
            TemplateValue::Map(inner) => clean_nils(inner),
            _ => {}
        }
    }
}
