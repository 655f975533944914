//! Ends the names of generated maps in a hash of their content, as kustomize does.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::built_node::BuiltNode;
use super::built_object::BuiltObject;
use super::object_set::ObjectSet;

/// How many characters of the hash a name gets.
const LENGTH: usize = 10;

pub(super) fn add_hashes(set: &mut ObjectSet) {
    for object in set.objects.iter_mut().filter(|object| object.needs_hash) {
        let hash = content_hash(object);
        object.keep_id();
        object.extend_name(&format!("-{hash}"), &[], false);
    }
}

fn content_hash(object: &BuiltObject) -> String {
    let sorted = |key: &str| -> Option<Value> {
        let node = object.root.get(key)?;
        let texts = node.entries().iter().map(|entry| {
            (entry.key.clone(), Value::String(entry.node.as_text().unwrap_or_default().to_owned()))
        });
        Some(Value::Object(texts.collect::<BTreeMap<_, _>>().into_iter().collect()))
    };
    let mut content: BTreeMap<&str, Value> = BTreeMap::new();
    let text =
        |key: &str| Value::String(object.root.get(key).and_then(BuiltNode::scalar_text).unwrap_or_default());
    content.insert("kind", text("kind"));
    // The name itself has no part in it: equal contents end alike.
    content.insert("name", Value::String(String::new()));
    content.insert("data", sorted("data").unwrap_or_else(|| Value::String(String::new())));
    if object.kind() == "Secret" {
        content.insert("type", text("type"));
        content.extend(sorted("stringData").map(|data| ("stringData", data)));
    } else {
        content.extend(sorted("binaryData").map(|data| ("binaryData", data)));
    }
    let json = serde_json::to_string(&content).unwrap_or_default();
    // Go's writer escapes what could end a script in a page.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let hex = digest(&SHA256, json.as_bytes());
    let hex = hex.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    hex.take(LENGTH)
        .map(|digit| match char::from_digit(u32::from(digit), 16).unwrap_or_default() {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        })
        .collect()
}
