//! Tells whether a rendered object changes only since it carries the chart's values themselves, for the proof of an edit.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_yaml::Value;

use crate::template::base_encoding::decode_base64;

/// How far the values of a copy may stand below or above their place in the values file and still be told apart.
const MIN_SHARED_STEPS: usize = 2;

/// The scalars of a tree by their paths; empty collections and nulls say nothing.
type FlatValues = BTreeMap<Vec<String>, Value>;

/// What an edit changes in a values file.
#[derive(Default)]
pub(super) struct ValueChange(Vec<ChangedScalar>);

#[derive(PartialEq)]
struct ChangedScalar {
    path: Vec<String>,
    before: Option<Value>,
    after: Option<Value>,
}

impl ValueChange {
    /// Between two texts of one values file; nothing where either cannot be read.
    pub(super) fn between(before: &str, after: &str) -> Self {
        let read = |text: &str| serde_yaml::from_str::<Value>(text).ok();
        let both = read(before).zip(read(after));
        both.map(|(before, after)| Self(changed_scalars(&before, &after))).unwrap_or_default()
    }

    /// True where the objects differ in nothing but texts that hold the values, as YAML or in base 64, and these in
    /// nothing but the change.
    pub(super) fn explains(&self, before: &Value, after: &Value) -> bool {
        match (before, after) {
            (Value::Mapping(one), Value::Mapping(other)) => {
                let is_same = |(key, one): (&Value, &Value)| {
                    other.get(key).is_some_and(|other| self.explains(one, other))
                };
                one.len() == other.len() && one.iter().all(is_same)
            }
            (Value::Sequence(one), Value::Sequence(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| self.explains(one, other))
            }
            (Value::String(one), Value::String(other)) => one == other || self.explains_text(one, other),
            _ => before == after,
        }
    }

    /// The same of texts with several objects, each of which comes to `named` where it changes.
    pub(super) fn explains_texts(&self, before: &str, after: &str, named: &mut impl FnMut(&Value)) -> bool {
        let (Some(before), Some(after)) = (read_objects(before), read_objects(after)) else { return false };
        before.len() == after.len()
            && before.iter().zip(&after).all(|(before, after)| {
                let is_changed = before != after;
                if is_changed {
                    named(after);
                }
                !is_changed || self.explains(before, after)
            })
    }

    fn explains_text(&self, before: &str, after: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let Some((before, after)) = read_tree(before).zip(read_tree(after)) else { return false };
        let changed = changed_scalars(&before, &after);
        !changed.is_empty() && changed.iter().all(|one| self.0.iter().any(|own| own.is_copied_as(one)))
    }
}

impl ChangedScalar {
    /// True where the other is the same change, at the same place of a whole or a part of the values.
    fn is_copied_as(&self, other: &Self) -> bool {
        let shorter = self.path.len().min(other.path.len());
        let is_place = self.path.ends_with(&other.path) || other.path.ends_with(&self.path);
        is_place
            && (self.path.len() == other.path.len() || shorter >= MIN_SHARED_STEPS)
            && (&self.before, &self.after) == (&other.before, &other.after)
    }
}

/// The tree of values that a text holds, as it is or in base 64.
fn read_tree(text: &str) -> Option<Value> {
    let read = |text: &str| {
        let tree = serde_yaml::from_str::<Value>(text).ok()?;
        (tree.is_mapping() || tree.is_sequence()).then_some(tree)
    };
    read(text).or_else(|| read(&String::from_utf8(decode_base64(text.as_bytes()).ok()?).ok()?))
}

fn read_objects(text: &str) -> Option<Vec<Value>> {
    serde_yaml::Deserializer::from_str(text).map(|object| Value::deserialize(object).ok()).collect()
}

fn changed_scalars(before: &Value, after: &Value) -> Vec<ChangedScalar> {
    let (mut one, mut other) = (FlatValues::new(), FlatValues::new());
    flatten(before, &mut Vec::new(), &mut one);
    flatten(after, &mut Vec::new(), &mut other);
    let mut changed = Vec::new();
    for (path, after) in &other {
        if one.get(path) != Some(after) {
            let (before, after) = (one.get(path).cloned(), Some(after.clone()));
            changed.push(ChangedScalar { path: path.clone(), before, after });
        }
    }
    for (path, before) in one.into_iter().filter(|(path, _)| !other.contains_key(path)) {
        changed.push(ChangedScalar { path, before: Some(before), after: None });
    }
    changed
}

fn flatten(value: &Value, path: &mut Vec<String>, into: &mut FlatValues) {
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                path.push(key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned));
                flatten(value, path, into);
                path.pop();
            }
        }
        Value::Sequence(items) => {
            for (index, value) in items.iter().enumerate() {
                path.push(index.to_string());
                flatten(value, path, into);
                path.pop();
            }
        }
        Value::Null => {}
        scalar => drop(into.insert(path.clone(), scalar.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::base_encoding::encode_base64;

    const BEFORE: &str = "hub:\n  resources: {}\nname: a\n";
    const AFTER: &str = "hub:\n  resources:\n    limits:\n      cpu: 500m\nname: a\n";

    fn secret(values: &str) -> Value {
        let text = format!("kind: Secret\ndata:\n  values.yaml: {}\n", encode_base64(values.as_bytes()));
        serde_yaml::from_str(&text).expect("it is YAML")
    }

    #[test]
    fn an_object_that_holds_the_values_follows_their_change() {
        let change = ValueChange::between(BEFORE, AFTER);
        assert!(change.explains(&secret(BEFORE), &secret(AFTER)));
        // A part of them, as `.Values.hub`.
        let part = "resources: {limits: {cpu: 500m}}\n";
        assert!(change.explains(&secret("resources: null\n"), &secret(part)));
        let text = |values: &str| Value::from(format!("{values}---\n").trim_end_matches("---\n"));
        assert!(change.explains(&text(BEFORE), &text(AFTER)));
    }

    #[test]
    fn any_other_change_of_it_is_one() {
        let change = ValueChange::between(BEFORE, AFTER);
        let more = AFTER.replace("name: a", "name: b");
        assert!(!change.explains(&secret(BEFORE), &secret(&more)));
        assert!(!change.explains(&secret(BEFORE), &secret(&AFTER.replace("500m", "600m"))));
        assert!(!change.explains(&Value::from("a"), &Value::from("b")));
        let none = ValueChange::default();
        assert!(!none.explains(&secret(BEFORE), &secret(AFTER)));
        assert!(none.explains(&secret(BEFORE), &secret(BEFORE)));
    }
}
