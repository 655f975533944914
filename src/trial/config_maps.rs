//! Finds the ConfigMaps that a pod names among the repository's plain manifests, so that its trial has what they say.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::Value;

use crate::audit::AuditEngine;
use crate::repo::{FileKind, RelPath};
use crate::rules::PodView;

/// The ConfigMaps of a repository that a pod may mean.
pub(super) struct ConfigMaps {
    maps: Vec<FoundMap>,
}

struct FoundMap {
    name: String,
    data: BTreeMap<String, String>,
    /// The greater, the nearer to the pod's file.
    nearness: usize,
}

impl ConfigMaps {
    /// Those in the pod's namespace, as far as the files name one: what its kustomization builds comes before all files.
    pub(super) fn read(audit: &AuditEngine, view: PodView<'_>, overlay: Option<&RelPath>) -> Self {
        let mut maps = Vec::new();
        for text in overlay.into_iter().flat_map(|folder| audit.built_texts(folder)) {
            read_maps(text, view, usize::MAX, &mut maps);
        }
        for path in audit.known_paths(FileKind::Manifest) {
            if let Some(source) = audit.source(path) {
                let nearness = nearness(view.path, path);
                read_maps(source.text(), view, nearness, &mut maps);
            }
        }
        Self { maps }
    }

    /// The data of a map by its name: of several the nearest; none where two are as near and say otherwise.
    pub(super) fn find(&self, name: &str) -> Option<&BTreeMap<String, String>> {
        let named = || self.maps.iter().filter(|map| map.name == name);
        let nearest = named().map(|map| map.nearness).max()?;
        let mut found = named().filter(|map| map.nearness == nearest);
        let first = found.next()?;
        found.all(|other| other.data == first.data).then_some(&first.data)
    }
}

fn read_maps(text: &str, view: PodView<'_>, nearness: usize, maps: &mut Vec<FoundMap>) {
    if !text.contains("ConfigMap") {
        return;
    }
    for document in serde_yaml::Deserializer::from_str(text) {
        // What cannot be read is said where the file is judged.
        let Ok(document) = Value::deserialize(document) else { break };
        let listed = document.get("items").and_then(Value::as_sequence);
        for object in listed.into_iter().flatten().chain([&document]) {
            maps.extend(read_map(object, view, nearness));
        }
    }
}

fn read_map(object: &Value, view: PodView<'_>, nearness: usize) -> Option<FoundMap> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let is_map = text(object.get("kind")).as_deref() == Some("ConfigMap")
        && text(object.get("apiVersion")).as_deref() == Some("v1");
    let metadata = object.get("metadata")?;
    let namespace = text(metadata.get("namespace"));
    let is_elsewhere = namespace.zip(view.object.namespace.clone()).is_some_and(|(own, pods)| own != pods);
    if !is_map || is_elsewhere {
        return None;
    }
    let data = object.get("data").and_then(Value::as_mapping);
    let data = data
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_str()?.to_owned())));
    Some(FoundMap { name: text(metadata.get("name"))?, data: data.collect(), nearness })
}

/// How near a file is to another: the folders that they share, more for the same folder, most for the same file.
fn nearness(one: &RelPath, other: &RelPath) -> usize {
    if one == other {
        return usize::MAX - 1;
    }
    if one.folder() == other.folder() {
        return usize::MAX - 2;
    }
    let (one, other) = (one.folder().split('/'), other.folder().split('/'));
    one.zip(other).take_while(|(one, other)| one == other).count()
}
