//! Edits the values of a chart, and says where in them a value of a subchart is set, for the fixer of charts.

use std::sync::Arc;

use serde_yaml::Value;

use super::chart_proof::value_at;
use crate::kubernetes::VALUES_CONVENTIONS;
use crate::repo::SUBCHARTS_FOLDER;
use crate::yaml::edit::{self, YamlEdit};
use crate::yaml::{PathStep, YamlPath};

/// The chart's own values.
pub(super) const VALUES_FILE: &str = "values.yaml";

/// A value in a values file that is to be another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueEdit {
    pub file: String,
    pub edit: YamlEdit,
}

impl ValueEdit {
    pub(super) fn set(file: &str, path: YamlPath, to: Value) -> Self {
        Self { file: file.to_owned(), edit: YamlEdit::Set { path, to } }
    }

    pub(super) fn append(file: &str, path: YamlPath, item: Value) -> Self {
        Self { file: file.to_owned(), edit: YamlEdit::Append { path, item } }
    }

    pub(super) fn remove(file: &str, path: YamlPath) -> Self {
        Self { file: file.to_owned(), edit: YamlEdit::Remove { path } }
    }

    /// The edit of the chart's own values that comes to this one. The values file of a subchart is not edited: its parent's
    /// section for it is laid over it.
    pub(super) fn through_parents(mut self, keys: &SubchartKeys) -> Self {
        let above = keys.above(&self.file);
        if above.is_empty() {
            return self;
        }
        VALUES_FILE.clone_into(&mut self.file);
        let path = path_of_edit(&mut self.edit);
        let inner = std::mem::take(path);
        *path = above.into_iter().chain(inner).collect();
        self
    }

    /// True where a values file says itself what the edit is about, so that nothing said below it reaches.
    pub(super) fn is_said_in(&self, text: &str) -> bool {
        let Ok(values) = serde_yaml::from_str::<Value>(text) else { return false };
        match &self.edit {
            YamlEdit::Set { path, to } => overrides(&values, path, Some(to)),
            YamlEdit::Append { path, .. } | YamlEdit::Remove { path } => overrides(&values, path, None),
        }
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

fn path_of_edit(edit: &mut YamlEdit) -> &mut YamlPath {
    match edit {
        YamlEdit::Set { path, .. } | YamlEdit::Append { path, .. } | YamlEdit::Remove { path } => path,
    }
}

/// True where the values have something on the path that no map below them is merged with: what stands at its end, or
/// any that is no map. A map to be set is overridden by any of its entries.
fn overrides(values: &Value, path: &[PathStep], to: Option<&Value>) -> bool {
    match (path, values) {
        ([PathStep::Key(key), rest @ ..], Value::Mapping(entries)) => {
            entries.get(key.as_str()).is_some_and(|inner| overrides(inner, rest, to))
        }
        ([], Value::Mapping(own)) => match to {
            Some(Value::Mapping(wanted)) => wanted
                .iter()
                .any(|(key, to)| own.get(key).is_some_and(|inner| overrides(inner, &[], Some(to)))),
            _ => true,
        },
        _ => true,
    }
}

/// The keys under which parents set the values of the subcharts that a template is of: their aliases, where the folders
/// on disk bear other names.
pub(super) struct SubchartKeys {
    /// From the outermost, the folder's name and the key.
    charts: Vec<(String, String)>,
}

impl SubchartKeys {
    /// By the template's path on disk and Helm's name of it.
    pub(super) fn of_template(disk: &str, name: &str) -> Self {
        let (folders, keys) = (subchart_names(disk), subchart_names(name));
        let keys = if keys.len() == folders.len() { keys } else { folders.clone() };
        Self { charts: folders.into_iter().zip(keys).collect() }
    }

    /// The keys of the chart that the template is of.
    pub(super) fn own(&self) -> YamlPath {
        self.charts.iter().map(|(_, key)| PathStep::from(key.as_str())).collect()
    }

    /// The keys of the chart that a file lies in; none for the outermost chart itself.
    fn above(&self, file: &str) -> YamlPath {
        let folders = subchart_names(file);
        let key_at = |(at, folder): (usize, &String)| {
            let is_own = folders.iter().zip(&self.charts).take(at + 1).all(|(one, (own, _))| one == own);
            let own = self.charts.get(at).filter(|_| is_own).map(|(_, key)| key);
            PathStep::from(own.unwrap_or(folder).as_str())
        };
        folders.iter().enumerate().map(key_at).collect()
    }
}

fn subchart_names(file: &str) -> Vec<String> {
    let parts: Vec<&str> = file.split('/').collect();
    let inner = parts.windows(2).filter(|pair| pair[0] == SUBCHARTS_FOLDER);
    inner.map(|pair| pair[1].to_owned()).collect()
}

/// The innermost chart that a file lies in, by its folder; none for the outermost itself.
pub(super) fn subchart_of(file: &str) -> Option<String> {
    subchart_names(file).pop()
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
        let keys = SubchartKeys::of_template("charts/db/templates/d.yaml", "charts/main-db/templates/d.yaml");
        let set = |file, path| ValueEdit::set(file, path, true.into());
        let own = set("values.yaml", path!["a", "b"]);
        assert_eq!(own.clone().through_parents(&keys), own);
        let inner = set("charts/db/values.yaml", path!["a"]).through_parents(&keys);
        assert_eq!(inner, set("values.yaml", path!["main-db", "a"]));
        let other = set("charts/web/values.yaml", path!["a"]).through_parents(&keys);
        assert_eq!(other, set("values.yaml", path!["web", "a"]));
    }

    #[test]
    fn a_value_set_says_itself_what_is_not_merged() {
        let said = |text: &str, edit: &ValueEdit| edit.is_said_in(text);
        let set = ValueEdit::set("ci/a.yaml", path!["context", "seccomp"], true.into());
        assert!(!said("other: 1\n", &set));
        assert!(!said("context: {user: 1}\n", &set));
        assert!(said("context: {seccomp: false}\n", &set));
        assert!(said("context: null\n", &set));
        let append = ValueEdit::append("ci/a.yaml", path!["volumes"], 1.into());
        assert!(!said("other: 1\n", &append));
        assert!(said("volumes: []\n", &append));
        let block = serde_yaml::from_str("{a: 1}").expect("YAML");
        let block = ValueEdit::set("ci/a.yaml", path!["context"], block);
        assert!(!said("context: {b: 1}\n", &block));
        assert!(said("context: {a: 2}\n", &block));
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
