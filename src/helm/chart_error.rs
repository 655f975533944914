//! Why a chart cannot be loaded or rendered, in Helm's own words where Helm has them.

use std::fmt;

use crate::template::template_error::TemplateError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartError {
    /// The folder or archive cannot be read as a chart.
    Load { path: String, message: String },
    /// Declared dependencies that are not there.
    MissingDependencies(Vec<String>),
    /// The chart does not fit the Kubernetes version.
    KubeVersion(String),
    /// Values that cannot be read or merged.
    Values { path: String, line: usize, message: String },
    /// A template that cannot be read or run.
    Template(Box<TemplateError>),
    /// What all charts may take together is spent.
    Spent,
    /// A library, which renders nothing by itself.
    Library,
}

impl ChartError {
    pub fn load(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Load { path: path.into(), message: message.into() }
    }
}

impl From<TemplateError> for ChartError {
    fn from(error: TemplateError) -> Self {
        Self::Template(Box::new(error))
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load { path, message } => write!(f, "{path}:1:1: {message}"),
            Self::MissingDependencies(names) => write!(
                f,
                "Chart.yaml:1:1: found in Chart.yaml, but missing in charts/ directory: {}",
                names.join(", ")
            ),
            Self::KubeVersion(message) => write!(f, "Chart.yaml:1:1: {message}"),
            Self::Values { path, line, message } => write!(f, "{path}:{line}:1: {message}"),
            Self::Template(error) => error.fmt(f),
            Self::Spent => f.write_str(
                "not rendered: the charts of this repository, with all their value sets, take more than all renders may together",
            ),
            Self::Library => f.write_str("Chart.yaml:1:1: library charts are not installable"),
        }
    }
}

impl std::error::Error for ChartError {}
