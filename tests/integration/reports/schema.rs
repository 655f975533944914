//! The published schema of SARIF 2.1.0, as a package of crates.io carries it, and what it says of a log.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// The package that carries the schema; it is never built.
const CARRIER: &str = "serde-sarif";

/// The schema; none where the package cannot be had, as on a machine without a network that never had it. A machine
/// that only checks has no such excuse.
pub(super) fn published() -> Option<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    if !metadata.status.success() {
        let why = String::from_utf8_lossy(&metadata.stderr).into_owned();
        assert!(std::env::var_os("CI").is_none(), "the schema cannot be had: {why}");
        return None;
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let carrier = packages.iter().find(|package| package["name"] == CARRIER).unwrap();
    let at = PathBuf::from(carrier["manifest_path"].as_str().unwrap()).with_file_name("src/schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(at).unwrap()).unwrap();
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    Some(schema)
}

/// What is wrong with a log by the schema.
pub(super) fn faults(schema: &Value, log: &Value) -> Vec<String> {
    let mut judge = Judge { root: schema, faults: Vec::new() };
    judge.hold(schema, log, "$");
    judge.faults
}

/// Holds values to a schema of draft 7, as far as that of SARIF goes: a word that is not known here is a fault.
struct Judge<'s> {
    root: &'s Value,
    faults: Vec<String>,
}

impl Judge<'_> {
    fn hold(&mut self, schema: &Value, value: &Value, at: &str) {
        for (word, asked) in schema.as_object().unwrap() {
            let holds = match word.as_str() {
                "description" | "default" | "title" | "definitions" | "$schema" | "$id" => true,
                "$ref" => {
                    let target = self.root.pointer(asked.as_str().unwrap().trim_start_matches('#'));
                    self.hold(target.unwrap(), value, at);
                    true
                }
                "type" => is_of_type(value, asked),
                "enum" => asked.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|number| number <= asked.as_f64().unwrap()),
                "required" => value.as_object().is_none_or(|object| {
                    asked.as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "minItems" => {
                    value.as_array().is_none_or(|items| items.len() as u64 >= asked.as_u64().unwrap())
                }
                "uniqueItems" => value.as_array().is_none_or(|items| are_unique(items)),
                "format" => value.as_str().is_none_or(|text| is_in_format(text, asked.as_str().unwrap())),
                "items" => {
                    for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.hold(asked, item, &format!("{at}[{nth}]"));
                    }
                    true
                }
                "properties" => {
                    for (name, schema) in asked.as_object().unwrap() {
                        if let Some(inner) = value.get(name) {
                            self.hold(schema, inner, &format!("{at}.{name}"));
                        }
                    }
                    true
                }
                "additionalProperties" => self.additional(schema, asked, value, at),
                "anyOf" => self.hold_of(asked, value) >= 1,
                "oneOf" => self.hold_of(asked, value) == 1,
                _ => false,
            };
            if !holds {
                self.faults.push(format!("{at}: {word} {asked}"));
            }
        }
    }

    /// How many of the schemas hold.
    fn hold_of(&self, schemas: &Value, value: &Value) -> usize {
        let holds = |schema: &&Value| {
            let mut judge = Judge { root: self.root, faults: Vec::new() };
            judge.hold(schema, value, "");
            judge.faults.is_empty()
        };
        schemas.as_array().unwrap().iter().filter(holds).count()
    }

    fn additional(&mut self, schema: &Value, asked: &Value, value: &Value, at: &str) -> bool {
        let known = |name: &str| schema["properties"].get(name).is_some();
        let extra: Vec<_> =
            value.as_object().into_iter().flatten().filter(|(name, _)| !known(name)).collect();
        match asked {
            Value::Bool(allowed) => *allowed || extra.is_empty(),
            schema => {
                extra.into_iter().for_each(|(name, inner)| self.hold(schema, inner, &format!("{at}.{name}")));
                true
            }
        }
    }
}

fn is_of_type(value: &Value, asked: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    };
    match asked {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        name => name.as_str().is_some_and(is),
    }
}

fn are_unique(items: &[Value]) -> bool {
    let mut seen = HashSet::new();
    items.iter().all(|item| seen.insert(item.to_string()))
}

/// The characters of RFC 3986, every `%` with its two digits; and a scheme where the reference may not be relative.
fn is_in_format(text: &str, format: &str) -> bool {
    let bytes = text.as_bytes();
    let known = |at: usize| match bytes[at] {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
    };
    match format {
        "uri" => (0..bytes.len()).all(known) && text.contains(':'),
        "uri-reference" => (0..bytes.len()).all(known),
        _ => false,
    }
}
