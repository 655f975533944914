//! Keeps which value set each chart is shown with, as a person chose.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rendered_chart_files::{chart_of_file, units_of_chart};
use crate::repo::RelPath;
use crate::store::Store;
use crate::unit::UnitKey;

/// The value set of each chart for which one was chosen; the others are shown with their own values.
#[derive(Clone, Debug, Default)]
pub struct ValueSetChoice {
    by_chart: BTreeMap<RelPath, Arc<UnitKey>>,
}

impl ValueSetChoice {
    /// The value set that the chart of a file is shown with; none for a file of no chart.
    #[must_use]
    pub fn unit_of_file(&self, store: &Store, path: &RelPath) -> Option<Arc<UnitKey>> {
        let (units, at) = self.units_of_file(store, path)?;
        units.get(at).cloned()
    }

    /// The value sets of the chart of a file, and the number of the one that it is shown with, from 0.
    #[must_use]
    pub fn units_of_file(&self, store: &Store, path: &RelPath) -> Option<(Vec<Arc<UnitKey>>, usize)> {
        let folder = chart_of_file(store, path)?;
        let units = units_of_chart(store, &folder);
        let chosen = self.by_chart.get(&folder);
        let at = chosen.and_then(|chosen| units.iter().position(|unit| unit == chosen)).unwrap_or_default();
        Some((units, at))
    }

    /// Chooses the value set that follows, or begins again: its number, from 1, and how many there are.
    pub(in crate::app) fn choose_next(
        &mut self,
        store: &Store,
        path: &RelPath,
    ) -> Option<(Arc<UnitKey>, usize, usize)> {
        let (units, at) = self.units_of_file(store, path)?;
        let next = (at + 1) % units.len().max(1);
        let unit = units.get(next)?.clone();
        self.by_chart.insert(unit.path.clone(), unit.clone());
        Some((unit, next + 1, units.len()))
    }
}

/// A value set as people name it: by its files, from the chart's folder.
#[must_use]
pub fn name_value_set(unit: &UnitKey) -> String {
    let below = |path: &RelPath| {
        let rest = path.as_str().strip_prefix(unit.path.as_str());
        rest.map_or(path.as_str(), |rest| rest.trim_start_matches('/')).to_owned()
    };
    match unit.values.as_slice() {
        _ if unit.environment.is_some() => unit.value_set_name().to_owned(),
        [] => "the chart's own values".to_owned(),
        files => files.iter().map(below).collect::<Vec<_>>().join(", "),
    }
}
