//! The repository's units as the audit knows them: today each file that is audited as it is written.

use super::{Engine, Status};
use crate::repo::FileKind;
use crate::unit::{UnitStatus, UnitTable};

impl Engine {
    /// The units, numbered in the order of their paths. A template is none: nothing here renders it.
    #[must_use]
    pub fn units(&self) -> UnitTable {
        let plain = self.files.values().filter(|entry| entry.kind != FileKind::Template);
        UnitTable::of_files(plain.map(|entry| (entry.path.clone(), unit_status(&entry.status))))
    }
}

fn unit_status(status: &Status) -> UnitStatus {
    match status {
        Status::Audited => UnitStatus::Built,
        Status::Partial(reason) => UnitStatus::Partial(reason.clone()),
        Status::Skipped(reason) => UnitStatus::Unbuilt(reason.clone()),
    }
}
