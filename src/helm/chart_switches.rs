//! Which subcharts take part: aliases, tags and conditions.

use super::chart_error::ChartError;
use super::chart_metadata::ChartDependency;
use super::chart_node::{ChartNode, SkippedChart};
use super::values_coalesce::coalesce_values;
use crate::template::functions::check_constraint;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;
use crate::template::values_method::find_path;

/// Keeps of a chart's subcharts those that the values switch on, all the way down; gives back the others.
pub(super) fn apply_switches(
    chart: &mut ChartNode<'_>,
    values: &ValueMap,
) -> Result<Vec<SkippedChart>, ChartError> {
    let mut skipped = Vec::new();
    switch_children(chart, values, "", &mut skipped)?;
    Ok(skipped)
}

fn fits(dependency: &ChartDependency, chart: &ChartNode<'_>) -> bool {
    *chart.name == *dependency.name
        && check_constraint(&dependency.version, &chart.chart.metadata.version).unwrap_or(false)
}

fn switch_children(
    chart: &mut ChartNode<'_>,
    values: &ValueMap,
    path: &str,
    skipped: &mut Vec<SkippedChart>,
) -> Result<(), ChartError> {
    let Some(mut declared) = chart.dependencies.take() else { return Ok(()) };
    let there = std::mem::take(&mut chart.children);
    let undeclared = there.iter().filter(|child| !declared.iter().any(|own| fits(own, child)));
    let mut children: Vec<ChartNode<'_>> = undeclared.cloned().collect();
    for dependency in &mut declared {
        if let Some(child) = there.iter().find(|child| fits(dependency, child)) {
            let mut child = child.clone();
            if !dependency.alias.is_empty() {
                child.name = dependency.alias.as_str().into();
            }
            children.push(child);
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
    }
    chart.children = children;
    let merged = coalesce_values(chart, values)?;
    let tags = match merged.get("tags") {
        Some(TemplateValue::Map(tags)) => Some(tags),
        _ => None,
    };
    let mut off = Vec::new();
    for dependency in &declared {
        let by_tags = tags.as_ref().and_then(|tags| tag_reason(dependency, tags));
        let reason = match find_condition(dependency, &merged, path) {
            Some((condition, false)) => Some(format!("{condition} is false")),
            Some((_, true)) => None,
            None => by_tags,
        };
        if let Some(reason) = reason {
            skipped.push(SkippedChart { path: chart_path(path, &dependency.name), reason });
            off.push(dependency.name.clone());
        }
    }
    chart.children.retain(|child| !off.iter().any(|name| **name == *child.name));
    declared.retain(|dependency| !off.contains(&dependency.name));
    for child in &mut chart.children {
        let inner = format!("{path}{}.", child.name);
        switch_children(child, &merged, &inner, skipped)?;
    }
    chart.dependencies = Some(declared);
    Ok(())
}

/// `charts/a/charts/b` for the path `a.` and the name `b`.
fn chart_path(path: &str, name: &str) -> String {
    let above = path.split('.').filter(|part| !part.is_empty());
    above.chain([name]).map(|part| format!("charts/{part}")).collect::<Vec<_>>().join("/")
}

/// The tag that switches a dependency off: one is false and none is true.
fn tag_reason(dependency: &ChartDependency, tags: &ValueMap) -> Option<String> {
    let mut off = None;
    for tag in &dependency.tags {
        match tags.get(tag) {
            Some(TemplateValue::Bool(true, _)) => return None,
            Some(TemplateValue::Bool(false, _)) => off = off.or_else(|| Some(format!("tags.{tag} is false"))),
            _ => {}
        }
    }
    off
}

/// The first path of the condition that exists and is a truth value.
fn find_condition(dependency: &ChartDependency, values: &ValueMap, path: &str) -> Option<(String, bool)> {
    for condition in dependency.condition.trim().split(',').filter(|condition| !condition.is_empty()) {
        let full = format!("{path}{condition}");
        if let Some(TemplateValue::Bool(flag, _)) = find_path(values, &full) {
            return Some((full, flag));
        }
    }
    None
}
