//! Lists the combinations of a job's matrix.

use std::collections::BTreeMap;

use super::build_yaml::BuildNode;
use super::expressions::ExpressionContext;

/// The most combinations of a matrix that are followed.
const MAX_COMBINATIONS: usize = 128;

/// The values of one combination, by their names; those of a mapping by `name.key`.
pub(super) type MatrixValues = BTreeMap<String, String>;

/// The combinations of a matrix; one without any value where there is no matrix.
pub(super) fn matrix_combinations(
    matrix: Option<BuildNode<'_>>,
    context: &ExpressionContext,
) -> Vec<MatrixValues> {
    let mut all = vec![MatrixValues::new()];
    let Some(matrix) = matrix else { return all };
    let axes = matrix.entries().filter(|(name, _)| !matches!(*name, "include" | "exclude"));
    let mut has_axes = false;
    for (name, values) in axes {
        let values: Vec<MatrixValues> = values.items().map(|value| flatten(name, value, context)).collect();
        if values.is_empty() {
            continue;
        }
        has_axes = true;
        let pairs = all.iter().flat_map(|one| values.iter().map(move |value| join_values(one, value)));
        all = pairs.take(MAX_COMBINATIONS).collect();
    }
    if !has_axes {
        all.clear();
    }
    let original = all.len();
    for included in matrix.get("include").into_iter().flat_map(BuildNode::items) {
        let values = included.entries().flat_map(|(name, value)| flatten(name, value, context)).collect();
        add_included(&mut all, original, &values);
    }
    all.truncate(MAX_COMBINATIONS);
    if all.is_empty() { vec![MatrixValues::new()] } else { all }
}

/// Adds the values of `include` to each combination whose own they agree with, else as a combination of their own.
fn add_included(all: &mut Vec<MatrixValues>, original: usize, values: &MatrixValues) {
    let mut is_added = false;
    for one in all.iter_mut().take(original) {
        if values.iter().all(|(name, value)| one.get(name).is_none_or(|own| own == value)) {
            one.extend(values.clone());
            is_added = true;
        }
    }
    if !is_added {
        all.push(values.clone());
    }
}

fn join_values(one: &MatrixValues, other: &MatrixValues) -> MatrixValues {
    one.iter().chain(other).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn flatten(name: &str, value: BuildNode<'_>, context: &ExpressionContext) -> MatrixValues {
    if let Some(text) = value.text() {
        return MatrixValues::from([(name.to_owned(), context.expand(text))]);
    }
    value.entries().flat_map(|(key, value)| flatten(&format!("{name}.{key}"), value, context)).collect()
}
