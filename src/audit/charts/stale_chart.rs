//! Keeps a chart as it was rendered last while one of its files is half saved, for the engine.

use std::collections::{BTreeMap, BTreeSet};

use super::chart_rendering::{ChartRecord, ChartRendering};
use crate::audit::file_record::FileRecord;
use crate::audit::{AuditEngine, FileStatus};
use crate::helm::read_values_file;
use crate::repo::{RelPath, is_really_inside};
use crate::text::SourceText;

/// True where a file of the chart cannot be read that could when it was rendered last.
pub(super) fn is_half_saved(old: &ChartRecord, new: &ChartRecord) -> bool {
    !old.units.is_empty() && !new.is_context && !new.unread.is_subset(&old.unread)
}

impl AuditEngine {
    /// Keeps what was found in the chart's files, which have their new texts, until all of them can be read again.
    pub(super) fn keep_last_chart(
        &mut self,
        folder: &RelPath,
        old: ChartRecord,
        new: ChartRendering,
        changed: &mut BTreeSet<RelPath>,
    ) {
        let reason = new.chart.units.iter().find_map(|unit| unit.status.reason());
        let status =
            FileStatus::Partial(reason.unwrap_or("one of the chart's files cannot be read").to_owned());
        let mut records: BTreeMap<RelPath, FileRecord> =
            new.records.into_iter().map(|record| (record.path.clone(), record)).collect();
        for path in &old.paths {
            let there = self.files.remove(path);
            let Some(known) = self.put_by_records.remove(path).or(there) else { continue };
            let now = records.remove(path);
            let source = now.and_then(|now| now.source).or_else(|| self.read_again(path));
            let entry = FileRecord {
                role: known.role,
                documents: known.documents,
                source: source.or_else(|| known.source.clone()),
                is_chart_made: true,
                is_broken: true,
                ..FileRecord::empty(path.clone(), known.kind, status.clone())
            };
            let mut entry = entry.inherit_from(*known);
            entry.list_stale_findings();
            self.files.insert(path.clone(), Box::new(entry));
            changed.insert(path.clone());
        }
        self.charts.insert(folder.clone(), ChartRecord { is_stale: true, ..old });
    }

    fn read_again(&self, path: &RelPath) -> Option<SourceText> {
        let at = path.to_absolute(&self.root);
        let data = is_really_inside(&at, self.repository_root()).then(|| read_values_file(&at))?.ok()?;
        std::str::from_utf8(&data).ok().map(SourceText::new)
    }
}
