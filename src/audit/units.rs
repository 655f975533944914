//! Lists the repository's units as the audit knows them: today each file that is audited as it is written.

use super::{AuditEngine, FileStatus};
use crate::repo::FileKind;
use crate::unit::{UnitStatus, UnitTable};

impl AuditEngine {
    /// The units, numbered in the order of their paths. A template is none: nothing here renders it.
    #[must_use]
    pub fn unit_table(&self) -> UnitTable {
        let plain = self.files.values().filter(|entry| entry.kind != FileKind::Template);
        UnitTable::of_files(plain.map(|entry| (entry.path.clone(), unit_status(&entry.reported_status()))))
    }
}

fn unit_status(status: &FileStatus) -> UnitStatus {
    match status {
        FileStatus::Audited => UnitStatus::Built,
        FileStatus::Partial(reason) => UnitStatus::Partial(reason.clone()),
        FileStatus::Skipped(reason) => UnitStatus::Unbuilt(reason.clone()),
    }
}
