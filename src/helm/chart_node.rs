//! A chart as it takes part in a render: under its name or alias, with the subcharts that are switched on.

use std::rc::Rc;

use super::chart_error::ChartError;
use super::chart_metadata::ChartDependency;
use super::chart_values::read_chart_values;
use super::loaded_chart::LoadedChart;
use super::origin_files::OriginFiles;
use crate::template::origin_table::OriginTable;
use crate::template::value_collection::ValueMap;

#[derive(Clone, Debug)]
pub(super) struct ChartNode<'a> {
    pub chart: &'a LoadedChart,
    /// The alias, where it is used under one.
    pub name: Rc<str>,
    /// Its own defaults, later with those that it imports.
    pub values: ValueMap,
    pub dependencies: Option<Vec<ChartDependency>>,
    pub children: Vec<Self>,
}

/// A subchart that takes no part, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedChart {
    pub path: String,
    pub reason: String,
}

impl<'a> ChartNode<'a> {
    /// The chart with all that lies below it, before anything is switched off.
    pub(super) fn build(
        chart: &'a LoadedChart,
        table: &mut OriginTable,
        files: &mut OriginFiles,
    ) -> Result<Self, ChartError> {
        let values = match &chart.values {
            Some(file) => read_chart_values(table, files, &file.disk_path, &file.data)?,
            None => ValueMap::default(),
        };
        let mut children = Vec::with_capacity(chart.children.len());
        for child in &chart.children {
            children.push(Self::build(child, table, files)?);
        }
        let name = chart.metadata.name.as_str().into();
        Ok(Self { chart, name, values, dependencies: chart.metadata.dependencies.clone(), children })
    }
}
