//! Edits the values of a chart, and says where in them a value of a subchart is set, for the fixer of charts.

use std::sync::Arc;

use serde_yaml::Value;

use super::chart_proof::value_at;
use crate::kubernetes::VALUES_CONVENTIONS;
use crate::yaml::edit::{self, YamlEdit};
use crate::yaml::{PathStep, YamlPath};

/// The chart's own values.
pub(super) const VALUES_FILE: &str = "values.yaml";

/// The folder in which a chart holds others.
const SUBCHARTS_FOLDER: &str = "charts";

/// A value in a values file that is to be another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueEdit {
    pub file: String,
    pub edit: YamlEdit,
}

impl ValueEdit {
    pub(super) fn set(file: &str, path: YamlPath, to: Value) -> Self {
        let (file, path) = through_parents(file, path);
        Self { file, edit: YamlEdit::Set { path, to } }
    }

    pub(super) fn append(file: &str, path: YamlPath, item: Value) -> Self {
        let (file, path) = through_parents(file, path);
        Self { file, edit: YamlEdit::Append { path, item } }
    }

    pub(super) fn remove(file: &str, path: YamlPath) -> Self {
        let (file, path) = through_parents(file, path);
        Self { file, edit: YamlEdit::Remove { path } }
    }

    /// The text of the values file with the edit; none where it cannot be made.
    pub(super) fn apply(&self, text: &str) -> Option<Arc<str>> {
        let applied = |edits: &[YamlEdit]| edit::apply_verified(VALUES_CONVENTIONS, text, 0, edits).ok();
        let by_entries = self.entries_for_empty(text).and_then(|edits| applied(&edits));
        let after = by_entries.or_else(|| applied(std::slice::from_ref(&self.edit)))?;
        (after != text).then(|| after.into())
    }

    /// The edit by its entries, where a mapping is to stand for an empty one: these go below the comments that tell what
    /// could be written there.
    fn entries_for_empty(&self, text: &str) -> Option<Vec<YamlEdit>> {
        let YamlEdit::Set { path, to: Value::Mapping(entries) } = &self.edit else { return None };
        let values: Value = serde_yaml::from_str(text).ok()?;
        value_at(&values, path)?.as_mapping().filter(|own| own.is_empty())?;
        let set = |(key, to): (&Value, &Value)| {
            let path = path.iter().cloned().chain([PathStep::from(key.as_str()?)]).collect();
            Some(YamlEdit::Set { path, to: to.clone() })
        };
        entries.iter().map(set).collect()
    }
}

/// The values file of a subchart is not edited: its parent's section for it is laid over it.
fn through_parents(file: &str, path: YamlPath) -> (String, YamlPath) {
    match subchart_path(file) {
        keys if keys.is_empty() => (file.to_owned(), path),
        keys => (VALUES_FILE.to_owned(), keys.into_iter().chain(path).collect()),
    }
}

/// The keys under which a parent sets the values of the subchart that a file lies in; none for the chart itself.
pub(super) fn subchart_path(file: &str) -> YamlPath {
    let parts: Vec<&str> = file.split('/').collect();
    let inner = parts.windows(2).filter(|pair| pair[0] == SUBCHARTS_FOLDER);
    inner.map(|pair| PathStep::from(pair[1])).collect()
}

/// The path that a key of a value names, `image.tag`, as origins write it.
pub(super) fn parse_key(key: &str) -> YamlPath {
    let mut path = YamlPath::new();
    for part in key.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            path.push(PathStep::from(name));
        }
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            match index.parse::<usize>() {
                Ok(index) => path.push(PathStep::Index(index)),
                Err(_) => path.push(PathStep::from(index.trim_matches(['"', '\'']))),
            }
            rest = after;
        }
    }
    path
}

/// The value at the end of nested mappings of these keys; none where a step is no key.
pub(super) fn nest_value(keys: &[PathStep], value: Value) -> Option<Value> {
    keys.iter().rev().try_fold(value, |inner, step| match step {
        PathStep::Key(key) => {
            let mut outer = serde_yaml::Mapping::new();
            outer.insert(Value::String(key.clone()), inner);
            Some(Value::Mapping(outer))
        }
        PathStep::Index(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path;

    #[test]
    fn a_subcharts_value_is_set_by_its_parent() {
        let own = ValueEdit::set("values.yaml", path!["a", "b"], true.into());
        assert_eq!(own.file, "values.yaml");
        let inner = ValueEdit::set("charts/db/values.yaml", path!["a"], true.into());
        assert_eq!(inner, ValueEdit::set("values.yaml", path!["db", "a"], true.into()));
    }

    #[test]
    fn an_empty_value_is_filled_and_the_comment_below_it_stays() {
        let text = "image: web\nsecurityContext: {}\n  # runAsNonRoot: true\n\nservice:\n  port: 80\n";
        let edit = ValueEdit::set("values.yaml", path!["securityContext", "runAsNonRoot"], true.into());
        let after = edit.apply(text).expect("it is there");
        assert_eq!(
            &*after,
            "image: web\nsecurityContext:\n  # runAsNonRoot: true\n  runAsNonRoot: true\n\nservice:\n  port: 80\n"
        );
    }

    #[test]
    fn a_mapping_for_an_empty_value_goes_below_the_comments_too() {
        let text = "securityContext: {}\n  # runAsNonRoot: true\n\nservice: {}\n";
        let block: Value =
            serde_yaml::from_str("{runAsNonRoot: true, runAsUser: 40123}").expect("it is YAML");
        let after = ValueEdit::set("values.yaml", path!["securityContext"], block).apply(text);
        assert_eq!(
            after.as_deref(),
            Some(
                "securityContext:\n  # runAsNonRoot: true\n  runAsNonRoot: true\n  runAsUser: 40123\n\nservice: {}\n"
            )
        );
    }

    #[test]
    fn keys_of_origins_are_paths() {
        assert_eq!(parse_key("image.tag"), path!["image", "tag"]);
        assert_eq!(parse_key("volumes[1].name"), path!["volumes", 1, "name"]);
    }
}
