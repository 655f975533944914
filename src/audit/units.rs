//! Lists the repository's units as the audit knows them: files that are audited as written, charts as rendered, and kustomizations as built.

use super::{AuditEngine, FileStatus};
use crate::repo::FileKind;
use crate::unit::{UnitStatus, UnitTable};

impl AuditEngine {
    /// The units: files in the order of their paths, after them the charts, each with its value sets, and then the
    /// kustomizations that nothing builds on. A template is none by itself.
    #[must_use]
    pub fn unit_table(&self) -> UnitTable {
        let plain = self.files.values().filter(|entry| entry.kind != FileKind::Template);
        let files = plain.map(|entry| (entry.path.clone(), unit_status(&entry.reported_status())));
        let charts = self.charts.values().filter(|chart| !chart.is_context);
        UnitTable::of_files(files)
            .with_charts(charts.map(|chart| (chart.units.clone(), &chart.paths)))
            .with_overlays(self.overlays.values().map(|overlay| overlay.unit.clone()), self.mended_count())
    }
}

fn unit_status(status: &FileStatus) -> UnitStatus {
    match status {
        FileStatus::Audited => UnitStatus::Built,
        FileStatus::Partial(reason) => UnitStatus::Partial(reason.clone()),
        FileStatus::Skipped(reason) => UnitStatus::Unbuilt(reason.clone()),
    }
}
