//! Keeps which of the units that a file is a part of it is shown in, as a person chose: a chart with a value set, or an
//! overlay.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rendered_files::{chart_of_file, overlays_of_file, units_of_chart};
use crate::repo::RelPath;
use crate::store::Store;
use crate::unit::{UnitKey, UnitKind};

/// The units that were chosen; where none was, the first is shown: a chart with its own values, or the first overlay.
#[derive(Clone, Debug, Default)]
pub struct UnitChoice {
    /// By the folder of the first unit among those that there are to choose from.
    by_folder: BTreeMap<RelPath, Arc<UnitKey>>,
}

impl UnitChoice {
    /// The unit that a file is shown in; none for a file that stands for itself.
    #[must_use]
    pub fn unit_of_file(&self, store: &Store, path: &RelPath) -> Option<Arc<UnitKey>> {
        let (units, at) = self.units_of_file(store, path)?;
        units.get(at).cloned()
    }

    /// The value sets of the chart of a file, or the overlays that it is a part of, and the number of the one that it is
    /// shown in, from 0.
    #[must_use]
    pub fn units_of_file(&self, store: &Store, path: &RelPath) -> Option<(Vec<Arc<UnitKey>>, usize)> {
        let units = match chart_of_file(store, path) {
            Some(folder) => units_of_chart(store, &folder),
            None => overlays_of_file(store, path),
        };
        let chosen = self.by_folder.get(&units.first()?.path);
        let at = chosen.and_then(|chosen| units.iter().position(|unit| unit == chosen)).unwrap_or_default();
        Some((units, at))
    }

    /// Chooses the unit that follows, or begins again: its number, from 1, and how many there are.
    pub(in crate::app) fn choose_next(
        &mut self,
        store: &Store,
        path: &RelPath,
    ) -> Option<(Arc<UnitKey>, usize, usize)> {
        let (units, at) = self.units_of_file(store, path)?;
        let next = (at + 1) % units.len().max(1);
        let unit = units.get(next)?.clone();
        self.by_folder.insert(units.first()?.path.clone(), unit.clone());
        Some((unit, next + 1, units.len()))
    }
}

/// How a unit is made, as people name it: a chart by the files of its values, from its folder, an overlay by its own.
#[must_use]
pub fn name_unit_source(unit: &UnitKey) -> String {
    let below = |path: &RelPath| {
        let rest = path.as_str().strip_prefix(unit.path.as_str());
        rest.map_or(path.as_str(), |rest| rest.trim_start_matches('/')).to_owned()
    };
    match unit.values.as_slice() {
        _ if unit.kind == UnitKind::Kustomization && unit.path.as_str().is_empty() => ".".to_owned(),
        _ if unit.kind == UnitKind::Kustomization => unit.path.as_str().to_owned(),
        _ if unit.environment.is_some() => unit.value_set_name().to_owned(),
        [] => "the chart's own values".to_owned(),
        files => files.iter().map(below).collect::<Vec<_>>().join(", "),
    }
}
