//! Gives rules a volume and its source.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::Value;

use crate::yaml::Lenient;

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Volume {
    pub name: Lenient<String>,
    /// By type, such as `hostPath` or `emptyDir`; one, in a valid volume. Without any it is an `emptyDir`.
    #[serde(flatten)]
    sources: BTreeMap<String, Value>,
}

impl Volume {
    /// The types that the volume names, such as `hostPath`.
    pub fn source_types(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().filter(|(_, source)| !source.is_null()).map(|(kind, _)| kind.as_str())
    }

    /// The value that is written for a type.
    #[must_use]
    pub fn source_of_type(&self, kind: &str) -> Option<&Value> {
        self.sources.get(kind).filter(|source| !source.is_null())
    }

    /// True where nothing can be written to it, however it is mounted: what Kubernetes fills is mounted read-only, and
    /// other sources may say so themselves.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        const FILLED: [&str; 5] = ["configMap", "downwardAPI", "image", "projected", "secret"];
        let says = |source: &Value| source.get("readOnly").and_then(Value::as_bool) == Some(true);
        self.source_types().any(|kind| FILLED.contains(&kind) || self.source_of_type(kind).is_some_and(says))
    }

    /// The path on the host, where the volume is one of it and names one.
    #[must_use]
    pub fn host_path(&self) -> Option<&str> {
        self.source_of_type("hostPath")?.get("path")?.as_str()
    }
}
