//! Reads the environments that a chart is deployed to, each with its values files, from the settings.

use super::setting_reader::{SettingReader, ValueError};

/// The most environments: each is one more render of its chart.
const MAX_ENVIRONMENTS: usize = 200;

/// The values files with which a chart is deployed somewhere. Paths are from the settings' folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueEnvironment {
    /// The chart's folder.
    pub chart: String,
    /// The environment, as people call it.
    pub name: String,
    /// The files in their order: a later one is laid over those before.
    pub files: Vec<String>,
}

/// Reads all environments.
pub(super) fn read_environments(value: &SettingReader<'_>) -> Result<Vec<ValueEnvironment>, ValueError> {
    let items = value.read_items("[[values]]")?;
    if items.len() > MAX_ENVIRONMENTS {
        return Err(value.key_error(format!("more than {MAX_ENVIRONMENTS} environments are not rendered")));
    }
    items.iter().map(read_environment).collect()
}

fn read_environment(item: &SettingReader<'_>) -> Result<ValueEnvironment, ValueError> {
    const NAMES: [&str; 3] = ["chart", "environment", "files"];
    let mut own = ValueEnvironment { chart: String::new(), name: String::new(), files: Vec::new() };
    for value in item.read_entries()? {
        match value.key {
            "chart" => own.chart = value.read_inner_path()?,
            "environment" => own.name = value.read_text()?.trim().to_owned(),
            "files" => own.files = value.read_inner_paths()?,
            _ => return Err(value.unknown_entry("an environment", &NAMES)),
        }
    }
    let lack = [
        (own.chart.is_empty(), "an environment lacks its `chart`, the folder of the chart"),
        (own.name.is_empty(), "an environment lacks its name, `environment`"),
        (own.files.is_empty(), "an environment lacks its `files`"),
    ];
    match lack.into_iter().find(|(lacks, _)| *lacks) {
        Some((_, message)) => Err(item.key_error(message.to_owned())),
        None => Ok(own),
    }
}

impl ValueEnvironment {
    /// As it stands in the settings.
    pub(super) fn to_toml(&self, quote: impl Fn(&str) -> String) -> String {
        let files: Vec<String> = self.files.iter().map(|file| quote(file)).collect();
        format!(
            "{{ chart = {}, environment = {}, files = [{}] }}",
            quote(&self.chart),
            quote(&self.name),
            files.join(", ")
        )
    }
}
