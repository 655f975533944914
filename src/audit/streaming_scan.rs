//! Scans a repository for the first time in parts: the user begins with the first files while others are read.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::app_scores::AppScores;
use super::file_record::{FileRecord, ReadResult};
use super::{AuditEngine, AuditUpdate};
use crate::repo::RelPath;

/// The number of files in the first part. Each part has twice as many as the one before, so that adding them all costs
/// little more than adding them at once.
const FIRST_PART_FILES: usize = 256;

impl AuditEngine {
    /// Audits everything from nothing. The first time, `tell` is called with the findings in parts, in the order of the
    /// paths, so that a list of them grows at its end. The last part is returned, with the files that are gone.
    pub fn scan_streaming(
        &mut self,
        targets: &[PathBuf],
        progress: &(dyn Fn(usize, usize) + Sync),
        tell: &mut dyn FnMut(AuditUpdate),
    ) -> AuditUpdate {
        self.targets = targets.to_vec();
        let scan = self.scan_candidates();
        let known: Vec<RelPath> = std::mem::take(&mut self.files).into_keys().collect();
        (self.index, self.app_scores) = (self.index.emptied(), AppScores::default());
        self.build_texts.forget_index();
        let mut rest = scan.candidates;
        let total = rest.len();
        // A screen that has all findings already would see them go and come back.
        let mut size = if known.is_empty() { FIRST_PART_FILES } else { total };
        loop {
            let later = rest.split_off(size.min(rest.len()));
            let done = total - later.len() - rest.len();
            let looks = self.read_candidates(rest, &|read, _| progress(done + read, total));
            let entries: Vec<Box<FileRecord>> =
                looks.into_iter().filter_map(ReadResult::into_changed).collect();
            let mut part: BTreeSet<RelPath> = entries.iter().map(|entry| entry.path.clone()).collect();
            self.files.extend(entries.into_iter().map(|entry| (entry.path.clone(), entry)));
            if later.is_empty() {
                self.render_charts(None, &mut part);
                self.build_overlays(None, &mut part);
            }
            let (own, wide) = self.reindex(&part);
            let update = AuditUpdate { files: self.file_reports(&own), ..self.delta(&wide) };
            if later.is_empty() {
                let gone = known.into_iter().filter(|path| !self.files.contains_key(path));
                return AuditUpdate { removed_paths: gone.collect(), ..update };
            }
            tell(update);
            (rest, size) = (later, size * 2);
        }
    }
}
