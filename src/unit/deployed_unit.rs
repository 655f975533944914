//! Describes a unit, one thing that is deployed, for audits: its documents, and if it could be made.

use crate::repo::RelPath;

/// One thing that is deployed: a file as it is, a chart rendered with one set of values, a kustomization built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub key: UnitKey,
    pub status: UnitStatus,
}

/// The identity of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitKey {
    pub kind: UnitKind,
    /// The file itself, or the folder of the chart or the kustomization.
    pub path: RelPath,
    /// The values files that a chart is rendered with, in their order; empty for every other kind.
    pub values: Vec<RelPath>,
    /// The environment that the settings name these values for.
    pub environment: Option<String>,
}

impl UnitKey {
    /// The values of a chart's unit as people name them: the environment, else the file.
    #[must_use]
    pub fn value_set_name(&self) -> &str {
        let file = || self.values.first().map_or("the chart's own values", |values| values.file_name());
        self.environment.as_deref().unwrap_or_else(file)
    }

    /// A file that is a unit by itself.
    #[must_use]
    pub const fn of_file(path: RelPath) -> Self {
        Self { kind: UnitKind::File, path, values: Vec::new(), environment: None }
    }
}

/// The ways in which a unit is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitKind {
    /// A file that is deployed, or built, as it is written.
    File,
    Chart,
    Kustomization,
}

impl UnitKind {
    /// The word for it in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Chart => "chart",
            Self::Kustomization => "kustomization",
        }
    }
}

/// The state of a unit: made in full, in part or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitStatus {
    Built,
    /// A part of it could not be made; the reason.
    Partial(String),
    /// None of it could be made; the reason. Never to be taken for clean.
    Unbuilt(String),
}

impl UnitStatus {
    /// The word for it in reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Partial(_) => "partial",
            Self::Unbuilt(_) => "unbuilt",
        }
    }

    /// The reason why it is not whole.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Built => None,
            Self::Partial(reason) | Self::Unbuilt(reason) => Some(reason),
        }
    }
}
