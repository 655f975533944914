//! Finds the value sets that a chart is rendered with: its defaults, and the files that are made to be laid over them.

use crate::helm::{SourceFile, ValuesFile};

/// The most value sets that a chart is rendered with; the others are left out, which its status says.
const MAX_SETS: usize = 24;

/// A set of values: none for the chart's own defaults, else files laid over them, one over the other.
#[derive(Clone, Debug, Default)]
pub(super) struct ValueSet {
    pub files: Vec<ValuesFile>,
    /// The environment that the settings name it for.
    pub environment: Option<String>,
    /// Why it cannot be rendered.
    pub fault: Option<String>,
}

/// The sets of a chart with these files, and with those that are ignored where it is packed, the defaults first; and the
/// number of those that were left out.
pub(super) fn find_value_sets(files: &[SourceFile], ignored: &[SourceFile]) -> (Vec<ValueSet>, usize) {
    let mut sets = vec![ValueSet::default()];
    let over = files.iter().chain(ignored).filter(|file| is_value_set(&file.name));
    let mut over: Vec<&SourceFile> = over.collect();
    over.sort_by(|one, other| one.name.cmp(&other.name));
    let kept = over.len().min(MAX_SETS);
    for file in &over[..kept] {
        let file = ValuesFile { path: file.disk_path.clone(), data: file.data.clone() };
        sets.push(ValueSet { files: vec![file], ..ValueSet::default() });
    }
    (sets, over.len() - kept)
}

/// True for `ci/NAME-values.yaml`, by which charts are tested, and for `values-NAME.yaml` and its like beside the
/// chart's own values.
pub(super) fn is_value_set(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    if let Some(test) = stem.strip_prefix("ci/") {
        return !test.contains('/') && (test.ends_with("-values") || test == "values");
    }
    let named = |rest: &str| rest.starts_with(['-', '.', '_']);
    !stem.contains('/') && (stem.strip_prefix("values").is_some_and(named) || stem.ends_with("-values"))
}

#[cfg(test)]
mod tests {
    use super::is_value_set;

    #[test]
    fn files_that_are_made_to_be_laid_over_the_defaults_are_sets() {
        for name in
            ["ci/ha-values.yaml", "ci/values.yaml", "values-prod.yaml", "values.dev.yml", "prod-values.yaml"]
        {
            assert!(is_value_set(name), "{name}");
        }
        for name in
            ["values.yaml", "ci/kind.yaml", "ci/a/b-values.yaml", "values.schema.json", "x/values-a.yaml"]
        {
            assert!(!is_value_set(name), "{name}");
        }
    }
}
