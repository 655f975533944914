//! Lists the repository's units as the audit knows them: files that are audited as written, and charts as rendered.

use super::{AuditEngine, FileStatus};
use crate::repo::FileKind;
use crate::unit::{UnitStatus, UnitTable};

impl AuditEngine {
    /// The units: files in the order of their paths, and after them the charts, each with its value sets. A template is
    /// none by itself.
    #[must_use]
    pub fn unit_table(&self) -> UnitTable {
        let plain = self.files.values().filter(|entry| entry.kind != FileKind::Template);
        let files = plain.map(|entry| (entry.path.clone(), unit_status(&entry.reported_status())));
        let charts = self.charts.values().filter(|chart| !chart.is_context);
        UnitTable::of_files(files).with_charts(charts.map(|chart| (chart.units.clone(), &chart.paths)))
    }
}

fn unit_status(status: &FileStatus) -> UnitStatus {
    match status {
        FileStatus::Audited => UnitStatus::Built,
        FileStatus::Partial(reason) => UnitStatus::Partial(reason.clone()),
        FileStatus::Skipped(reason) => UnitStatus::Unbuilt(reason.clone()),
    }
}
