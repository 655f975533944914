//! What a chart is rendered with.

use std::sync::Arc;

use super::capabilities_object::DEFAULT_KUBE_VERSION;
use super::render_allowance::RenderAllowance;
use crate::template::render_state::EngineSettings;

/// A values file that is laid over the chart's own.
#[derive(Clone, Debug)]
pub struct ValuesFile {
    /// As origins name it: from the chart's folder if it lies in it.
    pub path: String,
    pub data: Arc<[u8]>,
}

#[derive(Clone, Debug)]
pub struct RenderOptions {
    pub values: Vec<ValuesFile>,
    /// A JSON object that is laid over all values files.
    pub set_json: Option<String>,
    pub release: String,
    pub namespace: String,
    pub upgrade: bool,
    pub kube_version: Option<String>,
    pub api_versions: Vec<String>,
    /// Missing dependencies are no reason to refuse.
    pub allow_missing: bool,
    /// A Kubernetes version that the chart does not want is no reason to refuse.
    pub allow_any_version: bool,
    /// A template that is refused is no reason to refuse the others.
    pub keeps_going: bool,
    pub engine: EngineSettings,
    /// What is shared with the other renders of the same repository.
    pub allowance: Arc<RenderAllowance>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            set_json: None,
            release: "release-name".to_owned(),
            namespace: "default".to_owned(),
            upgrade: false,
            kube_version: None,
            api_versions: Vec::new(),
            allow_missing: false,
            allow_any_version: false,
            keeps_going: false,
            engine: EngineSettings::default(),
            allowance: Arc::default(),
        }
    }
}

impl RenderOptions {
    pub fn kube_version(&self) -> &str {
        self.kube_version.as_deref().unwrap_or(DEFAULT_KUBE_VERSION)
    }
}
