//! Reads the variables of a container, for the start of a trial: those that the manifest says, and those of ConfigMaps here.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::config_maps::ConfigMaps;
use super::expand_variables::expand_references;
use crate::kubernetes::Container;

/// The variables whose values the repository's manifests say; of the others it is said that they are not there.
pub(super) fn read_env(
    name: &str,
    container: &Container,
    configs: &ConfigMaps,
    differences: &mut BTreeSet<String>,
) -> Vec<(String, String)> {
    let mut env: Vec<(String, String)> = Vec::new();
    let set = |env: &mut Vec<(String, String)>, key: &str, value: String| {
        env.retain(|(known, _)| known != key);
        env.push((key.to_owned(), value));
    };
    let sources = container.model.env_from.get().and_then(|list| list.as_sequence());
    for source in sources.into_iter().flatten() {
        let prefix = source.get("prefix").and_then(Value::as_str).unwrap_or_default();
        let named = source.get("configMapRef").and_then(|own| own.get("name")?.as_str());
        let Some(data) = named.and_then(|name| configs.find(name)) else {
            let what = describe_source(source);
            differences.insert(format!("`{name}` is not given the variables of {what}, which a cluster has"));
            continue;
        };
        for (key, value) in data.iter().filter(|(key, _)| is_variable_name(key)) {
            set(&mut env, &format!("{prefix}{key}"), value.clone());
        }
    }
    let mut unknown = Vec::new();
    for (_, variable) in container.model.env.valid_items() {
        let Some(key) = variable.name.get().filter(|key| is_variable_name(key)) else { continue };
        if variable.value_from.is_absent() {
            let value = variable.value.get().map(|value| expand_references(value, &env)).unwrap_or_default();
            set(&mut env, key, value);
        } else if let Some(value) = variable.value_from.get().and_then(|own| config_value(own, configs)) {
            set(&mut env, key, value);
        } else {
            unknown.push(format!("`{key}`"));
        }
    }
    if !unknown.is_empty() {
        differences
            .insert(format!("`{name}` is not given {}, whose values a cluster has", unknown.join(", ")));
    }
    env
}

/// The value of a key of a ConfigMap that is here.
fn config_value(source: &Value, configs: &ConfigMaps) -> Option<String> {
    let own = source.get("configMapKeyRef")?;
    configs.find(own.get("name")?.as_str()?)?.get(own.get("key")?.as_str()?).cloned()
}

/// Where an entry of `envFrom` has its variables from.
fn describe_source(source: &Value) -> String {
    let named = |key: &str, kind: &str| {
        let name = source.get(key)?.get("name")?.as_str()?;
        Some(format!("the {kind} `{name}`"))
    };
    let known = named("configMapRef", "ConfigMap").or_else(|| named("secretRef", "Secret"));
    known.unwrap_or_else(|| "`envFrom`".to_owned())
}

fn is_variable_name(key: &str) -> bool {
    !key.is_empty() && !key.contains(['=', '\0'])
}
