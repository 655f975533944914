//! Audits Helm charts as they are deployed: renders each with its value sets, and places findings where people can edit.

mod chart_audit;
mod chart_files;
mod chart_folders;
mod chart_overlay;
mod chart_place;
mod chart_rendering;
mod chart_run;
mod chart_workloads;
mod environment_sets;
mod finding_places;
mod placed_findings;
mod stale_chart;
mod stand_in_charts;
mod template_render;
mod template_suppressions;
mod value_sets;

pub use chart_overlay::{ChartView, TemplateView};
pub(super) use chart_place::ChartPlace;
pub(super) use chart_rendering::ChartRecord;
pub(super) use finding_places::{container_name_key, find_places, without_quotes};
pub(super) use template_render::RenderRemoval;
pub(super) use template_render::RenderSource;
pub use template_render::{RenderedBuild, TemplateRender};
