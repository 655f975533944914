//! What a chart renders: texts, and of each byte the place where it was written.

use std::sync::Arc;

use super::chart_node::SkippedChart;
use crate::template::branch_outcome::BranchOutcome;
use crate::template::template_error::TemplateError;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPlace {
    /// From the chart's folder.
    pub path: Arc<str>,
    /// Bytes from the file's start.
    pub offset: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Bytes of a template, or of a file that `.Files` gives, as they stand there.
    Text,
    /// Bytes of a value or of a key in a values file or Chart.yaml, as they stand there.
    Value { key: Arc<str> },
    /// Bytes that stand nowhere; the place is the action's. Of `length` bytes, if that is known.
    Computed { length: usize, from: Arc<[String]> },
}

/// Bytes of a rendered text that come from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginSegment {
    pub start: usize,
    pub end: usize,
    pub kind: SegmentKind,
    pub place: OriginPlace,
    /// The actions that these bytes went through, the outermost first.
    pub via: Arc<[OriginPlace]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedTemplate {
    /// Helm's path without the root chart's name.
    pub name: String,
    /// The file on disk, from the chart's folder.
    pub path: String,
    pub text: String,
    /// Something in it is drawn at random or from the clock by Helm.
    pub random: bool,
    /// Covers each byte of the text once, in order.
    pub origin: Vec<OriginSegment>,
}

/// A branch of a file, with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedBranch {
    /// Of the action that opens it.
    pub place: OriginPlace,
    pub outcome: BranchOutcome,
}

/// A template that Helm refuses, in a render that went on without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedTemplate {
    /// The file on disk, from the chart's folder.
    pub path: String,
    pub error: TemplateError,
    /// What stands in it outright, once for each side of its branches; none where it cannot be parsed.
    pub literals: Vec<RenderedTemplate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedChart {
    pub chart: String,
    pub release: String,
    pub namespace: String,
    pub kube_version: String,
    /// In running order, empty ones and NOTES.txt too.
    pub templates: Vec<RenderedTemplate>,
    pub skipped: Vec<SkippedChart>,
    pub refused: Vec<RefusedTemplate>,
    /// What `required` and `fail` said, where they were let pass.
    pub complaints: Vec<TemplateError>,
    /// Which sides of the branches in its files were taken.
    pub branches: Vec<PlacedBranch>,
}
