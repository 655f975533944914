//! Numbers the units of a repository, and finds those that each file reaches.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Unit, UnitKey, UnitStatus};
use crate::repo::RelPath;

/// Every unit of a repository. A unit's number is its place here, and holds for one report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitTable {
    units: Vec<Unit>,
    by_file: HashMap<RelPath, Vec<usize>>,
    /// How many weaknesses of files every kustomization that is made of them mends.
    mended_count: usize,
    /// The numbers of units that are no files.
    numbers: HashMap<UnitKey, usize>,
}

/// One object of one unit in which a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingReach {
    /// The unit's number in its [`UnitTable`].
    pub unit: usize,
    /// `Kind/name`; none for a Dockerfile, and for what concerns a file as a whole.
    pub object: Option<Arc<str>>,
    /// The container's name.
    pub container: Option<Arc<str>>,
}

impl UnitTable {
    /// Plain files, each of which is a unit by itself, in the order given.
    #[must_use]
    pub fn of_files(files: impl Iterator<Item = (RelPath, UnitStatus)>) -> Self {
        let mut table = Self::default();
        for (path, status) in files {
            let number = table.units.len();
            table.by_file.entry(path.clone()).or_default().push(number);
            table.units.push(Unit { key: UnitKey::of_file(path), status });
        }
        table
    }

    /// The same table with charts: of each its units, one for each value set, and the files that they are made of.
    #[must_use]
    pub fn with_charts<'a>(
        mut self,
        charts: impl Iterator<Item = (Vec<Unit>, &'a BTreeSet<RelPath>)>,
    ) -> Self {
        for (units, files) in charts {
            for unit in units {
                let number = self.units.len();
                for file in files {
                    self.by_file.entry(file.clone()).or_default().push(number);
                }
                self.numbers.insert(unit.key.clone(), number);
                self.units.push(unit);
            }
        }
        self
    }

    /// The same table with kustomizations: what stands in the files that they are made of says itself in which.
    #[must_use]
    pub fn with_overlays(mut self, overlays: impl Iterator<Item = Unit>, mended_count: usize) -> Self {
        self.mended_count = mended_count;
        for unit in overlays {
            self.numbers.insert(unit.key.clone(), self.units.len());
            self.units.push(unit);
        }
        self
    }

    /// The number of a chart's unit, or a kustomization's.
    #[must_use]
    pub fn number_of(&self, key: &UnitKey) -> Option<usize> {
        self.numbers.get(key).copied()
    }

    /// How many weaknesses of files every kustomization that is made of them mends: they are no findings.
    #[must_use]
    pub const fn mended_count(&self) -> usize {
        self.mended_count
    }

    /// The units, in the order of their numbers.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The numbers of the units that are made of this file, among others.
    #[must_use]
    pub fn reached_by(&self, file: &RelPath) -> &[usize] {
        self.by_file.get(file).map(Vec::as_slice).unwrap_or_default()
    }

    /// The places of a finding from this file about this object and container: one for each unit that the file reaches.
    #[must_use]
    pub fn reaches_of(
        &self,
        file: &RelPath,
        object: Option<&Arc<str>>,
        container: Option<&Arc<str>>,
    ) -> Vec<FindingReach> {
        let reach = |unit: &usize| FindingReach {
            unit: *unit,
            object: object.cloned(),
            container: container.cloned(),
        };
        self.reached_by(file).iter().map(reach).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_file_reaches_itself_and_no_other_unit() {
        let skipped = UnitStatus::Unbuilt("cannot be opened".to_owned());
        let files = [("a.yaml".into(), UnitStatus::Built), ("b.yaml".into(), skipped.clone())];
        let table = UnitTable::of_files(files.into_iter());
        assert_eq!(table.reached_by(&"b.yaml".into()), [1]);
        assert_eq!(table.units()[1].status, skipped);
        let object: Arc<str> = "Deployment/api".into();
        let reaches = table.reaches_of(&"a.yaml".into(), Some(&object), None);
        assert_eq!(reaches, [FindingReach { unit: 0, object: Some(object), container: None }]);
        assert!(table.reaches_of(&"elsewhere.yaml".into(), None, None).is_empty());
    }
}
