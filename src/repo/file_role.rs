//! Names a file's role for reports: its kind, or its part in a chart or a kustomization.

use std::path::Path;

use super::{FileKind, is_kustomization_name};

/// The part that a file has in its repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileRole {
    Dockerfile,
    Manifest,
    /// A chart's own file, or a template of it.
    Chart,
    /// The values of a chart.
    Values,
    Kustomization,
    /// A file that nothing here renders.
    Template,
}

/// The name of the file that makes a folder a chart.
pub const CHART_FILE: &str = "Chart.yaml";
/// The folder of the charts that a chart is made of.
pub const SUBCHARTS_FOLDER: &str = "charts";
const TEMPLATES_FOLDER: &str = "templates";

impl FileRole {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Manifest => "manifest",
            Self::Chart => "chart",
            Self::Values => "values",
            Self::Kustomization => "kustomization",
            Self::Template => "template",
        }
    }

    /// The role of the file at `at`, which is of that kind, in the repository at `top`; by its name and its neighbours.
    #[must_use]
    pub fn detect_role(top: &Path, at: &Path, kind: FileKind) -> Self {
        let plain = Self::from(kind);
        let Some(name) = at.file_name().and_then(|name| name.to_str()) else { return plain };
        match kind {
            FileKind::Dockerfile => plain,
            _ if is_chart_template(top, at) => Self::Chart,
            _ if name == CHART_FILE => Self::Chart,
            FileKind::Template => plain,
            FileKind::Manifest if is_kustomization_name(name) => Self::Kustomization,
            FileKind::Manifest if is_values_file(at, name) => Self::Values,
            FileKind::Manifest => plain,
        }
    }
}

impl From<FileKind> for FileRole {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Dockerfile => Self::Dockerfile,
            FileKind::Manifest => Self::Manifest,
            FileKind::Template => Self::Template,
        }
    }
}

/// The reason why a file that was named is no manifest by itself, where its name and its neighbours show one.
pub(super) fn not_manifest_reason(at: &Path) -> Option<&'static str> {
    let name = at.file_name()?.to_str()?;
    if name == CHART_FILE {
        return Some("what a chart says of itself: nothing in it is deployed");
    }
    is_values_file(at, name).then_some("the values of a chart: nothing in them is deployed as it stands")
}

/// True for the file that makes a folder a chart of its own: one in another's `charts` folder is a part of that.
#[must_use]
pub fn is_outermost_chart_file(at: &Path) -> bool {
    let is_chart = at.file_name().is_some_and(|name| name == CHART_FILE);
    let above = at.parent().and_then(Path::parent);
    let subcharts = above.filter(|above| above.file_name().is_some_and(|name| name == SUBCHARTS_FOLDER));
    let parent = subcharts.and_then(Path::parent);
    is_chart && !parent.is_some_and(|chart| chart.join(CHART_FILE).is_file())
}

fn is_values_file(at: &Path, name: &str) -> bool {
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    let is_named =
        name.starts_with("values") || name.ends_with("values.yaml") || name.ends_with("values.yml");
    is_yaml && is_named && at.parent().is_some_and(|folder| folder.join(CHART_FILE).is_file())
}

/// True for a file in or below the `templates` folder of a chart; nothing outside the repository is read.
fn is_chart_template(top: &Path, at: &Path) -> bool {
    let folders = at.ancestors().skip(1).take_while(|folder| folder.starts_with(top) && *folder != top);
    let mut templates =
        folders.filter(|folder| folder.file_name().is_some_and(|name| name == TEMPLATES_FOLDER));
    templates.any(|folder| folder.parent().is_some_and(|chart| chart.join(CHART_FILE).is_file()))
}
