//! Helm charts, rendered here as Helm renders them, for the audit and for `seaworthy render`.

mod capabilities_object;
mod chart_archive;
pub mod chart_error;
mod chart_metadata;
mod chart_node;
mod chart_object;
pub mod chart_render;
mod chart_scope;
pub mod chart_source;
mod chart_switches;
mod chart_values;
mod file_match;
mod files_object;
mod glob_pattern;
mod helm_ignore;
mod import_values;
pub mod loaded_chart;
mod origin_files;
mod origin_segments;
pub mod render_allowance;
pub mod render_options;
pub mod render_output;
pub mod rendered_chart;
mod values_coalesce;

pub use chart_error::ChartError;
pub use chart_node::SkippedChart;
pub use chart_render::render_chart;
pub use chart_source::{SourceFile, names_in_chart, read_chart_files, read_values_file};
pub use loaded_chart::LoadedChart;
pub use render_allowance::RenderAllowance;
pub use render_options::{RenderOptions, ValuesFile};
pub use rendered_chart::{
    OriginPlace, OriginSegment, PlacedBranch, RenderedChart, RenderedTemplate, SegmentKind,
};
