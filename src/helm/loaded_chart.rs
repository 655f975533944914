//! A chart as it was loaded: its files sorted by what they are for, its subcharts below it.

use super::chart_archive::{UnpackBudget, unpack_chart};
use super::chart_error::ChartError;
use super::chart_metadata::ChartMetadata;
use super::chart_source::SourceFile;

/// How deep charts may stand in one another.
const MAX_DEPTH: usize = 20;

/// Bytes only, so that it can be kept and rendered again in any thread.
#[derive(Clone, Debug)]
pub struct LoadedChart {
    pub metadata: ChartMetadata,
    /// Where the chart lies, from the folder that was read; empty for that folder itself.
    pub disk_path: String,
    pub chart_file: SourceFile,
    pub requirements: Option<SourceFile>,
    pub values: Option<SourceFile>,
    pub schema: Option<SourceFile>,
    pub templates: Vec<SourceFile>,
    /// Everything that `.Files` gives.
    pub files: Vec<SourceFile>,
    pub children: Vec<Self>,
}

impl LoadedChart {
    pub fn from_files(files: Vec<SourceFile>) -> Result<Self, ChartError> {
        load_files(files, "", 0, &mut UnpackBudget::default())
    }

    pub fn is_library(&self) -> bool {
        self.metadata.chart_type == "library"
    }

    /// Declared dependencies that no subchart has the name of.
    pub fn missing_dependencies(&self) -> Vec<String> {
        let declared = self.metadata.dependencies.as_deref().unwrap_or_default().iter();
        let missing = declared
            .filter(|declared| !self.children.iter().any(|child| child.metadata.name == declared.name));
        missing.map(|declared| declared.name.clone()).collect()
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn load_files(
    files: Vec<SourceFile>,
    disk_path: &str,
    depth: usize,
    budget: &mut UnpackBudget,
) -> Result<LoadedChart, ChartError> {
    let at = |name: &str| join(disk_path, name);
    if depth > MAX_DEPTH {
        return Err(ChartError::load(at("charts"), "charts are nested too deeply"));
    }
    let Some(chart_file) = files.iter().find(|file| file.name == "Chart.yaml").cloned() else {
        return Err(ChartError::load(at("Chart.yaml"), "Chart.yaml file is missing"));
    };
    let metadata = ChartMetadata::parse(chart_file.content().1).map_err(|message| {
        ChartError::load(at("Chart.yaml"), format!("cannot load Chart.yaml: {message}"))
    })?;
    let mut chart = LoadedChart {
        metadata,
        disk_path: disk_path.to_owned(),
        chart_file,
        requirements: None,
        values: None,
        schema: None,
        templates: Vec::new(),
        files: Vec::new(),
        children: Vec::new(),
    };
    let mut inner: Vec<(String, Vec<SourceFile>)> = Vec::new();
    for file in files {
        chart.take_file(file, &mut inner)?;
    }
    chart.metadata.validate().map_err(|message| ChartError::load(at("Chart.yaml"), message))?;
    inner.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, files) in inner {
        if let Some(child) = load_child(&name, files, &at("charts"), depth, budget)? {
            chart.children.push(child);
        }
    }
    Ok(chart)
}

impl LoadedChart {
    fn take_file(
        &mut self,
        file: SourceFile,
        inner: &mut Vec<(String, Vec<SourceFile>)>,
    ) -> Result<(), ChartError> {
        let v1 = self.metadata.api_version == "v1";
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => {}
            "values.yaml" => self.values = Some(file),
            "values.schema.json" => self.schema = Some(file),
            "requirements.yaml" => {
                self.metadata.add_requirements(file.content().1).map_err(|message| {
                    ChartError::load(&file.disk_path, format!("cannot load requirements.yaml: {message}"))
                })?;
                self.requirements = Some(file.clone());
                if v1 {
                    self.files.push(file);
                }
            }
            "requirements.lock" => {
                if v1 {
                    self.files.push(file);
                }
            }
            name if name.starts_with("templates/") => self.templates.push(file),
            name if name.starts_with("charts/") && name.ends_with(".prov") => self.files.push(file),
            name => match name.strip_prefix("charts/") {
                Some(rest) => {
                    let first = rest.split('/').next().unwrap_or(rest).to_owned();
                    match inner.iter_mut().find(|(own, _)| *own == first) {
                        Some((_, files)) => files.push(file),
                        None => inner.push((first, vec![file])),
                    }
                }
                None => self.files.push(file),
            },
        }
        Ok(())
    }
}

fn load_child(
    name: &str,
    files: Vec<SourceFile>,
    folder: &str,
    depth: usize,
    budget: &mut UnpackBudget,
) -> Result<Option<LoadedChart>, ChartError> {
    if name.starts_with(['_', '.']) {
        return Ok(None);
    }
    let disk_path = join(folder, name);
    if name.ends_with(".tgz") {
        let Some(archive) = files.first() else { return Ok(None) };
        if archive.name != format!("charts/{name}") {
            return Err(ChartError::load(disk_path, "error unpacking subchart tar"));
        }
        let files = unpack_chart(&archive.data, &archive.disk_path, budget)
            .map_err(|message| ChartError::load(&archive.disk_path, message))?;
        return load_files(files, &archive.disk_path, depth + 1, budget).map(Some);
    }
    let prefix = format!("charts/{name}/");
    let own: Vec<SourceFile> = files
        .into_iter()
        .filter_map(|file| {
            let inner = file.name.strip_prefix(&prefix)?.to_owned();
            Some(SourceFile { name: inner, ..file })
        })
        .collect();
    load_files(own, &disk_path, depth + 1, budget).map(Some)
}
