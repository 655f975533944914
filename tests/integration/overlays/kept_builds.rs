//! Builds of real repositories and of made ones against what kubectl builds of them, where its kept answers lie beside.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::build;

/// A root that needs a schema of its own, and is told as not built.
const NOT_BUILT: &str = "08-openapi-gives-merge-keys";

fn identity(object: &Value) -> String {
    let metadata = &object["metadata"];
    format!("{} {} {} {}", object["apiVersion"], object["kind"], metadata["namespace"], metadata["name"])
}

/// A value without blank lines in its texts: kubectl prints a folded text with more of them than it has.
fn without_blank_lines(value: &mut Value) {
    match value {
        Value::String(text) => {
            while text.contains("\n\n") {
                *text = text.replace("\n\n", "\n");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_blank_lines),
        Value::Object(map) => map.values_mut().for_each(without_blank_lines),
        _ => {}
    }
}

/// Objects by identity, without what kubectl prints and nobody wrote.
fn by_identity(objects: impl Iterator<Item = Value>) -> BTreeMap<String, Value> {
    objects
        .map(|mut object| {
            if let Some(metadata) = object["metadata"].as_object_mut()
                && metadata.get("creationTimestamp") == Some(&Value::Null)
            {
                metadata.remove("creationTimestamp");
            }
            without_blank_lines(&mut object);
            (identity(&object), object)
        })
        .collect()
}

fn difference(top: &Path, root: &str, answer: &Value) -> Option<String> {
    let built = build(top, if root == "." { "" } else { root });
    match (built, answer["objects"].as_array()) {
        (Err(_), None) => None,
        (Err(fault), Some(_)) if root == NOT_BUILT && fault.reason().contains("openapi") => None,
        (Err(fault), Some(_)) => Some(format!("not built: {fault}")),
        (Ok(_), None) => Some(format!("built, and kubectl says {}", answer["error"])),
        (Ok(built), Some(wanted)) => {
            let own = by_identity(built.iter().map(|object| object.root.to_json()));
            let wanted = by_identity(wanted.iter().cloned());
            let differing = wanted.keys().chain(own.keys()).find(|key| own.get(*key) != wanted.get(*key));
            differing.map(|key| format!("{key} differs"))
        }
    }
}

#[test]
fn every_root_is_built_as_kubectl_builds_it() {
    let kept = std::env::var_os("SEAWORTHY_KUSTOMIZE").unwrap_or_else(|| "../shared/kustomize".into());
    let folder = Path::new(&kept);
    let Ok(answers) = fs::read_dir(folder.join("expected")) else { return };
    let (mut wrong, mut roots) = (Vec::new(), 0);
    for file in answers.flatten() {
        let name = file.file_name().to_string_lossy().trim_end_matches(".json").to_owned();
        let made = folder.join(&name);
        let top = if made.is_dir() { made } else { folder.join("real").join(&name) };
        let kept: Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
        for (root, answer) in kept.as_object().unwrap() {
            if answer["kind"] != "Component" {
                roots += 1;
                wrong.extend(difference(&top, root, answer).map(|why| format!("{name}/{root}: {why}")));
            }
        }
    }
    assert!(roots > 250, "{roots} roots are compared");
    assert!(wrong.is_empty(), "{} of {roots}:\n{}", wrong.len(), wrong.join("\n"));
}
